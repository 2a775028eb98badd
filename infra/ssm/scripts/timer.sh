# The host's own way back: a process that outlives this command, its cancellation (which kills the process group), the
# OOM killer and the agent, and reverts at an absolute time. A reboot needs no timer: it ends the fault itself.

run_timer() {
  local file up limit
  printf -- '-1000\n' >/proc/self/oom_score_adj || exit 1
  # Some packages of the agent end everything in its control group when it is restarted.
  for file in /sys/fs/cgroup/cgroup.procs /sys/fs/cgroup/systemd/cgroup.procs; do
    [[ ! -w $file ]] || printf '%s\n' "$BASHPID" 2>/dev/null >"$file"
  done
  exec 8<>"$root/pause"
  read -r up _ </proc/uptime
  now
  limit=$((${up%.*} + Deadline - Now + 1))
  read_process "$BASHPID" && note timer "$BASHPID $Started" || exit 1
  # The clock may be set back meanwhile; the uptime cannot.
  while now && read -r up _ </proc/uptime && ((Now < Deadline && ${up%.*} < limit)); do
    [[ ! -e $folder/reverted ]] || exit 0
    pause 1
  done
  now
  printf '%s\n' "$Now" >"$run/tombstone"
  exec 9>>"$root/lock"
  # Whoever has the lock for longer than it takes to begin or to revert hangs: the deadline does not wait for it.
  until flock -w 3 9; end_fault; do
    flock -u 9
    pause 1
  done
}

# start_timer: returns when the timer looks at the clock.
start_timer() {
  local tries
  timer_runs && return 0
  {
    printf 'set -u\nexport LC_ALL=C PATH=%q\n' "$PATH"
    declare -p root run folder Deadline prio_handle netem_handle
    declare -f
    printf 'run_timer\n'
  } >"$folder/timer.sh" || fail 71 'cannot write the revert timer'
  # No stream of the command is kept open, or the agent would wait for the timer's end; and not the lock either.
  setsid bash "$folder/timer.sh" </dev/null >"$folder/timer.log" 2>&1 8>&- 9>&- &
  for ((tries = 0; tries < 200; tries++)); do
    timer_runs && return 0
    pause 0.05
  done
  fail 71 "the revert timer does not start: $(<"$folder/timer.log")"
}
