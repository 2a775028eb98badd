#!/bin/sh
# Makes the namespaces that this was started in a view of the machine in which nothing of it can be written, and runs
# the guest's kernel in it, without any right but that to its network cable.
# usage: enter-host.sh <folder for the view> <unpacked packages> <guest files> <node> <program> <orders> <share>
#                      <swap file> <memory in MiB> <kernel argument…>
set -eu
view=$1 stage=$2 guest=$3 node=$4 program=$5 orders=$6 share=$7 swap=$8 memory=$9
shift 9
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

mkdir -p "$view"
mount -t tmpfs -o mode=755,size=16m tmpfs "$view"

show() { # show <source> <where in the view>: with all that is mounted below it
  if [ -d "$1" ]; then mkdir -p "$view$2"; else mkdir -p "$(dirname "$view$2")" && : >"$view$2"; fi
  mount --rbind "$1" "$view$2"
}

for folder in /bin /sbin /lib /lib32 /lib64 /libx32; do
  if [ -L "$folder" ]; then cp -P "$folder" "$view$folder"
  elif [ -d "$folder" ]; then show "$folder" "$folder"; fi
done
show /usr /usr
show /etc /etc
show "$stage" /stage
show "$guest" /guest
show "$node" /node
show "$program" /program
show "$orders" /orders
# What is mounted so far, mount by mount: read-only is a property of each. mountinfo writes a space as \040.
awk -v view="$view/" 'index($5, view) == 1 { print $5 }' /proc/self/mountinfo | while read -r mounted; do
  mount -o remount,bind,ro "$(printf %b "$mounted")"
done

show "$share" /share
show "$swap" /swap
show /dev/null /dev/null
mkdir -p "$view/proc" "$view/sys" "$view/tmp" "$view/run" "$view/root" "$view/var" "$view/mnt" "$view/dev/shm"
# The guest's memory is a file in there, which its kernel maps as executable.
mount -t tmpfs -o "mode=1777,size=$((memory + 64))m,exec" tmpfs "$view/dev/shm"
# Read-only too: a kernel setting is a file of the machine as well.
mount -t proc -o ro proc "$view/proc"
mkdir "$view/machine"
cd "$view"
pivot_root . machine
umount -l /machine
rmdir /machine

export TMPDIR=/dev/shm
# See wide-registers.c.
LD_PRELOAD=/stage/wide-registers.so \
  setpriv --no-new-privs --inh-caps=-all --bounding-set=-all,+net_raw -- \
  /stage/usr/bin/linux.uml "mem=${memory}M" "$@" &
wait $!
