parameter Process '^([A-Za-z0-9_][A-Za-z0-9_.-]{0,14})?$'
parameter Unit '^([A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}\.service)?$'
[[ -n $Process && -z $Unit || -z $Process && -n $Unit ]] || fail 64 'give either Process or Unit'

# The oldest process of that name that is no child of another one: sets Main.
find_by_name() {
  local process pid oldest='' parents=" "
  local -A started=() parent=()
  for process in /proc/[0-9]*; do
    pid=${process#/proc/}
    read_process "$pid" && [[ $Name == "$Process" && $State != [ZX] ]] || continue
    started[$pid]=$Started parent[$pid]=$Parent
    parents+="$pid "
  done
  for pid in "${!started[@]}"; do
    [[ $parents != *" ${parent[$pid]} "* ]] || continue
    [[ -n $oldest ]] && ((started[$oldest] <= started[$pid])) || oldest=$pid
  done
  [[ -n $oldest ]] || refuse 68 "there is no process $Process on this host"
  Main=$oldest
}

find_by_unit() {
  command -v systemctl >/dev/null || refuse 68 "there is no systemd on this host that would know $Unit: send Process"
  Main=$(systemctl show --property MainPID --value "$Unit") || refuse 68 "systemd does not know $Unit"
  ((Main > 0)) || refuse 68 "$Unit has no main process now"
}

# Another process may have got the number: one is known by its number and the time of its start.
lives() { read_process "$1" && [[ $Started == "$2" && $State != [ZX] ]]; }

arrive
begin process-kill
if ! read -r Main MainStarted 2>/dev/null <"$folder/killed"; then
  if [[ -n $Process ]]; then find_by_name; else find_by_unit; fi
  read_process "$Main" || refuse 68 "process $Main has ended by itself"
  MainStarted=$Started
  must_note killed "$Main $MainStarted"
fi
for ((tries = 0; tries < 50; tries++)); do
  lives "$Main" "$MainStarted" || break
  kill -KILL "$Main" 2>/dev/null
  pause 0.1
done
# Nothing is held: whatever became of it, the host is free for the next.
end_fault || fail 71 "cannot write below $root"
lives "$Main" "$MainStarted" && fail 70 "process $Main was sent SIGKILL and is still there"
printf '%s\n' "process-kill of run $RunId: ended process $Main"
