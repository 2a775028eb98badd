# What ends each fault. The deadline's timer, Faultline-Revert and a fault that did not land all call these; doing it
# twice is doing it once. `folder` is what the fault's script noted, before it changed anything.

# Ours, by the handles: prio, whose second band has the delay.
readonly prio_handle=fa17: netem_handle=fa18:

# read_qdiscs DEVICE: sets Qdiscs. How often one is referred to is no part of its configuration.
read_qdiscs() {
  Qdiscs=$(tc qdisc show dev "$1") || return 1
  while [[ $Qdiscs =~ \ refcnt\ [0-9]+ ]]; do Qdiscs=${Qdiscs/"${BASH_REMATCH[0]}"/}; done
}

undo_network() {
  local device original
  read_note device device || return 0
  # A device that has gone took its delay with it.
  [[ -e /sys/class/net/$device ]] || return 0
  read_qdiscs "$device" || return 1
  if [[ $Qdiscs == *"$prio_handle"* ]]; then
    tc qdisc del dev "$device" root || return 1
    read_qdiscs "$device" || return 1
  fi
  original=$(<"$folder/qdisc")
  [[ $Qdiscs == "$original" ]] && return 0
  printf '%s has "%s" now and had "%s"\n' "$device" "$Qdiscs" "$original" >&2
  [[ $Qdiscs != *"$netem_handle"* ]]
}

# read_process PID: sets Name, State, Parent, Session and Started (ticks since boot); false when there is none.
read_process() {
  local line fields
  read -r line 2>/dev/null <"/proc/$1/stat" || return 1
  Name=${line#*\(}
  Name=${Name%)*}
  # Letters and numbers. A here-string is a pipe, which would be read byte by byte.
  # shellcheck disable=SC2206
  fields=(${line##*) })
  # shellcheck disable=SC2034 # not every document has a use for all of them
  State=${fields[0]} Parent=${fields[1]} Session=${fields[3]} Started=${fields[19]}
}

# stressors SESSION: sets Pids to its stress-ng processes. A session's number may have gone to somebody else's, whose
# processes are called something else.
stressors() {
  local process
  Pids=()
  for process in /proc/[0-9]*; do
    read_process "${process#/proc/}" || continue
    [[ $Session == "$1" && $Name == stress-ng* && $State != [ZX] ]] && Pids+=("${process#/proc/}")
  done
  ((${#Pids[@]} > 0))
}

end_stressor() {
  local session tries
  read_note session session || return 0
  for ((tries = 0; tries < 50; tries++)); do
    stressors "$session" || return 0
    kill -KILL "${Pids[@]}" 2>/dev/null
    pause 0.1
  done
  printf 'stress-ng is still there: %s\n' "${Pids[*]}" >&2
  return 1
}

# undo FAULT: false while the fault is still there.
undo() {
  case $1 in
    network-latency) undo_network ;;
    memory-pressure | cpu-saturation) end_stressor ;;
    process-kill) ;;
  esac
}

# end_fault: what is in force of the fault in `folder` is ended, and noted as ended only then.
end_fault() {
  undo "${folder##*/}" || return 1
  [[ -e $folder/reverted ]] || { now && note reverted "$Now"; }
}

# timer_runs: whether the timer that was noted is still there.
timer_runs() {
  local pid started
  read -r pid started 2>/dev/null <"$folder/timer" && read_process "$pid" && [[ $Started == "$started" && $State != [ZX] ]]
}

stop_timer() {
  local pid
  timer_runs || return 0
  read -r pid _ <"$folder/timer"
  kill -KILL "$pid"
}
