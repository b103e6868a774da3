#!/usr/bin/env bash
# Runs the steps of content/runbooks/ceph-pg-inactive.md on a Ceph cluster of three hosts, in the tab of ceph-ansible.
#
# LAB_ROOT: see tests/lab/root. Also systemd-container, iproute2.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ceph.sh"
enter "$@"

form_ceph 1073741824
# The quick answers of the lab should not be hidden by a mark-out.
on storage01 ceph config set mon mon_osd_down_out_interval 600
pool volumes
on storage01 rbd create --size 64M volumes/disk
head -c 65536 /dev/urandom >"$(root_of storage01)/root/object"

# placed OBJECT: its group and its OSDs, in `group` and `acting`.
placed() {
    local map
    map=$(on storage01 ceph osd map volumes "$1")
    group=$(grep -oE '[0-9]+\.[0-9a-f]+\)' <<<"$map" | tr -d ')')
    IFS=, read -r -a acting <<<"$(grep -oE 'acting \(\[[0-9,]+\]' <<<"$map" | grep -oE '[0-9,]+')"
}
# put OBJECT: writes, for 20 seconds at most.
put() { on storage01 timeout 20 rados --pool volumes put "$1" /root/object; }
is_group_active() { ! on storage01 ceph pg dump_stuck inactive 2>/dev/null | grep -q "^$group "; }
is_active() { [ "$(on storage01 ceph pg dump_stuck inactive 2>&1)" = ok ]; }

step "I/O is paused"
on storage01 ceph osd set pause
put paused && exit 1
expect 'pauserd,pausewr' "$(on storage01 ceph osd dump | grep flags)"
run_ok storage01 'ceph osd unset pause'
expect 'pauserd,pausewr is unset' "$output"
put paused

step "Diagnose 1 and 4: two of three OSDs of a group are down"
placed picture
put picture
values=("2.5:=$group" "12:=${acting[1]}")
lose_osd "${acting[1]}"
lose_osd "${acting[2]}"
on storage01 ceph osd tree down
within 90 health_is 'PG_AVAILABILITY'
run_ok storage01 'ceph health detail'
expect 'PG_AVAILABILITY: Reduced data availability: [0-9]+ pgs? inactive' "$output"
run_ok storage01 'ceph pg dump_stuck inactive'
expect "^$group .*undersized\+degraded\+peered" "$output"
run_ok storage01 'ceph osd tree down'
expect "osd.${acting[1]} +down" "$output"
run storage01 "ceph pg 2.5 query | grep -E '\"state\"|blocked|down_osds|\"osd\"|comment|is_unfound|might_have'" "${values[@]}"
expect 'undersized\+degraded\+peered' "$output"
put blocked-"$RANDOM" || echo 'the write hangs'

step "Serve I/O from fewer copies"
run_ok storage01 'ceph osd pool get volumes size
ceph osd pool get volumes min_size
ceph osd pool ls detail'
expect '^size: 3$' "$output"
expect '^min_size: 2$' "$output"
run_ok storage01 'ceph osd pool set volumes min_size 1
ceph pg dump_stuck inactive'
within 60 is_group_active
put picture
run_ok storage01 'ceph osd pool set volumes min_size 2
ceph osd pool get volumes min_size'
expect '^min_size: 2$' "$output"

step "Bring the missing OSD back 1 to 3, in the tab of ceph-ansible"
run_ok storage01 'ceph osd set noout'
expect 'noout is set' "$output"
run_ok storage01 'ceph osd find 12
ceph osd tree down
ceph crash ls-new' 'osd find 12:=osd find '"${acting[1]}"
expect "\"host\": \"${host_of[${acting[1]}]}\"" "$output"
for osd in "${acting[1]}" "${acting[2]}"; do
    run_ok "${host_of[$osd]}" 'systemctl restart ceph-osd@12
systemctl status --no-pager ceph-osd@12
journalctl --no-pager -u ceph-osd@12 -n 50' "ceph-osd@12:=ceph-osd@$osd"
    expect 'Active: active \(running\)' "$output"
done

step "Bring the missing OSD back 4 and 5"
within 90 is_active
run_ok storage01 'ceph pg dump_stuck inactive'
expect '^ok$' "$output"
run_ok storage01 'ceph osd unset noout'
expect 'noout is unset' "$output"
within 120 is_clean

step "Bring the missing OSD back 3: systemd has given up"
osd=${acting[1]}
host=${host_of[$osd]}
rm "$(root_of "$host")/etc/systemd/system/ceph-osd@.service.d/lab.conf"
on "$host" systemctl daemon-reload
for _ in 1 2 3 4 5; do on "$host" systemctl restart "ceph-osd@$osd" || break; done
expect 'repeated too quickly' "$(on "$host" systemctl restart "ceph-osd@$osd" 2>&1; on "$host" journalctl --no-pager -u "ceph-osd@$osd" | tail -n 3)"
on "$host" systemctl reset-failed "ceph-osd@$osd"
on "$host" systemctl restart "ceph-osd@$osd"
within 120 is_clean

