#!/bin/bash
# The guest's first process. Its root is the machine's own files, read-only; here a root is made above them in memory.
export PATH=/stage/usr/sbin:/stage/usr/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
set -e
mount -t proc proc /proc
grep -q overlay /proc/filesystems || insmod "/stage/usr/lib/modules/$(uname -r)/kernel/fs/overlayfs/overlay.ko"
mount -t tmpfs -o size=40% tmpfs /mnt
cd /mnt
mkdir stage upper work root
# Mounted by itself: a lower layer must not lie within another one.
mount -t hostfs none -o /stage,ro stage
mount -t overlay root -o lowerdir=/mnt/stage:/,upperdir=/mnt/upper,workdir=/mnt/work root
cd root
mount -t proc proc proc
mount -t sysfs sys sys
mount -t devtmpfs dev dev
mkdir -p dev/pts dev/shm below orders share
mount -t devpts devpts dev/pts
mount -t tmpfs tmpfs dev/shm
mount -t tmpfs -o mode=755 tmpfs run
mkdir -p run/lock
# What is in them changes under the guest, which a layer of its root must not.
mount -t hostfs none -o /orders,ro orders
mount -t hostfs none -o /share share
# Not chroot: the kernel's own helper programs, such as modprobe, are to see this root as well.
pivot_root . below
exec chroot . /bin/bash /guest/main.sh
