#!/bin/bash
# Process 1 of the guest once its root is made: network, swap, agent, the supervised application.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
exec </dev/null
umount -l /below
. /orders/host.conf
echo "$host_name" >/proc/sys/kernel/hostname
printf '127.0.0.1 localhost\n%s %s\n' "$address" "$host_name" >/etc/hosts
rm -f /etc/resolv.conf
printf 'nameserver %s\noptions timeout:1 attempts:2\n' "$resolver" >/etc/resolv.conf
modprobe -a sch_netem
ip -batch - <<IP
link set lo up
link set vec0 name eth0
address add $address/32 dev eth0
link set eth0 up
route add $router dev eth0 src $address
route add default via $router src $address
IP
if [ -b /dev/ubda ]; then mkswap /dev/ubda >/dev/null && swapon /dev/ubda; fi

# Their settings last as long as somebody has them open.
exec 8<>/dev/ttyS0 9<>/dev/ttyS1
stty -F /dev/ttyS0 raw -echo
stty -F /dev/ttyS1 raw -echo

# None of these is what the kernel ends when memory is short.
echo -1000 >/proc/self/oom_score_adj
while :; do
  python3 /guest/agent.py
  sleep 1
done &
exec bash /guest/supervisor.sh
