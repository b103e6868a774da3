#!/usr/bin/env bash
# Runs the steps of content/runbooks/rabbitmq-partition.md on three nodes with RabbitMQ 4.
#
# LAB_ROOT: see tests/lab/root. Also systemd-container, iproute2, python3.
# The nodes are whole Debians with systemd; `docker` and `sudo` are stand-ins, see `kolla` in lib.sh.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/rabbitmq.sh"
enter "$@"

form_cluster
declare_queue control01 requests quorum
publish control01 requests 3

step "Diagnose 2: the metadata store"
run_ok control01 'sudo docker exec rabbitmq rabbitmqctl version'
expect '^4\.' "$output"
run_ok control01 'sudo docker exec rabbitmq rabbitmqctl -q list_feature_flags name state | grep khepri_db'
expect '^khepri_db	disabled$' "$output"

step "Diagnose 3 to 5: a healthy cluster"
for name in "${nodes[@]}"; do
    run_ok "$name" 'sudo docker exec rabbitmq rabbitmqctl --timeout 30 cluster_status'
    expect '^Running Nodes$' "$output"
    expect '^3$' "$(sed -n '/^Running Nodes/,/^Versions/p' <<<"$output" | grep -c '^rabbit@control0')"
    expect '^\(none\)$' "$(sed -n '/^Network Partitions/,/^Listeners/p' <<<"$output")"
    run_ok "$name" 'sudo docker exec rabbitmq rabbitmq-diagnostics alarms'
    expect 'reported no alarms, local or clusterwide' "$output"
done
run_ok control01 'getent hosts control03'
expect '192\.0\.2\.13 +control03' "$output"
run_ok control01 'nc -zv -w 5 control03 25672'
expect '25672 port \[tcp/\*\] succeeded!' "$output"
run_ok control01 'sudo docker exec rabbitmq rabbitmq-diagnostics erlang_cookie_hash'
hash=$output
run_ok control03 'sudo docker exec rabbitmq rabbitmq-diagnostics erlang_cookie_hash'
[ "$(tail -n 1 <<<"$hash")" = "$(tail -n 1 <<<"$output")" ]

step "Fix 2: one node does not return"
lose_power control03
within 60 are_running 2
run control01 'sudo docker exec rabbitmq rabbitmqctl --timeout 30 cluster_status'
refuse 'control03' "$(sed -n '/^Running Nodes/,/^Versions/p' <<<"$output")"
declare_queue control01 neutron_fanout stream
run control02 'sudo docker exec rabbitmq rabbitmq-diagnostics check_if_node_is_quorum_critical'
expect 'requests' "$output"
expect '^[1-9]' "$code"
run_ok control03 'sudo systemctl restart kolla-rabbitmq-container.service'
run_ok control03 'sleep 10; sudo docker exec rabbitmq rabbitmqctl wait --timeout 300 /var/lib/rabbitmq/mnesia/rabbitmq.pid'
run_ok control03 'sudo docker exec rabbitmq rabbitmq-diagnostics check_running'
expect 'RabbitMQ on node rabbit@control03 is fully booted and running' "$output"
within 60 are_running 3
# The coordinator of the streams began with two members. It takes in the third one at its next look around.
can_spare() { on "$1" rabbitmq-diagnostics check_if_node_is_quorum_critical; }
within 120 can_spare control02
run_ok control02 'sudo docker exec rabbitmq rabbitmq-diagnostics check_if_node_is_quorum_critical'

step "After the cluster is complete again 1: a stream has its replica on the node that was away, and one without gets it"
run_ok control01 'sudo docker exec rabbitmq rabbitmqctl -q --timeout 30 list_queues name type | grep stream'
expect '^neutron_fanout	stream$' "$output"
run_ok control01 'sudo docker exec rabbitmq rabbitmq-streams stream_status neutron_fanout'
expect 'rabbit@control03' "$output"
on control01 docker exec rabbitmq rabbitmq-streams delete_replica neutron_fanout rabbit@control03
run_ok control01 'sudo docker exec rabbitmq rabbitmq-streams stream_status neutron_fanout'
refuse 'rabbit@control03' "$output"
run_ok control01 'sudo docker exec rabbitmq rabbitmq-streams add_replica neutron_fanout rabbit@control03'
has_replica() { on control01 docker exec rabbitmq rabbitmq-streams stream_status neutron_fanout | grep -q 'rabbit@control03'; }
within 30 has_replica

