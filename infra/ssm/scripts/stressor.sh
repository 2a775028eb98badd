# stress ARGUMENT...: stress-ng in a session of its own, which is noted before it runs: a command that is killed here
# leaves nothing that nobody knows of. It ends by itself at the deadline too, and has the application's priority, not the
# agent's.
stress() {
  now
  # shellcheck disable=SC2016 # the inner shell's variables
  setsid bash -c 'printf "%s\n" "$BASHPID" >"$1/session" && renice -n 0 -p "$BASHPID" && shift && exec "$@"' bash "$folder" \
    stress-ng "$@" --timeout "$((Deadline - Now))s" </dev/null >"$folder/stress-ng.log" 2>&1 8>&- 9>&- &
}

# stress_said: stress-ng's own last words, in one line.
stress_said() {
  local words
  words=$(tail -n 3 "$folder/stress-ng.log" 2>/dev/null)
  printf '%s' "${words//$'\n'/; }"
}

# workers_alive COUNT: whether that many run beside their parent.
workers_alive() {
  local session
  read_note session session && stressors "$session" && ((${#Pids[@]} > $1))
}

# await_workers COUNT: by the clock, since a look takes long on a host that is in trouble.
await_workers() {
  local session until=$((SECONDS + 30))
  while ((SECONDS < until)); do
    workers_alive "$1" && return 0
    # Its parent's number is the session's.
    ! read_note session session || read_process "$session" || give_up "stress-ng ended: $(stress_said)"
    pause 0.1
  done
  give_up "stress-ng does not run: $(stress_said)"
}
