parameter Fault '^(network-latency|memory-pressure|cpu-saturation|process-kill|sampler)$'

# The sampler sees the file within its interval and uploads what it has.
end_sampler() {
  local pid='' started='' tries
  must_note stop "$Now"
  for ((tries = 0; tries < 200; tries++)); do
    read -r pid started 2>/dev/null <"$folder/process" || return 0
    read_process "$pid" && [[ $Started == "$started" && $State != [ZX] ]] || return 0
    pause 0.2
  done
  fail 71 "the sampler of run $RunId does not end (process $pid)"
}

open_run_folder
folder=$run/$Fault
[[ -d $folder ]] || mkdir -p "$folder" || fail 71 "cannot write below $root"
now
if [[ $Fault == sampler ]]; then
  end_sampler
else
  # First of all: what comes after it does nothing, and what is at work undoes itself.
  [[ -e $run/tombstone ]] || printf '%s\n' "$Now" >"$run/tombstone" || fail 71 "cannot write below $root"
  # A command that hangs with the lock keeps nothing from being reverted.
  lock_host || printf 'another command has this host; reverting all the same\n' >&2
  end_fault || fail 71 "$Fault of run $RunId could not be reverted"
  stop_timer
fi
printf '%s\n' "nothing of $Fault of run $RunId is left on this host"
