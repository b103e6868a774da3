#!/usr/bin/env bash
# Runs the steps of content/runbooks/ceph-pg-inconsistent.md on a Ceph cluster of three hosts.
#
# LAB_ROOT: see tests/lab/root. Also systemd-container, iproute2.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ceph.sh"
enter "$@"

form_ceph 1073741824
pool volumes
head -c 65536 /dev/urandom >"$(root_of storage01)/root/object"
on storage01 rados --pool volumes put picture /root/object
map=$(on storage01 ceph osd map volumes picture)
group=$(grep -oE '[0-9]+\.[0-9a-f]+\)' <<<"$map" | tr -d ')')
acting=$(grep -oE 'acting \(\[[0-9,]+\]' <<<"$map" | grep -oE '[0-9,]+')
IFS=, read -r primary replica _ <<<"$acting"
values=("2.5:=$group" "osd.12:=osd.$replica" "osd find 12:=osd find $replica" "osd out 12:=osd out $replica")
printf 'group %s on %s\n' "$group" "$acting"

# damage OSD: changes the bytes of the object on this OSD only, as a failing disk does.
damage() {
    local host=${host_of[$1]}
    on "$host" systemctl stop "ceph-osd@$1"
    head -c 65536 /dev/urandom >"$(root_of "$host")/root/damaged"
    on "$host" ceph-objectstore-tool --data-path "/var/lib/ceph/osd/ceph-$1" --pgid "$group" picture set-bytes /root/damaged
    on "$host" chown -R ceph: "/var/lib/ceph/osd/ceph-$1"
    on "$host" systemctl start "ceph-osd@$1"
    within 60 is_clean
}
is_inconsistent() { health_is 'PG_DAMAGED'; }
is_consistent() { ! health_is 'PG_DAMAGED|OSD_SCRUB_ERRORS'; }

step "Set up: one copy is damaged, and a scrub finds it"
damage "$replica"
run_ok storage01 'ceph pg deep-scrub 2.5' "${values[@]}"
expect "instructing pg $group on osd.$primary to deep-scrub" "$output"
within 120 is_inconsistent

step "Symptom and Diagnose 1"
run_ok storage01 'ceph health detail'
expect 'HEALTH_ERR' "$output"
expect 'OSD_SCRUB_ERRORS: [12] scrub errors' "$output"
expect 'PG_DAMAGED: Possible data damage: 1 pg inconsistent' "$output"
expect "pg $group is active\+clean\+inconsistent, acting \[$acting\]" "$output"
run_ok storage01 'ceph osd tree down'

step "Diagnose 4: which objects and which copies"
run_ok storage01 "rados list-inconsistent-obj 2.5 --format=json-pretty | grep -E '\"(name|osd|size|errors|selected_object_info)\"|_mismatch|_error|missing|corrupted|omap'" "${values[@]}"
expect '"name": "picture"' "$output"
expect 'data_digest_mismatch' "$output"

step "Diagnose 5: the OSD"
run_ok storage01 'ceph osd find 12' "${values[@]}"
expect "\"host\": \"${host_of[$replica]}\"" "$output"
run_ok storage01 'ceph device ls-by-daemon osd.12' "${values[@]}"

step "Repair the group"
run_ok storage01 'rados list-inconsistent-obj 2.5 --format=json-pretty
ceph pg 2.5 query | head -n 60' "${values[@]}"
run_ok storage01 'ceph pg repair 2.5' "${values[@]}"
expect "instructing pg $group on osd.$primary to repair" "$output"
within 120 is_consistent
within 60 bash -c "$(declare -f on); $(declare -p leader); on storage01 ceph log last 200 debug cluster | grep -F ' $group ' | grep -q 'repair .* fixed'"
run_ok storage01 "ceph log last 200 debug cluster | grep -F ' 2.5 '" "${values[@]}"
# One bad copy counts as two errors here, and one object is fixed.
expect "$group repair [12] errors, 1 fixed" "$output"
expect "$group deep-scrub ok" "$output"
run_ok storage01 "ceph pg 2.5 query | grep '\"state\"' | head -n 1" "${values[@]}"
expect '"state": "active\+clean"' "$output"
on storage01 rados --pool volumes get picture /root/read
on storage01 cmp /root/object /root/read

step "Verify 1 to 3"
run_ok storage01 'ceph health detail'
refuse 'PG_DAMAGED|OSD_SCRUB_ERRORS' "$output"
run_ok storage01 'ceph pg deep-scrub 2.5' "${values[@]}"
sleep 20
run_ok storage01 'ceph health detail'
refuse 'PG_DAMAGED|OSD_SCRUB_ERRORS' "$output"

step "Take the bad OSD out, and in again"
run_ok storage01 'ceph osd df tree'
run_ok storage01 'ceph osd out 12' "${values[@]}"
expect "marked out osd.$replica" "$output"
within 10 ceph_is '5 osds: 5 up .*, 4 in'
on storage01 ceph osd in "$replica"
within 90 is_clean

step "Scrubs are late 1 to 3 and 6"
on storage01 ceph osd set noscrub
on storage01 ceph osd set nodeep-scrub
run_ok storage01 'ceph osd dump | grep flags'
expect 'noscrub,nodeep-scrub' "$output"
run storage01 'ceph config dump | grep -i scrub'
run_ok storage01 'ceph -s'
run storage01 'ceph pg dump pgs_brief 2>/dev/null | grep -c scrubbing'
expect '^0$' "$output"
run_ok storage01 'ceph osd unset noscrub
ceph osd unset nodeep-scrub'
refuse 'scrub' "$(on storage01 ceph osd dump | grep flags)"
run_ok storage01 'ceph config set osd osd_scrub_begin_hour 0
ceph config set osd osd_scrub_end_hour 0'
run_ok storage01 'ceph config set osd osd_deep_scrub_interval 1209600
ceph config set mgr osd_deep_scrub_interval 1209600'
expect '^1209600' "$(on storage01 ceph config get osd osd_deep_scrub_interval)"
on storage01 ceph config rm osd osd_deep_scrub_interval
on storage01 ceph config rm mgr osd_deep_scrub_interval
passed
