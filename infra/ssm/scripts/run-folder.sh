# What a run did to this host is written below /run, which a reboot empties as it ends the fault itself.
readonly root=/run/faultline
readonly run=$root/$RunId

now() { printf -v Now '%(%s)T' -1; }

# pause SECONDS, without a process for it.
pause() { read -rt "$1" -u 8; }

open_run_folder() {
  umask 077
  # Each process costs time, on a host under pressure more than all the rest.
  [[ -d $run ]] || mkdir -p "$run" || fail 71 "cannot write below $root"
  [[ -p $root/pause ]] || mkfifo "$root/pause" 2>/dev/null || [[ -p $root/pause ]] || fail 71 "cannot write below $root"
  # Opened both ways and never written to: reading from it waits for the time given.
  exec 8<>"$root/pause"
}

# A tombstone is wanted as long as a command may still arrive: a day is more than SSM keeps one.
forget_old_runs() {
  find "$root" -mindepth 1 -maxdepth 1 -type d -mmin +1440 -exec rm -rf {} +
}

# One command at a time changes this host. The lock goes with the process that has it.
lock_host() {
  exec 9>>"$root/lock" || fail 71 "cannot write below $root"
  flock -w 20 9
}

# note FILE TEXT, all or nothing.
note() {
  printf '%s\n' "$2" >"$folder/$1.new" && mv "$folder/$1.new" "$folder/$1"
}

must_note() { note "$1" "$2" || fail 71 "cannot write below $root"; }

# read_note FILE NAME: sets NAME to its first line.
read_note() {
  read -r "$2" 2>/dev/null <"$folder/$1"
}
