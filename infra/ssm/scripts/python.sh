export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
if ! command -v python3 >/dev/null; then
  printf 'python3 is missing on this host: install the package python3\n' >&2
  exit 69
fi
