#!/bin/bash
# The first process of a guest that only shows that one can be had here.
export PATH=/stage/usr/sbin:/stage/usr/bin:/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc
modules=/stage/usr/lib/modules/$(uname -r)/kernel
grep -q overlay /proc/filesystems || insmod "$modules/fs/overlayfs/overlay.ko"
insmod "$modules/net/sched/sch_netem.ko" &&
  grep -q overlay /proc/filesystems &&
  python3 -c 'import ctypes, ssl' &&
  echo 'the guest works'
echo o >/proc/sysrq-trigger
sleep 10
