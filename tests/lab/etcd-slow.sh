#!/usr/bin/env bash
# Runs the steps of content/runbooks/etcd-slow.md on three members of etcd 3.5.
#
# LAB_ROOT: see tests/lab/root. Also systemd-container, iproute2.
# There is no Kubernetes and no TLS: `https` of the page is `http` here, and a member is a unit of the node. A slow disk is not made:
# the script shows that the commands find and do what the page says.
. "$(dirname "$0")/lib.sh"
enter "$@"

nodes=(cp01 cp02 cp03)
for name in "${nodes[@]}"; do
    address=192.0.2.2${name: -1}
    boot "$name" "$address"
    mkdir -p "$(root_of "$name")/root/etcd"
    cat >"$(root_of "$name")/usr/local/bin/member" <<TOOL
#!/bin/bash
[ ! -e /root/etcd.options ] || options=\$(cat /root/etcd.options)
exec etcd --name $name --data-dir /var/lib/etcd/member --listen-metrics-urls http://127.0.0.1:2381 \
    --listen-peer-urls http://$address:2380 --initial-advertise-peer-urls http://$address:2380 \
    --listen-client-urls http://$address:2379,http://127.0.0.1:2379 --advertise-client-urls http://$address:2379 \
    --initial-cluster cp01=http://192.0.2.21:2380,cp02=http://192.0.2.22:2380,cp03=http://192.0.2.23:2380 \$options
TOOL
    chmod +x "$(root_of "$name")/usr/local/bin/member"
    unit "$name" etcd root /usr/local/bin/member
    on "$name" systemctl start kolla-etcd-container.service
done
three_answer() { [ "$(on cp01 etcdctl endpoint status --cluster 2>/dev/null | wc -l)" = 3 ]; }
within 30 three_answer
on cp01 etcd --version

# lead NODE: makes a node the leader. id_of NODE: the id of its member.
id_of() { on cp01 etcdctl member list | grep " $1," | cut -d, -f1; }
leads() { on "$1" etcdctl endpoint status | awk -F', ' '{ exit $5 != "true" }'; }
leader_now() {
    local name
    for name in "${nodes[@]}"; do if leads "$name"; then echo "$name"; fi; done
}

step "Diagnose 4: all members, one leads"
run_ok cp01 'etcdctl endpoint status --cluster --write-out table'
expect '^3$' "$(grep -c '192.0.2.2' <<<"$output")"
first=$(leader_now)
expect '^cp0[123]$' "$first"

step "Diagnose 5: log writes, as each member counts them"
for number in $(seq 200); do on cp01 etcdctl put "key$number" value >/dev/null; done
run_ok cp02 "curl --silent http://127.0.0.1:2381/metrics | grep -E '^etcd_disk_wal_fsync_duration_seconds_(bucket|count)'"
expect 'etcd_disk_wal_fsync_duration_seconds_bucket\{le="0.008"\} [0-9]+' "$output"
expect 'etcd_disk_wal_fsync_duration_seconds_bucket\{le="0.016"\} [0-9]+' "$output"
expect 'etcd_disk_wal_fsync_duration_seconds_count [1-9]' "$output"
expect 'etcd_disk_backend_commit_duration_seconds_count' "$(on cp02 curl --silent http://127.0.0.1:2381/metrics)"

step "Diagnose 6 and 7: the disk, the network, the processor"
run_ok cp02 'findmnt --target /var/lib/etcd'
run_ok cp02 'iostat -x -d 5 3'
expect 'w_await.*%util' "$output"
run_ok cp02 'pidstat -d 5 3'
expect 'kB_wr/s' "$output"
run_ok cp02 "curl --silent http://127.0.0.1:2381/metrics | grep -E '^etcd_(server_heartbeat_send_failures_total|server_slow_apply_total|network_peer_round_trip_time_seconds_(sum|count))'"
expect '^etcd_server_heartbeat_send_failures_total' "$output"
expect '^etcd_server_slow_apply_total' "$output"
expect '^etcd_network_peer_round_trip_time_seconds_count' "$output"

step "Move the leader to a fast member"
while [ "$(leader_now)" != cp02 ]; do
    on cp01 etcdctl --endpoints http://192.0.2.21:2379,http://192.0.2.22:2379,http://192.0.2.23:2379 move-leader "$(id_of cp02)" || sleep 1
done
fast=$(id_of cp01)
run_ok cp01 'etcdctl --endpoints https://127.0.0.1:2379,https://192.0.2.22:2379 move-leader 8e9e05c52164694d' "8e9e05c52164694d:=$fast" https:=http
expect "Leadership transferred from [0-9a-f]+ to $fast" "$output"
within 10 leads cp01
slow=$(id_of cp02)
step "Rollback: the old leader"
expect 'Leadership transferred' "$(on cp01 etcdctl --endpoints http://127.0.0.1:2379,http://192.0.2.22:2379 move-leader "$slow")"
# Without the leader in the list the command fails, as the page says.
refuse 'transferred' "$(on cp01 etcdctl --endpoints http://127.0.0.1:2379 move-leader "$fast" 2>&1 || true)"

step "Stop the other writer"
cat >"$(root_of cp02)/etc/systemd/system/restic-backup.service" <<'UNIT'
[Service]
ExecStart=/bin/sh -c 'while :; do dd if=/dev/zero of=/root/written bs=1M count=20 conv=fsync 2>/dev/null; sleep 0.2; done'
UNIT
on cp02 systemctl daemon-reload
on cp02 systemctl start restic-backup.service
run_ok cp02 'systemctl stop restic-backup.service'
expect '^inactive$' "$(on cp02 systemctl is-active restic-backup.service || true)"
run_ok cp02 'ionice --class 2 --classdata 0 --pid "$(pgrep --exact etcd)"
ionice --pid "$(pgrep --exact etcd)"'
expect '^best-effort: prio 0$' "$output"

step "Defragment one member at a time"
for number in $(seq 200); do on cp01 etcdctl del "key$number" >/dev/null; done
expect 'etcd_mvcc_db_total_size_in_use_in_bytes' "$(on cp02 curl --silent http://127.0.0.1:2381/metrics | grep ^etcd_mvcc_db_total_size)"
run_ok cp01 'etcdctl --endpoints https://192.0.2.22:2379 --command-timeout 120s defrag
etcdctl endpoint status --cluster --write-out table' https:=http
expect 'Finished defragmenting etcd member\[http://192.0.2.22:2379\]' "$output"
expect '^3$' "$(grep -c '192.0.2.2[123]:2379 ' <<<"$output")"

step "Give elections more time: one node after the other"
for name in "${nodes[@]}"; do
    echo '--heartbeat-interval=250 --election-timeout=2500' >"$(root_of "$name")/root/etcd.options"
    on "$name" systemctl restart kolla-etcd-container.service
    within 30 three_answer
done

step "Verify 1 and 3"
run_ok cp01 'etcdctl endpoint status --cluster --write-out table'
expect '^3$' "$(grep -c '192.0.2.2' <<<"$output")"
within 20 bash -c "[ -n \"\$(true; $(declare -f on); $(declare -p leader); on cp01 etcdctl endpoint health 2>&1 | grep 'is healthy')\" ]"
run_ok cp01 "curl --silent http://127.0.0.1:2381/metrics | grep '^etcd_server_leader_changes_seen_total'"
before=$output
sleep 15
run_ok cp01 "curl --silent http://127.0.0.1:2381/metrics | grep '^etcd_server_leader_changes_seen_total'"
[ "$output" = "$before" ]
passed
