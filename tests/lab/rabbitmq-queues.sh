#!/usr/bin/env bash
# Runs the steps of content/runbooks/rabbitmq-queues.md on three nodes with RabbitMQ 4.
#
# LAB_ROOT: see tests/lab/root. Also systemd-container, iproute2, python3.
# There is no client of AMQP: queues have no consumers, and no service is restarted.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/rabbitmq.sh"
enter "$@"

form_cluster
declare_queue control01 notifications.info quorum
publish control01 notifications.info 5

step "Diagnose 2: complete, no alarm"
run_ok control01 'sudo docker exec rabbitmq rabbitmqctl --timeout 30 cluster_status'
run_ok control01 'sudo docker exec rabbitmq rabbitmq-diagnostics alarms'
expect 'reported no alarms, local or clusterwide' "$output"

step "Diagnose 3: the longest queue"
run_ok control01 'sudo docker exec rabbitmq rabbitmqctl -q list_vhosts'
expect '^/$' "$output"
run_ok control01 'sudo docker exec rabbitmq rabbitmqctl -q --timeout 30 list_queues --vhost <VHOST> --online name type state consumers messages_ready messages_unacknowledged | sort -k5 -n | tail -n 15' VHOST=/
expect '^notifications.info	quorum	running	0	5	0$' "$output"
run_ok control01 'sudo docker exec rabbitmq rabbitmqctl -q --timeout 60 list_unresponsive_queues --vhost <VHOST>' VHOST=/
refuse 'notifications.info' "$output"

step "Notifications without a reader 2: purge"
run_ok control01 'sudo docker exec rabbitmq rabbitmqctl --vhost <VHOST> purge_queue notifications.info
sudo docker exec rabbitmq rabbitmqctl -q --timeout 30 list_queues --vhost <VHOST> name messages | grep -F '\''notifications.info'\' VHOST=/
# A quorum queue counts every five seconds.
is_empty() { on control01 rabbitmqctl -q list_queues name messages | grep -qxF 'notifications.info	0'; }
within 15 is_empty

step "A quorum queue without a leader 1 and 2: a dead member"
run_ok control01 'sudo docker exec rabbitmq rabbitmq-queues --vhost <VHOST> quorum_status notifications.info' VHOST=/
expect 'rabbit@control0[123] .*leader' "$output"
expect '^2$' "$(grep -c 'follower' <<<"$output")"
run_ok control01 'sudo docker exec rabbitmq rabbitmq-diagnostics check_if_node_is_quorum_critical'
run_ok control01 'sudo systemctl restart kolla-rabbitmq-container.service
sleep 10; sudo docker exec rabbitmq rabbitmqctl wait --timeout 300 /var/lib/rabbitmq/mnesia/rabbitmq.pid
sudo docker exec rabbitmq rabbitmq-diagnostics check_running'
expect 'fully booted and running' "$output"
within 60 are_running 3

step "A quorum queue without a leader 3: the majority is lost for good"
lose_power control02
lose_power control03
run control01 'sudo docker exec rabbitmq rabbitmq-queues --vhost <VHOST> quorum_status notifications.info' VHOST=/
for name in control02 control03; do on "$name" systemctl start "$unit"; done
within 120 are_running 3
run_ok control01 'sudo docker exec rabbitmq rabbitmqctl --vhost <VHOST> delete_queue notifications.info' VHOST=/
expect 'Queue was successfully deleted' "$output"
run control01 'sudo docker exec rabbitmq rabbitmqctl -q --timeout 30 list_queues --vhost <VHOST> --online name consumers messages | grep -F '\''notifications.info'\' VHOST=/
expect '^1$' "$code"

step "A memory alarm blocks all senders, and ends"
on control01 rabbitmqctl set_vm_memory_high_watermark absolute 16MiB
has_alarm() { on control01 rabbitmq-diagnostics alarms | grep -qi memory; }
within 30 has_alarm
run_ok control01 'sudo docker exec rabbitmq rabbitmq-diagnostics alarms'
expect '[Mm]emory alarm' "$output"
expect 'memory resource limit alarm set' "$(on control01 cat /var/log/rabbitmq/rabbit@control01.log)"
on control01 rabbitmqctl set_vm_memory_high_watermark 0.6
is_quiet() { on control01 rabbitmq-diagnostics alarms | grep -q 'reported no alarms'; }
within 30 is_quiet

step "Streams fill the disk 1: how much is it"
run_ok control01 'df -h /var/lib/docker
sudo du -sh /var/lib/docker/volumes/rabbitmq/_data'

step "Too many connections 1 and 3"
run control01 'sudo docker exec rabbitmq rabbitmqctl -q --timeout 60 list_connections peer_host user | sort | uniq -c | sort -rn | head'
run_ok control01 'sudo docker exec rabbitmq rabbitmq-diagnostics status | grep -iA4 '\''file desc'\'
passed
