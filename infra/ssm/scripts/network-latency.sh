integer DelayMs 1 10000
integer JitterMs 0 5000
integer LossPercent 0 100
parameter Device '^([A-Za-z0-9_][A-Za-z0-9_.:-]{0,14})?$'

# The default route's device of the least metric or, without a default route, the only one that is up beside lo.
default_device() {
  local device destination flags metric least='' path up=()
  while read -r device destination _ flags _ _ metric _; do
    [[ $destination == 00000000 ]] && (((16#$flags & 1) && (${#least} == 0 || metric < least))) && Device=$device least=$metric
  done </proc/net/route
  [[ -z $Device ]] || return 0
  for path in /sys/class/net/*; do
    read -r flags <"$path/flags"
    [[ $path == */lo ]] || (((flags & 1) == 0)) || up+=("${path##*/}")
  done
  ((${#up[@]} == 1)) || refuse 68 "there is no default route, and ${#up[@]} network devices are up: send Device"
  Device=${up[0]}
}

# What the delay spares: the metadata service, neighbours' discovery, and with whom the agent speaks, by its
# connections and by the names of its endpoints.
spared_addresses() {
  local line peer suffix=amazonaws.com region=${AWS_SSM_REGION_NAME:-}
  printf '%s\n' 169.254.0.0/16 fe80::/10 ff02::/16 fd00:ec2::/32
  while read -r line; do
    [[ $line == *'"amazon-ssm-'* || $line == *'"ssm-'* ]] || continue
    read -r _ _ _ peer _ <<<"$line"
    peer=${peer%:*}
    peer=${peer#[}
    printf '%s\n' "${peer%]}"
  done <<<"$(ss -Htnp state established 2>/dev/null)"
  [[ $region =~ ^[a-z0-9-]+$ ]] || return 0
  [[ $region != cn-* ]] || suffix=amazonaws.com.cn
  timeout 3 getent ahosts "ssm.$region.$suffix" "ssmmessages.$region.$suffix" "ec2messages.$region.$suffix" | while read -r peer _; do
    printf '%s\n' "$peer"
  done
}

filters() {
  local address
  printf 'filter add dev %s parent %s protocol arp prio 1 u32 match u32 0 0 flowid %s1\n' "$Device" "$prio_handle" "$prio_handle"
  while read -r address; do
    if [[ $address =~ ^[0-9.]+(/[0-9]+)?$ ]]; then
      printf 'filter add dev %s parent %s protocol ip prio 2 u32 match ip dst %s flowid %s1\n' "$Device" "$prio_handle" "$address" "$prio_handle"
    elif [[ $address =~ ^[0-9a-f:]+(/[0-9]+)?$ ]]; then
      printf 'filter add dev %s parent %s protocol ipv6 prio 3 u32 match ip6 dst %s flowid %s1\n' "$Device" "$prio_handle" "$address" "$prio_handle"
    fi
  done <<<"$(spared_addresses | sort -u)"
}

# What is on its way at the device's speed for as long as a packet is held, or netem would drop it: in full frames, at
# 1 Gbit/s where the device says nothing.
queue_limit() {
  local speed
  read -r speed 2>/dev/null <"/sys/class/net/$Device/speed" || speed=1000
  ((speed > 0)) || speed=1000
  Limit=$((speed * 1000 * (DelayMs + JitterMs) / 8 / 1500))
  ((Limit >= 1000)) || Limit=1000
  ((Limit <= 500000)) || Limit=500000
}

delay() {
  local loss=''
  ((LossPercent == 0)) || loss="loss $LossPercent%"
  queue_limit
  {
    printf 'qdisc replace dev %s root handle %s prio bands 2 priomap 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1\n' "$Device" "$prio_handle"
    filters
    printf 'qdisc add dev %s parent %s2 handle %s netem limit %d delay %dms %dms %s\n' \
      "$Device" "$prio_handle" "$netem_handle" "$Limit" "$DelayMs" "$JitterMs" "$loss"
  } >"$folder/tc"
  tc -batch "$folder/tc"
}

delayed() { read_qdiscs "$Device" && [[ $Qdiscs == *"netem $netem_handle"*" delay "* ]]; }

arrive
require tc iproute2 iproute-tc
begin network-latency
if ! read_note device Device; then
  [[ -n $Device ]] || default_device
  [[ -e /sys/class/net/$Device ]] || refuse 68 "there is no network device $Device on this host"
  read_qdiscs "$Device" || refuse 71 "the queueing discipline of $Device cannot be read"
  # One that the kernel chose has the handle 0: and comes back by itself when another is deleted.
  [[ -z $Qdiscs || $Qdiscs =~ (^|$'\n')qdisc\ [a-z_]+\ 0:\ root ]] ||
    refuse 78 "somebody configured the queueing discipline of $Device (${Qdiscs%%$'\n'*}): it could not be restored exactly, so nothing was done"
  must_note qdisc "$Qdiscs"
  must_note device "$Device"
fi
start_timer
delayed || delay || give_up "tc refused the delay on $Device"
delayed || give_up "$Device has no delay although tc reported success"
keep_unless_reverted "network-latency of run $RunId: $DelayMs ms ± $JitterMs ms, $LossPercent % lost, on $Device until $Deadline"
