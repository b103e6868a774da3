#!/usr/bin/env bash
# Runs the steps of content/runbooks/systemd-unit-failed.md on a node with systemd.
#
# LAB_ROOT: see tests/lab/root. Also systemd-container, iproute2.
# The containers of Kolla are units of the node, see `kolla` and `unit` in lib.sh. Docker itself is not there.
. "$(dirname "$0")/lib.sh"
enter "$@"

boot control02 192.0.2.12
kolla control02
root=$(root_of control02)

step "Set up: a job that fails as its disk is missing, with a timer"
cat >"$root/etc/systemd/system/example.service" <<'UNIT'
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'test -d /srv/backup || { echo "backup: /srv/backup is missing"; exit 3; }'
UNIT
cat >"$root/etc/systemd/system/example.timer" <<'UNIT'
[Timer]
OnCalendar=daily
[Install]
WantedBy=timers.target
UNIT
on control02 systemctl daemon-reload
on control02 systemctl start example.timer
on control02 systemctl start example.service && exit 1

step "Symptom"
expect '^degraded$' "$(on control02 systemctl is-system-running)"

step "Diagnose 3 to 5"
run control02 'systemctl --failed'
expect 'example.service .*failed' "$output"
run control02 'systemctl status --no-pager --full example.service'
expect 'Active: failed \(Result: exit-code\)' "$output"
run_ok control02 'journalctl --unit example.service --since "2 hours ago" --no-pager | tail -n 50'
expect 'backup: /srv/backup is missing' "$output"
run_ok control02 'systemctl list-dependencies --reverse example.service'
# A timer is no dependency; the next command names it.
expect '^example.service$' "$output"
run_ok control02 'systemctl show example.service --property=Result,ExecMainStatus,NRestarts,Restart,TriggeredBy'
expect '^ExecMainStatus=3$' "$output"
expect '^TriggeredBy=example.timer$' "$output"
run control02 'df -h / /var /var/lib/docker 2>/dev/null'
expect ' /$' "$output"
run_ok control02 "journalctl _TRANSPORT=kernel --since \"2 hours ago\" --grep 'Killed process|I/O error' | tail -n 5"

step "Run a job again"
on control02 mkdir /srv/backup
run_ok control02 'systemctl start example.service
systemctl show example.service --property=Result,ExecMainStatus'
expect '^Result=success$' "$output"
expect '^ExecMainStatus=0$' "$output"
expect 'example.timer' "$(on control02 systemctl list-timers --all --no-pager)"

step "Verify 1: nothing has failed"
run_ok control02 'systemctl --failed'
expect '^0 loaded units listed' "$output"
expect '^running$' "$(on control02 systemctl is-system-running)"

step "Start a container of Kolla again: the unit gives up after 10 starts within 120 seconds"
mkdir -p "$root/var/log/kolla/example"
cat >"$root/usr/local/bin/service" <<'TOOL'
#!/bin/sh
test -e /etc/example.conf || { echo 'ERROR no configuration' >>/var/log/kolla/example/example-api.log; exit 1; }
exec sleep infinity
TOOL
chmod +x "$root/usr/local/bin/service"
unit control02 example root /usr/local/bin/service
unit=kolla-example-container.service
on control02 systemctl start "$unit"
has_given_up() { [ "$(on control02 systemctl is-failed "$unit")" = failed ]; }
within 60 has_given_up
expect '^NRestarts=10$' "$(on control02 systemctl show "$unit" --property=NRestarts)"
expect '^Result=(start-limit-hit|exit-code)$' "$(on control02 systemctl show "$unit" --property=Result)"
run_ok control02 'ls -lt <FOLDER>
tail -n 50 <FOLDER>/<LOG>' FOLDER=/var/log/kolla/example LOG=example-api.log
expect 'ERROR no configuration' "$output"
touch "$root/etc/example.conf"
# The page writes example.service for the unit.
on control02 systemctl start "$unit" && exit 1
on control02 systemctl reset-failed "$unit"
on control02 systemctl start "$unit"
expect '^active$' "$(on control02 systemctl is-active "$unit")"
restarts=$(on control02 systemctl show "$unit" --property=NRestarts)
sleep 10
expect "^$restarts\$" "$(on control02 systemctl show "$unit" --property=NRestarts)"

step "Verify 1 again, and Rollback"
expect '^running$' "$(on control02 systemctl is-system-running)"
on control02 systemctl stop "$unit"
expect '^inactive$' "$(on control02 systemctl is-active "$unit" || true)"
passed
