integer NotAfter 1 9999999999
integer Deadline 1 9999999999
parameter Install '^(yes|no)$'

# A file without the right to be executed is no tool, which `command -v` alone does not say.
has_tool() {
  local path
  path=$(command -v "$1") && [[ -x $path ]]
}

# require TOOL APT_PACKAGE RPM_PACKAGE
require() {
  has_tool "$1" && return 0
  [[ $Install == yes ]] || fail 69 "$1 is missing on this host: install the package $2 ($3 on an RPM system), or send Install=yes"
  if command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update && apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=60 "$2"; } >&2
  elif command -v dnf >/dev/null; then
    dnf install -y --setopt=install_weak_deps=False "$3" >&2
  elif command -v yum >/dev/null; then
    yum install -y "$3" >&2
  else
    fail 69 "$1 is missing on this host, and there is no apt-get, dnf or yum to install it with"
  fi || fail 69 "$1 is missing on this host, and its package could not be installed"
  has_tool "$1" || fail 69 "$1 is missing on this host although its package was installed"
}

refuse_what_is_late() {
  now
  [[ ! -e $run/tombstone ]] || fail 66 "run $RunId was reverted on this host: nothing of it is begun any more"
  ((Now <= NotAfter)) || fail 66 "it is too late to begin: it is $Now and was to begin by $NotAfter"
  ((Now < Deadline)) || fail 66 "it is too late to begin: the deadline was $Deadline and it is $Now"
  ((Deadline - Now <= 7200)) || fail 64 "Deadline is more than two hours ahead"
}

# One fault at a time. One whose timer somebody ended is reverted here once its deadline has passed.
refuse_another_fault() {
  local own=$folder other deadline
  for folder in "$root"/*/*/; do
    folder=${folder%/}
    [[ $folder != "$own" && -e $folder/deadline && ! -e $folder/reverted ]] || continue
    read_note deadline deadline || deadline=0
    other=${folder#"$root"/}
    if timer_runs || ((Now <= deadline)); then
      fail 65 "${other#*/} of run ${other%/*} is active on this host until $deadline"
    fi
    end_fault || fail 71 "${other#*/} of run ${other%/*} outlived its deadline on this host and cannot be reverted"
  done
  folder=$own
}

# arrive: once the parameters are known to be good, before anything is installed or changed.
arrive() {
  open_run_folder
  forget_old_runs
  refuse_what_is_late
}

# begin FAULT: on its return this run has the host, what is to be undone can be noted in `folder`, and nothing is changed.
begin() {
  folder=$run/$1
  lock_host || fail 75 'another command is changing this host; nothing was done'
  refuse_what_is_late
  refuse_another_fault
  mkdir -p "$folder" || fail 71 "cannot write below $root"
  if [[ ! -e $folder/since ]]; then
    must_note since "$Now"
    must_note deadline "$Deadline"
  fi
  # Sent twice, the first deadline counts.
  read_note deadline Deadline || fail 71 "cannot read below $root"
}

# refuse STATUS TEXT: before anything was changed, so that the host is free for the next.
refuse() {
  rm -rf "$folder"
  fail "$1" "$2"
}

# give_up TEXT: the fault is not what it should be, so that none of it stays.
give_up() {
  end_fault || fail 71 "$1; and it could not be undone"
  stop_timer
  fail 70 "$1; nothing of it is left"
}

# keep_unless_reverted TEXT: the last word. Who reverted meanwhile may have looked before there was anything to undo.
keep_unless_reverted() {
  if [[ -e $run/tombstone ]]; then
    end_fault || fail 71 "run $RunId was reverted meanwhile, and its fault could not be undone"
    fail 66 "run $RunId was reverted meanwhile: nothing of it is left"
  fi
  printf '%s\n' "$1"
}