step "Fix 1: the network was down and is back"
unplug control03
within 90 on control03 grep -qr 'minority' /var/log/rabbitmq
within 60 are_running 2
publish control01 requests 1
plug control03
within 120 are_running 3
run control03 'sudo sh -c '\''tail -n 50 "$(ls -t /var/log/kolla/rabbitmq/*.log | head -n 1)"'\'
expect 'Cluster minority/secondary status detected' "$(on control03 cat /var/log/rabbitmq/rabbit@control03.log)"

step "Fix 4: all nodes have lost power"
for name in "${nodes[@]}"; do lose_power "$name"; done
for name in "${nodes[@]}"; do
    run_ok "$name" 'sudo systemctl reset-failed kolla-rabbitmq-container.service
sudo systemctl start kolla-rabbitmq-container.service'
done
for name in "${nodes[@]}"; do
    run_ok "$name" 'sudo docker exec rabbitmq rabbitmqctl wait --timeout 300 /var/lib/rabbitmq/mnesia/rabbitmq.pid'
    run_ok "$name" 'sudo docker exec rabbitmq rabbitmq-diagnostics check_running'
    expect 'fully booted and running' "$output"
done
within 60 are_running 3
expect '^requests	4$' "$(on control01 rabbitmqctl -q list_queues name messages)"

step "Fix 4: a unit that has given up does not start before reset-failed"
conf=$(root_of control03)/etc/rabbitmq/rabbitmq.conf
on control03 systemctl stop "$unit"
echo 'no_such_setting = 1' >>"$conf"
on control03 systemctl start "$unit"
has_given_up() { [ "$(on control03 systemctl is-failed "$unit")" = failed ]; }
within 120 has_given_up
sed -i '/no_such_setting/d' "$conf"
run control03 'sudo systemctl start kolla-rabbitmq-container.service'
expect 'start-limit-hit|too quickly' "$(on control03 journalctl --no-pager --unit "$unit" | tail -n 5; echo "$output")"
run_ok control03 'sudo systemctl reset-failed kolla-rabbitmq-container.service
sudo systemctl start kolla-rabbitmq-container.service'
within 120 are_running 3

step "Fix 5: the node that stopped last is lost"
on control01 systemctl stop "$unit"
sleep 3
on control02 systemctl stop "$unit"
sleep 3
on control03 systemctl stop "$unit"
kill -KILL "${leader[control03]}"
nodes=(control01 control02)
on control01 systemctl start "$unit"
on control02 systemctl start "$unit"
within 60 on control02 grep -q 'Waiting for Mnesia tables' /var/log/rabbitmq/rabbit@control02.log
on control01 rabbitmq-diagnostics check_running && exit 1
# The page says why it makes the file by hand.
refused=$(on control02 timeout 60 rabbitmqctl force_boot 2>&1 || true)
printf '%s\n' "$refused"
run_ok control02 'sudo systemctl stop kolla-rabbitmq-container.service'
run_ok control02 'DATA=/var/lib/docker/volumes/rabbitmq/_data/mnesia/rabbit@$(hostname -s)
sudo test -d "$DATA" && sudo touch "$DATA/force_load" && sudo systemctl start kolla-rabbitmq-container.service'
run_ok control02 'sudo docker exec rabbitmq rabbitmqctl wait --timeout 300 /var/lib/rabbitmq/mnesia/rabbitmq.pid'
run_ok control02 'sudo docker exec rabbitmq rabbitmq-diagnostics check_running'
expect 'fully booted and running' "$output"
within 120 are_running 2
expect '^requests	4$' "$(on control01 rabbitmqctl -q list_queues name messages)"
passed
