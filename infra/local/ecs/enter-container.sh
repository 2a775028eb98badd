#!/bin/sh
# Turns the namespaces that this was started in into a container, runs its program as their process 1 and ends with
# the program's exit code, or 128 + n when signal n ended it. (`unshare --fork` of util-linux 2.38 loses the signal.)
# usage: enter-container.sh <hostname> <uid> <working directory> <folder for /tmp> <n> <n folders to keep> <program…>
set -eu
host=$1 user=$2 workdir=$3 temporary=$4 count=$5
shift 5

# The pid namespace has no process yet: the first that is forked here becomes process 1.
(
  path=${PATH:-}
  PATH=/usr/sbin:/usr/bin:/sbin:/bin
  mount -t proc proc /proc
  hostname "$host" 2>/dev/null || echo "$host" >/proc/sys/kernel/hostname
  # A container's process may listen on any port of its own address.
  echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start
  mount -t tmpfs -o mode=1777,size=512m tmpfs /dev/shm
  mount -t tmpfs -o mode=1777,size=64m tmpfs /run

  # A /tmp of its own, through which what the program needs stays visible.
  mkdir /run/outer
  mount --rbind /tmp /run/outer
  mount --bind "$temporary" /tmp
  while [ "$count" -gt 0 ]; do
    case $1 in
      /tmp/*)
        mkdir -p "$1"
        mount --rbind "/run/outer/${1#/tmp/}" "$1"
        ;;
    esac
    shift
    count=$((count - 1))
  done
  umount -l /run/outer
  rmdir /run/outer
  cd "$workdir"

  PATH=$path
  export PATH
  command -v -- "$1" >/dev/null || { echo "exec: \"$1\": executable file not found" >&2; exit 127; }
  # A shell's background job ignores SIGINT and SIGQUIT; a container's program does not.
  set -- /usr/bin/env --default-signal=INT,QUIT /bin/sh -c 'echo started >&3; exec 3>&-; exec "$@"' sh "$@"
  [ "$user" = 0 ] || set -- /usr/bin/unshare --user --map-user="$user" --map-group="$user" -- "$@"
  exec "$@"
) &
code=0
wait $! || code=$?
exit $code
