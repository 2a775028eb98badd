#!/bin/sh
# Makes the namespace that this runs in the run's VPC: a router, a sink for addresses that nobody has, name resolution.
# usage: network.sh <state folder> <cidr> <router> <resolver> <endpoint> <task metadata>
set -eu
PATH=/usr/sbin:/usr/bin:/sbin:/bin
state=$1 cidr=$2 router=$3

# Nothing of the machine's own services is to be reached through their sockets: name caches, D-Bus, Docker.
mount -t tmpfs -o mode=755,size=16m tmpfs /run
mount -t tmpfs -o mode=1777,size=512m tmpfs /dev/shm

# An address that no task has goes into a cable whose other end drops it in silence: connecting times out, as in a VPC.
ip -batch - <<IP
link set lo up
address add $router/32 dev lo
address add $4/32 dev lo
address add $5/32 dev lo
address add $6/32 dev lo
link add sink0 type veth peer name sink1
link set sink0 arp off
link set sink0 up
link set sink1 up
route add $cidr dev sink0 src $router
IP
echo 1 >/proc/sys/net/ipv4/ip_forward

replace() { # replace <file> <by>: where the file is a link into /run, its target has to exist first
  target=$(readlink -m "$1")
  if [ ! -e "$target" ]; then
    case $target in
      /run/*) mkdir -p "$(dirname "$target")" && : >"$target" ;;
      *) echo "$1 is missing: names cannot be resolved in the run's network; create it: touch $1" >&2; exit 1 ;;
    esac
  fi
  mount --bind "$2" "$target"
}
printf 'nameserver %s\noptions timeout:1 attempts:2\n' "$4" >"$state/resolv.conf"
replace /etc/resolv.conf "$state/resolv.conf"
if [ -e /etc/nsswitch.conf ]; then
  sed 's/^hosts:.*/hosts: files dns/' /etc/nsswitch.conf >"$state/nsswitch.conf"
  replace /etc/nsswitch.conf "$state/nsswitch.conf"
fi
