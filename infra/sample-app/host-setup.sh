#!/bin/bash
# Makes an Amazon Linux 2023 instance the managed host of the sample application. Its subnets have no way out: packages
# come from Amazon's own repositories, which are in S3. Before it, the instance's user data sets PROGRAM (where
# the program lies in S3), SECRET (the database's login), LOG_GROUP and the application's own variables in APP_ENV.
set -euo pipefail
: "${PROGRAM:?}" "${SECRET:?}" "${LOG_GROUP:?}" "${APP_ENV:?}"

# netem is in a package of its own, made for one kernel: the running one.
kernel=$(uname -r)
case $kernel in
  6.1.*) extra='kernel-modules-extra' ;;
  *) extra=kernel$(cut -d. -f1,2 <<<"$kernel")-modules-extra ;;
esac
dnf install -y nodejs24 iproute-tc stress-ng jq amazon-cloudwatch-agent "$extra-$kernel"
modprobe sch_netem
echo sch_netem >/etc/modules-load.d/faultline.conf

useradd --system --no-create-home sample-app
install -d -o sample-app -g sample-app /var/log/sample-app
install -d /opt/sample-app
aws s3 cp "$PROGRAM" /opt/sample-app/program.zip
unzip -o -q /opt/sample-app/program.zip -d /opt/sample-app
printf '%s\n' "$APP_ENV" >/opt/sample-app/environment

# The login is read at each start and lies on no disk.
cat >/opt/sample-app/start.sh <<'SCRIPT'
#!/bin/bash
set -euo pipefail
login=$(aws secretsmanager get-secret-value --secret-id "$SECRET" --query SecretString --output text)
PGUSER=$(jq -r .username <<<"$login")
PGPASSWORD=$(jq -r .password <<<"$login")
export PGUSER PGPASSWORD
# The title is the name by which the process is found.
exec /usr/bin/node-24 --title=sample-app /opt/sample-app/main.mjs
SCRIPT
chmod 755 /opt/sample-app/start.sh

cat >/etc/systemd/system/sample-app.service <<UNIT
[Unit]
Description=Sample application
After=network-online.target
Wants=network-online.target

[Service]
User=sample-app
EnvironmentFile=/opt/sample-app/environment
Environment=NODE_ENV=production HOST=0.0.0.0 SECRET=$SECRET
ExecStart=/opt/sample-app/start.sh
Restart=always
RestartSec=1
StandardOutput=append:/var/log/sample-app/app.log
StandardError=append:/var/log/sample-app/app.log

[Install]
WantedBy=multi-user.target
UNIT

cat >/etc/logrotate.d/sample-app <<'ROTATE'
/var/log/sample-app/*.log {
  size 50M
  rotate 3
  copytruncate
  missingok
}
ROTATE

jq -n --arg group "$LOG_GROUP" '{logs: {logs_collected: {files: {collect_list: [{
  file_path: "/var/log/sample-app/app.log", log_group_name: $group, log_stream_name: "{instance_id}"
}]}}}}' >/opt/aws/amazon-cloudwatch-agent/etc/faultline.json
/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl \
  -a fetch-config -m ec2 -s -c file:/opt/aws/amazon-cloudwatch-agent/etc/faultline.json

systemctl daemon-reload
systemctl enable --now sample-app.service
