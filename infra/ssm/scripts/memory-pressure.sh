integer Percent 1 95
integer Workers 1 16

# field NAME FILE: sets Field to the number that stands behind the name; false when it is not there.
field() {
  local name value
  while read -r name value _; do
    [[ $name == "$1" ]] && Field=$value && return 0
  done 2>/dev/null <"$2"
  return 1
}

# What a new process here could have: the host's memory that is available, or what a control group above it has left.
measure_available() {
  local controllers path base limit_file used_file cache limit used
  field MemAvailable: /proc/meminfo || refuse 71 'the kernel does not say how much memory is available'
  Before=$Field
  Available=$Field
  while IFS=: read -r _ controllers path; do
    case $controllers in
      '') base=/sys/fs/cgroup limit_file=memory.max used_file=memory.current cache=inactive_file ;;
      *memory*) base=/sys/fs/cgroup/memory limit_file=memory.limit_in_bytes used_file=memory.usage_in_bytes cache=total_inactive_file ;;
      *) continue ;;
    esac
    while :; do
      if read -r limit 2>/dev/null <"$base$path/$limit_file" && [[ $limit =~ ^[0-9]{1,15}$ ]] && read -r used <"$base$path/$used_file"; then
        field "$cache" "$base$path/memory.stat" || Field=0
        limit=$(((limit - used + Field) / 1024))
        ((limit >= Available)) || Available=$limit
      fi
      [[ -n $path && $path != / ]] || break
      path=${path%/*}
    done
  done </proc/self/cgroup
  ((Available > 0)) || refuse 70 'no memory is available'
}

taken() { field MemAvailable: /proc/meminfo && ((Before - Field >= Wanted / 2)); }

arrive
require stress-ng stress-ng stress-ng
begin memory-pressure
if ! read -r Before Available 2>/dev/null <"$folder/available"; then
  measure_available
  must_note available "$Before $Available"
fi
Wanted=$((Available * Percent / 100))
start_timer
if ! workers_alive "$Workers"; then
  # stress-ng shares the bytes out among its workers. The kernel kills those first when memory runs out.
  stress --vm "$Workers" --vm-bytes "${Wanted}k" --vm-keep --vm-populate
  await_workers "$Workers"
fi
until=$((SECONDS + 30))
while ((SECONDS < until)); do
  taken && break
  workers_alive 0 || give_up "stress-ng ended: $(stress_said)"
  pause 0.1
done
taken || give_up "stress-ng did not take $Wanted KiB in 30 s: $(stress_said)"
keep_unless_reverted "memory-pressure of run $RunId: $Wanted KiB of $Available KiB that were available, until $Deadline"
