integer Workers 0 256
integer LoadPercent 1 100

arrive
require stress-ng stress-ng stress-ng
begin cpu-saturation
start_timer
count=$Workers
if ((count == 0)); then count=$(getconf _NPROCESSORS_ONLN) || give_up 'the number of processors cannot be read'; fi
if ! workers_alive "$count"; then
  stress --cpu "$Workers" --cpu-load "$LoadPercent"
  await_workers "$count"
fi
keep_unless_reverted "cpu-saturation of run $RunId: $count processors at $LoadPercent % until $Deadline"