step "A group hangs while peering 2 and 3"
run_ok storage01 'ceph pg repeer 2.5
ceph pg dump_stuck inactive' "${values[0]}"
within 60 is_active
within 60 is_clean
run_ok storage01 'ceph osd ok-to-stop 12' "ok-to-stop 12:=ok-to-stop ${acting[1]}"
expect '"ok_to_stop":true' "$output"

step "Too many groups per OSD"
run_ok storage01 'ceph osd df tree
ceph config get osd mon_max_pg_per_osd'
expect '^250$' "$output"
on storage01 ceph config set global mon_max_pg_per_osd 3
on storage01 ceph config set osd osd_max_pg_per_osd_hard_ratio 1
sleep 3
# A new pool asks each OSD for groups that it does not take.
on storage01 ceph osd pool create many 16 16 replicated --autoscale-mode=off || true
on storage01 ceph config set global mon_max_pg_per_osd 400
run_ok storage01 'ceph config set global mon_max_pg_per_osd <LIMIT>
ceph pg repeer 2.5' LIMIT=400 "${values[0]}"
on storage01 ceph config rm osd osd_max_pg_per_osd_hard_ratio
within 60 is_active

step "Objects are unfound: the only OSD with the newest copy is lost"
on storage01 ceph osd pool create pairs 1 1 replicated --autoscale-mode=off --size=2
on storage01 ceph osd pool set pairs min_size 1
on storage01 rbd pool init pairs
within 90 is_clean
on storage01 rados --pool pairs put rbd_data.5e1a2b3c4d5e.0000000000000000 /root/object
map=$(on storage01 ceph osd map pairs rbd_data.5e1a2b3c4d5e.0000000000000000)
group=$(grep -oE '[0-9]+\.[0-9a-f]+\)' <<<"$map" | tr -d ')')
IFS=, read -r -a acting <<<"$(grep -oE 'acting \(\[[0-9,]+\]' <<<"$map" | grep -oE '[0-9,]+')"
on storage01 ceph osd set noout
lose_osd "${acting[1]}"
within 60 health_is 'OSD_DOWN'
on storage01 rados --pool pairs put rbd_data.5e1a2b3c4d5e.0000000000000000 /etc/passwd
on storage01 ceph osd set norecover
on "${host_of[${acting[1]}]}" systemctl start "ceph-osd@${acting[1]}"
both_up() { ! health_is 'OSD_DOWN|PG_AVAILABILITY'; }
within 60 both_up
lose_osd "${acting[0]}"
within 60 health_is 'OBJECT_UNFOUND'
run_ok storage01 'ceph health detail | grep -i unfound
ceph pg 2.5 list_unfound' "2.5:=$group"
expect 'OBJECT_UNFOUND: 1/[0-9]+ objects unfound' "$output"
expect 'might_have_unfound' "$output"
expect 'osd is down' "$output"
run_ok storage01 "ceph pg 2.5 list_unfound | grep '\"oid\"'" "2.5:=$group"
expect 'rbd_data.5e1a2b3c4d5e' "$output"

step "Objects are unfound 2: the OSD returns, and nothing is lost"
on "${host_of[${acting[0]}]}" systemctl start "ceph-osd@${acting[0]}"
on storage01 ceph osd unset norecover
found() { ! health_is 'OBJECT_UNFOUND|PG_AVAILABILITY|OSD_DOWN'; }
within 90 found
on storage01 rados --pool pairs get rbd_data.5e1a2b3c4d5e.0000000000000000 /root/newest
on storage01 cmp /etc/passwd /root/newest

step "Objects are unfound 4: the OSD does not return, and the older version is put back"
within 90 both_up
lose_osd "${acting[1]}"
within 60 health_is 'OSD_DOWN'
on storage01 rados --pool pairs put rbd_data.5e1a2b3c4d5e.0000000000000000 /root/object
on storage01 ceph osd set norecover
on "${host_of[${acting[1]}]}" systemctl start "ceph-osd@${acting[1]}"
within 60 both_up
lose_osd "${acting[0]}"
within 60 health_is 'OBJECT_UNFOUND'
on storage01 ceph osd lost "${acting[0]}" --yes-i-really-mean-it
on storage01 ceph osd unset norecover
run_ok storage01 'ceph pg 2.5 mark_unfound_lost revert' "2.5:=$group"
expect 'pg has 1 objects unfound and apparently lost marking' "$output"
within 60 bash -c "$(declare -f on); $(declare -p leader); ! on storage01 ceph health detail | grep -q OBJECT_UNFOUND"
on storage01 rados --pool pairs get rbd_data.5e1a2b3c4d5e.0000000000000000 /root/older
on storage01 cmp /etc/passwd /root/older
on "${host_of[${acting[0]}]}" systemctl start "ceph-osd@${acting[0]}"
on storage01 ceph osd unset noout

step "Verify 1 and 4"
within 120 both_up
run_ok storage01 'ceph pg dump_stuck inactive'
expect '^ok$' "$output"
refuse 'PG_AVAILABILITY|OBJECT_UNFOUND' "$(on storage01 ceph health detail)"
refuse 'noout|pause' "$(on storage01 ceph osd dump | grep flags)"
passed
