#!/bin/sh
# Installs Parse Server beside this file, checks it as a target, runs the quick cache-failure on it and keeps the report
# here. Everything runs on this machine. Exit status: 0 when there is a report, whatever its verdict.
set -eu
example=docs/examples/parse-server
cd "$(dirname "$0")/../../.."
config=$example/faultline.yaml
npm install --prefix "$example" --ignore-scripts --no-package-lock --no-audit --no-fund --loglevel error
npm run --silent faultline -- target check --config "$config"
status=0
npm start --silent -- --config "$config" --scenario cache-failure --out out/parse-server || status=$?
# 1 is FAIL, which is about Parse Server and not about the run.
[ "$status" -le 1 ] || exit "$status"
cp out/parse-server/latest/report.md "$example/report.md"
