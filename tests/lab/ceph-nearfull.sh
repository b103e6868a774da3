#!/usr/bin/env bash
# Runs the steps of content/runbooks/ceph-nearfull.md on a Ceph cluster of three hosts that is really filled.
#
# LAB_ROOT: see tests/lab/root. Also systemd-container, iproute2, and 5 GB of memory.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ceph.sh"
enter "$@"

form_ceph 1073741824
pool volumes 32
# Each host has a copy of all, and storage01 has one OSD only: osd.0 fills first.
fullest() { on storage01 ceph osd df --format json | python3 -c 'import json, sys; print(max(int(o["utilization"] * 10) for o in json.load(sys.stdin)["nodes"]))'; }
head -c 16777216 /dev/urandom >"$(root_of storage01)/root/large"
head -c 3145728 /dev/urandom >"$(root_of storage01)/root/object"
count=0
# fill PERMILLE: writes until the fullest OSD is that full, in small steps at the end, so that it does not get much fuller.
fill() {
    local used file
    used=$(fullest)
    while ((used < $1)); do
        if ((used < $1 - 40)); then file=large; else file=object; fi
        on storage01 timeout 60 rados --pool volumes put "object$count" "/root/$file" || return 0
        count=$((count + 1))
        # Statistics come every few seconds.
        sleep 3
        used=$(fullest)
    done
    printf 'fullest OSD: %s per mille\n' "$used"
}

step "Symptom: near full"
fill 860
within 30 health_is 'OSD_NEARFULL'
within 30 health_is 'POOL_NEAR_FULL|POOL_NEARFULL'
on storage01 ceph health detail

step "Diagnose 1, 4 and 5"
run_ok storage01 'ceph df
ceph osd df tree'
expect 'MIN/MAX VAR' "$output"
run_ok storage01 'ceph -s
ceph osd tree down'
run_ok storage01 'ceph osd dump | grep ratio
ceph balancer status'
expect '^full_ratio 0.95' "$output"
expect '^backfillfull_ratio 0.9$' "$output"
expect '^nearfull_ratio 0.85' "$output"

step "Quick relief"
run_ok storage01 'ceph osd test-reweight-by-utilization 110 0.05 4 --no-increasing'
expect 'no change|oload 110' "$output"
run_ok storage01 'ceph osd reweight-by-utilization 110 0.05 4 --no-increasing
ceph osd df'
run_ok storage01 'ceph config set osd osd_mclock_profile high_recovery_ops'
on storage01 ceph config rm osd osd_mclock_profile

step "Balance"
run_ok storage01 'ceph balancer mode upmap
ceph balancer on
ceph balancer status'
expect '"active": true' "$output"
expect '"mode": "upmap"' "$output"
run_ok storage01 'ceph osd reweight 7 0.90
ceph osd df' 'reweight 7 0.90:=reweight 4 0.95'
expect ' 4 +hdd .* 0\.95' "$output"
on storage01 ceph osd reweight 4 1.0
# The undo of the quick relief. One OSD alone on its host cannot pass groups on.
on storage01 ceph osd reweight 0 1.0

step "Symptom: full, and writes hang"
within 120 is_clean
fill 951
within 60 health_is 'OSD_FULL'
within 60 health_is 'POOL_FULL'
on storage01 ceph health detail | grep -E '^\['
refuse 'written' "$(on storage01 timeout 20 rados --pool volumes put hangs /root/object && echo written)"

step "Writing has stopped 2"
run_ok storage01 'ceph osd df
ceph osd dump | grep ratio'
run_ok storage01 'ceph osd set-full-ratio 0.96'
expect '^osd set-full-ratio 0.96' "$output"
not_full() { ! health_is 'OSD_FULL'; }
within 60 not_full
on storage01 rados --pool volumes put one-more /root/object

step "Writing has stopped 3"
run_ok storage01 'ceph osd set-backfillfull-ratio 0.92'
expect 'osd set-backfillfull-ratio 0.92' "$output"

step "Free space 1: the trash"
on storage01 rbd create --size 64M volumes/old
on storage01 rbd trash mv volumes/old
run_ok storage01 'rbd trash ls --all --long volumes
rbd trash purge schedule ls --pool volumes --recursive'
expect 'old' "$output"
run_ok storage01 'rbd trash purge volumes --expired-before "2026-11-01"' "2026-11-01:=$(date -d '+1 day' +%F)"
expect 'Removing images: 100% complete' "$output"

step "Free space 4: leftovers of rados bench"
on storage01 timeout 30 rados --pool volumes bench 1 write --no-cleanup -b 65536 -t 1 >/dev/null
run_ok storage01 "rados --pool <POOL> ls | grep -m 5 '^benchmark_data'" POOL=volumes
expect '^benchmark_data' "$output"
run_ok storage01 'rados --pool <POOL> cleanup --prefix benchmark_data' POOL=volumes
expect '^Removed [0-9]+ objects' "$output"
refuse 'benchmark_data' "$(on storage01 rados --pool volumes ls)"

step "Space returns, and the ratios with it"
for ((number = 0; number < count; number += 2)); do echo "object$number"; done >"$LAB/names"
while read -r name; do on storage01 rados --pool volumes rm "$name" </dev/null; done <"$LAB/names"
run_ok storage01 'ceph osd set-backfillfull-ratio 0.9
ceph osd set-full-ratio 0.95'
is_roomy() { ! health_is 'OSD_NEARFULL|OSD_FULL|OSD_BACKFILLFULL|POOL_'; }
within 120 is_roomy

step "The quota of a pool is used up"
on storage01 ceph osd pool set-quota volumes max_bytes 1000000
within 60 health_is 'POOL_FULL'
refuse 'OSD_FULL' "$(on storage01 ceph health detail)"
run_ok storage01 'ceph osd pool get-quota volumes
ceph df detail'
expect 'max bytes' "$output"
run_ok storage01 'ceph osd pool set-quota volumes max_bytes 21990232555520'
within 60 is_roomy

step "Verify 1 to 3"
on storage01 ceph osd df
refuse 'OSD_FULL|OSD_BACKFILLFULL|OSD_NEARFULL' "$(on storage01 ceph health detail)"
expect '^full_ratio 0.95' "$(on storage01 ceph osd dump | grep ratio)"
expect '^backfillfull_ratio 0.9$' "$(on storage01 ceph osd dump | grep ratio)"
passed
