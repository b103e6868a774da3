# A cluster of three RabbitMQ nodes as Kolla sets it up, for the scripts of the pages about RabbitMQ.
#
#     . "$(dirname "$0")/lib.sh"
#     . "$(dirname "$0")/rabbitmq.sh"

nodes=(control01 control02 control03)
unit=kolla-rabbitmq-container.service

# form_cluster: boots the nodes and waits until all three are in one cluster.
form_cluster() {
    local name root
    printf '127.0.0.1 localhost\n192.0.2.11 control01\n192.0.2.12 control02\n192.0.2.13 control03.example.org control03\n' >"$LAB/hosts"
    for name in "${nodes[@]}"; do
        boot "$name" "192.0.2.1${name: -1}"
        root=$(root_of "$name")
        kolla "$name"
        cat >"$root/etc/rabbitmq/rabbitmq.conf" <<'CONF'
cluster_formation.peer_discovery_backend = classic_config
cluster_formation.classic_config.nodes.1 = rabbit@control01
cluster_formation.classic_config.nodes.2 = rabbit@control02
cluster_formation.classic_config.nodes.3 = rabbit@control03
cluster_partition_handling = pause_minority
# The lab has no hour to wait until a node is given up.
net_ticktime = 5
mnesia_table_loading_retry_timeout = 10000
CONF
        printf 'PID_FILE=/var/lib/rabbitmq/mnesia/rabbitmq.pid\n' >"$root/etc/rabbitmq/rabbitmq-env.conf"
        echo '[rabbitmq_management].' >"$root/etc/rabbitmq/enabled_plugins"
        printf 'LABCOOKIE' >"$root/var/lib/rabbitmq/.erlang.cookie"
        chmod 400 "$root/var/lib/rabbitmq/.erlang.cookie"
        chroot "$root" chown -R rabbitmq: /var/lib/rabbitmq
        mkdir -p "$root/var/lib/docker/volumes/rabbitmq" "$root/var/log/kolla"
        ln -s /var/lib/rabbitmq "$root/var/lib/docker/volumes/rabbitmq/_data"
        ln -s /var/log/rabbitmq "$root/var/log/kolla/rabbitmq"
        unit "$name" rabbitmq rabbitmq /usr/lib/rabbitmq/bin/rabbitmq-server
    done
    for name in "${nodes[@]}"; do on "$name" systemctl start "$unit"; done
    within 120 are_running 3
}

# are_running COUNT: whether each of the nodes that answer sees so many running ones.
are_running() {
    local name seen answers=0
    for name in "${nodes[@]}"; do
        seen=$(on "$name" rabbitmqctl --quiet --timeout 5 cluster_status --formatter json 2>/dev/null |
            python3 -c 'import json, sys; print(len(json.load(sys.stdin)["running_nodes"]))') || continue
        [ "$seen" = "$1" ] || return 1
        answers=$((answers + 1))
    done
    [ "$answers" = "$1" ]
}

# manage NODE METHOD PATH [JSON]: a request to the management API of a node.
manage() {
    on "$1" curl -sS --fail-with-body -u guest:guest -H 'content-type: application/json' \
        -X "$2" "http://127.0.0.1:15672/api/$3" ${4:+-d "$4"}
}

# declare_queue NODE NAME TYPE
declare_queue() {
    manage "$1" PUT "queues/%2f/$2" "{\"durable\": true, \"arguments\": {\"x-queue-type\": \"$3\"}}"
}

# publish NODE QUEUE COUNT
publish() {
    local number
    for ((number = 0; number < $3; number++)); do
        manage "$1" POST exchanges/%2f/amq.default/publish \
            "{\"properties\": {\"delivery_mode\": 2}, \"routing_key\": \"$2\", \"payload\": \"request\", \"payload_encoding\": \"string\"}"
    done
}

# lose_power NODE: ends RabbitMQ as a loss of power does, and leaves it stopped.
lose_power() {
    on "$1" systemctl kill --signal=KILL "$unit"
    on "$1" systemctl stop "$unit"
}
