# In the place of Locust where little more than its being there matters: it runs until its SIGTERM. The master asks for
# a page once a second, so that a fault has somebody whom it keeps waiting.
trap 'exit 0' TERM
address=${LOCUST_HOST#http://}
ask() {
  exec 3<>"/dev/tcp/${address%:*}/${address##*:}" || return
  printf 'GET /stories HTTP/1.0\r\nCache-Control: no-cache\r\n\r\n' >&3
  timeout 30 cat <&3
}
while sleep 1 & wait $!; do
  [ -n "$LOCUST_USERS" ] && ask >/dev/null 2>&1 &
done
