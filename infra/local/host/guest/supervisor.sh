#!/bin/bash
# Keeps the application running, as a unit with Restart=always and RestartSec=1 does. Starts and ends are logged.
log=/share/supervisor.log
note() { echo "$EPOCHREALTIME $*" >>"$log"; }

mapfile -d '' -t environment </orders/program.env
start() {
  echo 0 >/proc/self/oom_score_adj
  cd /
  # The number of a nobody is the same everywhere.
  exec setpriv --reuid=65534 --regid=65534 --clear-groups -- \
    env -i "${environment[@]}" /node /program/app.cjs >/dev/ttyS1 2>&1
}

while :; do
  start &
  note "started pid=$!"
  wait $!
  note "ended status=$?"
  sleep 1
done
