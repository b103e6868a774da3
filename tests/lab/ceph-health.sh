#!/usr/bin/env bash
# Runs the steps of content/runbooks/ceph-health.md on a Ceph cluster of three hosts.
#
# LAB_ROOT: see tests/lab/root. Also systemd-container, iproute2.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ceph.sh"
enter "$@"

form_ceph 1073741824
pool volumes
is_quiet() { ! health_is 'OSD_DOWN|OSDMAP_FLAGS|PG_DEGRADED'; }

step "Diagnose 1: the codes"
head -c 65536 /dev/urandom >"$(root_of storage01)/root/object"
for number in 1 2 3 4 5 6 7 8; do on storage01 rados --pool volumes put "object$number" /root/object; done
lose_osd 0
within 60 health_is 'OSD_DOWN'
within 60 health_is 'PG_DEGRADED'
run_ok storage01 "ceph health detail | grep -E '^\[(ERR|WRN)\]|^HEALTH'"
expect '^HEALTH_WARN' "$output"
expect '^\[WRN\] OSD_DOWN: 1 osds down' "$output"
expect '^\[WRN\] PG_DEGRADED: Degraded data redundancy: [0-9]+/[0-9]+ objects degraded' "$output"
on storage01 systemctl start ceph-osd@0
within 90 is_quiet

step "A flag is set"
on storage01 ceph osd set noout
within 30 health_is 'OSDMAP_FLAGS'
expect '^\[WRN\] OSDMAP_FLAGS: noout flag\(s\) set' "$(on storage01 ceph health detail | grep OSDMAP_FLAGS)"
expect 'osd set.*noout' "$(on storage01 ceph log last 20 info audit | grep noout | tr -d '"{},:[]')"
run_ok storage01 'ceph osd unset noout'
expect 'noout is unset' "$output"
within 30 is_quiet
on storage01 ceph osd set-group noout storage02
within 30 health_is 'OSD_FLAGS'
on storage01 ceph osd unset-group noout storage02

step "It can wait: mute one code with an end"
on storage01 ceph osd pool create plain 1 1 replicated --autoscale-mode=off
on storage01 rados --pool plain put object /root/object
within 90 health_is 'POOL_APP_NOT_ENABLED'
run_ok storage01 'ceph health mute POOL_APP_NOT_ENABLED 12h
ceph health'
expect 'muted: .*POOL_APP_NOT_ENABLED' "$output"
on storage01 ceph health unmute POOL_APP_NOT_ENABLED
refuse 'muted' "$(on storage01 ceph health)"
passed
