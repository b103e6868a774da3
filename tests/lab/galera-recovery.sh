#!/usr/bin/env bash
# Runs the steps of content/runbooks/galera-recovery.md on three local MariaDB nodes.
#
# Debian packages: mariadb-server mariadb-backup galera-4 socat netcat-openbsd iproute2.
# The containers and the plays of Kolla are not there: the commands run without `docker exec`, and the script does
# by hand what the play `mariadb-recovery` does (recover the position, allow the bootstrap, start, join).
. "$(dirname "$0")/lib.sh"
enter "$@"

export MYSQL_PWD=lab-password
declare -A address=([control01]=192.0.2.11 [control02]=192.0.2.12 [control03]=192.0.2.13)
nodes=(control01 control02 control03)

# start NODE [OPTION]: starts MariaDB in the background, as `mariadbd-safe` does in the container: it asks for the position first
# and passes it on. A node that is started without its position founds a cluster with a new uuid, and the others then need a full
# transfer.
start() {
    local name=$1 position=
    shift
    if grep -qs 'seqno: *-1' "$LAB/$name/_data/grastate.dat"; then
        on "$name" mariadbd --defaults-file="$LAB/$name/my.cnf" --wsrep-recover >>"$LAB/$name/mariadb.log" 2>&1
        position=$(grep 'Recovered position' "$LAB/$name/mariadb.log" | tail -n 1 | sed 's/.*position: //')
    fi
    launch "$name" mariadbd --defaults-file="$LAB/$name/my.cnf" ${position:+--wsrep-start-position="$position"} "$@" \
        >>"$LAB/$name/mariadb.log" 2>&1
    pid[$name]=$launched
}
declare -A pid

# crash NODE: kills MariaDB as a loss of power does.
crash() {
    kill -KILL "${pid[$1]}"
    wait "${pid[$1]}" 2>/dev/null || true
}

# stop NODE: ends MariaDB as systemctl stop does.
stop() {
    kill "${pid[$1]}"
    wait "${pid[$1]}" 2>/dev/null || true
}

query() {
    local name=$1
    shift
    on "$name" mariadb -u root --socket="$LAB/$name/socket" "$@"
}

# state NODE: what step 3 of Diagnose prints.
state() {
    query "$1" -t -e \
        "SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_ready', \
     'wsrep_cluster_size','wsrep_cluster_status', \
     'wsrep_local_state_comment','wsrep_last_committed')"
}

# is NODE VARIABLE VALUE
is() { [ "$(query "$1" -BN -e "SHOW GLOBAL STATUS LIKE '$2'" | cut -f2)" = "$3" ]; }

rows() { query "$1" -BN -e 'SELECT COUNT(*) FROM lab.t'; }

write() { query "$1" -e 'INSERT INTO lab.t VALUES (NULL); INSERT INTO lab.t VALUES (NULL); INSERT INTO lab.t VALUES (NULL)'; }

# verify: step 1 of Verify, on all nodes.
verify() {
    local name
    for name in "${nodes[@]}"; do
        within 60 is "$name" wsrep_local_state_comment Synced
        within 60 is "$name" wsrep_cluster_size 3
        is "$name" wsrep_cluster_status Primary
        is "$name" wsrep_ready ON
    done
}

same_rows() {
    local name
    for name in "${nodes[@]}"; do
        expect "^$1\$" "$(rows "$name")"
    done
}

for name in "${nodes[@]}"; do
    node "$name" "${address[$name]}"
    mkdir -p "$LAB/$name/tmp"
    cat >"$LAB/$name/my.cnf" <<CONF
[mysqld]
user = mysql
datadir = $LAB/$name/_data
tmpdir = $LAB/$name/tmp
socket = $LAB/$name/socket
pid-file = $LAB/$name/pid
bind-address = ${address[$name]}
binlog_format = ROW
default_storage_engine = InnoDB
innodb_autoinc_lock_mode = 2
innodb_buffer_pool_size = 32M
innodb_log_file_size = 8M
wsrep_on = ON
wsrep_provider = /usr/lib/galera/libgalera_smm.so
wsrep_provider_options = "gcache.size=8M;gmcast.listen_addr=tcp://${address[$name]}:4567"
wsrep_cluster_name = lab
wsrep_cluster_address = gcomm://192.0.2.11,192.0.2.12,192.0.2.13
wsrep_node_name = $name
wsrep_node_address = ${address[$name]}
wsrep_sst_method = mariabackup
wsrep_sst_auth = root:lab-password
CONF
    chown -R mysql: "$LAB/$name"
done
mariadbd --version
mariadb-install-db --user=mysql --datadir="$LAB/control01/_data" --auth-root-authentication-method=normal >/dev/null

step "Set up: control01 founds the cluster, the others join by a full transfer"
start control01 --wsrep-new-cluster
within 60 env -u MYSQL_PWD mariadb -u root --socket="$LAB/control01/socket" -e 'SELECT 1'
env -u MYSQL_PWD mariadb -u root --socket="$LAB/control01/socket" -e \
    "ALTER USER root@localhost IDENTIFIED BY 'lab-password'; CREATE DATABASE lab; CREATE TABLE lab.t (id INT AUTO_INCREMENT PRIMARY KEY)"
within 60 is control01 wsrep_local_state_comment Synced
for name in control02 control03; do
    install -d -o mysql "$LAB/$name/_data"
    start "$name"
    within 120 is "$name" wsrep_local_state_comment Synced
done
verify

step "Diagnose 3: what the cluster says"
write control01
expect 'wsrep_cluster_size +\| 3 ' "$(state control01)"

step "Diagnose 4: ports between the nodes"
expect '4567 port .* succeeded!' "$(on control01 nc -zv 192.0.2.12 4567 2>&1)"
expect '4444 .*(refused)' "$(on control01 nc -zv 192.0.2.12 4444 2>&1 || true)"
expect '4568 .*(refused)' "$(on control01 nc -zv 192.0.2.12 4568 2>&1 || true)"

step "One node is missing: an incremental transfer"
crash control03
within 30 is control01 wsrep_cluster_size 2
write control01
start control03
verify
expect 'IST' "$(grep -E 'Receiving IST|IST receiver|IST received' "$LAB/control03/mariadb.log" | tail -n 3)"
same_rows 6

step "One node is missing: a full transfer, and its logs"
stop control03
rm -rf "$LAB/control03/_data"
install -d -o mysql "$LAB/control03/_data"
start control03
within 120 is control03 wsrep_local_state_comment Synced
verify
find "$LAB"/control0[123]/_data -maxdepth 2 -name 'mariabackup.*.log' -mmin -120 | sort
expect 'mariabackup' "$(find "$LAB"/control0[123]/_data -maxdepth 2 -name 'mariabackup.*.log' -mmin -120)"

step "One node is missing: port 4444 is held by an old socat"
stop control03
rm -rf "$LAB/control03/_data"
install -d -o mysql "$LAB/control03/_data"
launch control03 socat -u tcp-listen:4444,reuseaddr,fork stdout >/dev/null
holder=$launched
start control03
within 30 grep -q 'bind.*Address already in use' "$LAB/control03/mariadb.log"
expect 'LISTEN .*:4444 .*"socat"' "$(on control03 ss -ltnp 'sport = :4444')"
expect 'WSREP_SST: \[ERROR\] Error while getting data from donor node' "$(grep 'WSREP_SST: \[ERROR\]' "$LAB/control03/mariadb.log" | tail -n 4)"
# MariaDB then ends, or it waits for good: both were seen.
kill -KILL "${pid[control03]}" 2>/dev/null || true
wait "${pid[control03]}" 2>/dev/null || true
kill "$holder"
start control03
within 120 is control03 wsrep_local_state_comment Synced
verify

step "One node is missing: the password of the transfer has changed"
stop control03
rm -rf "$LAB/control03/_data"
install -d -o mysql "$LAB/control03/_data"
query control01 -e "SET GLOBAL wsrep_sst_auth='root:wrong'"
query control02 -e "SET GLOBAL wsrep_sst_auth='root:wrong'"
start control03
wait "${pid[control03]}" || true
grep -h 'Access denied' "$LAB"/control0[12]/mariadb.log "$LAB"/control0[12]/_data/mariabackup.*.log || true
expect 'Access denied' "$(cat "$LAB"/control0[12]/mariadb.log "$LAB"/control0[12]/_data/mariabackup.*.log | grep 'Access denied' | tail -n 2)"
query control01 -e "SET GLOBAL wsrep_sst_auth='root:lab-password'"
query control02 -e "SET GLOBAL wsrep_sst_auth='root:lab-password'"
start control03
within 120 is control03 wsrep_local_state_comment Synced
verify

# alone: starts control03 as a cluster of its own, and writes there.
alone() {
    start control03 --wsrep-cluster-name=other --wsrep-new-cluster
    within 30 is control03 wsrep_local_state_comment Synced
    write control03
    write control03
    stop control03
}

step "One node is missing: its uuid differs, and a full transfer replaces its data without a word"
stop control03
rm "$LAB/control03/_data/grastate.dat"
alone
expect '^2$' "$(grep -h uuid "$LAB"/control0[13]/_data/grastate.dat | sort -u | wc -l)"
start control03
within 120 is control03 wsrep_local_state_comment Synced
verify
same_rows 6

step "Bring back a stopped cluster: control01 fails first, then both others"
crash control01
within 30 is control02 wsrep_cluster_size 2
write control02
kill -KILL "${pid[control02]}" "${pid[control03]}"
wait "${pid[control02]}" "${pid[control03]}" 2>/dev/null || true

step "Step 1: grastate.dat"
for name in "${nodes[@]}"; do
    expect 'seqno: +-1' "$(cat "$LAB/$name/_data/grastate.dat")"
done
expect '^1$' "$(grep -h uuid "$LAB"/control0?/_data/grastate.dat | sort -u | wc -l)"

step "Steps 3 and 4: room, and the copies"
for name in "${nodes[@]}"; do
    (
        cd "$LAB/$name"
        test ! -e mariadb-before-recovery && cp -a --no-target-directory _data mariadb-before-recovery
        du -sh _data mariadb-before-recovery
    )
done

step "Step 5, and Name the node yourself 1: the position of each node"
declare -A position
for name in "${nodes[@]}"; do
    on "$name" mariadbd --defaults-file="$LAB/$name/my.cnf" --wsrep-recover >>"$LAB/$name/mariadb.log" 2>&1
    line=$(grep 'Recovered position' "$LAB/$name/mariadb.log" | tail -n 1)
    expect 'Recovered position: [0-9a-f-]+:[0-9]+$' "$line"
    position[$name]=${line##*:}
done
((position[control02] > position[control01])) && ((position[control02] == position[control03]))
checks=$((checks + 1))

step "Step 5: the node refuses to found the cluster until it is allowed"
start control02 --wsrep-new-cluster
wait "${pid[control02]}" || true
expect 'may not be safe to bootstrap' "$(grep 'may not be safe to bootstrap' "$LAB/control02/mariadb.log" | tail -n 1)"
sed -i 's/safe_to_bootstrap: 0/safe_to_bootstrap: 1/' "$LAB/control02/_data/grastate.dat"
start control02 --wsrep-new-cluster
within 60 is control02 wsrep_local_state_comment Synced
for name in control01 control03; do
    start "$name"
    within 60 is "$name" wsrep_local_state_comment Synced
done
verify
same_rows 9
# The history goes on: no node needed a full transfer.
expect '^1$' "$(grep -h uuid "$LAB"/control0?/_data/grastate.dat "$LAB"/control01/mariadb-before-recovery/grastate.dat | sort -u | wc -l)"
refuse 'SST received' "$(sed '1,/may not be safe to bootstrap/d' "$LAB/control02/mariadb.log"; tail -n 40 "$LAB/control01/mariadb.log")"

step "All nodes run, none is primary"
for name in "${nodes[@]}"; do unplug "$name"; done
for name in "${nodes[@]}"; do within 60 is "$name" wsrep_cluster_status non-Primary; done
for name in "${nodes[@]}"; do
    expect 'non-Primary' "$(query "$name" -t -e \
        "SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_cluster_status', 'wsrep_local_state_uuid','wsrep_last_committed')")"
done
# Step 3, while the others cannot be reached.
query control02 -e "SET GLOBAL wsrep_provider_options='pc.bootstrap=YES'"
within 30 is control02 wsrep_cluster_status Primary
for name in "${nodes[@]}"; do plug "$name"; done
verify
write control02
same_rows 12

step "All nodes run, none is primary: the nodes find each other when the network returns"
for name in "${nodes[@]}"; do unplug "$name"; done
for name in "${nodes[@]}"; do within 60 is "$name" wsrep_cluster_status non-Primary; done
for name in "${nodes[@]}"; do plug "$name"; done
within 120 is control01 wsrep_cluster_status Primary
verify
same_rows 12

step "Rollback: the copies are put back on all nodes, and the cluster is founded again"
for name in "${nodes[@]}"; do stop "$name"; done
for name in "${nodes[@]}"; do
    (
        cd "$LAB/$name"
        test -d mariadb-before-recovery && test ! -e mariadb-after-recovery && \
            mv --no-target-directory _data mariadb-after-recovery && \
            cp -a --no-target-directory mariadb-before-recovery _data
        ls -ldn _data mariadb-after-recovery
    )
done
sed -i 's/safe_to_bootstrap: 0/safe_to_bootstrap: 1/' "$LAB/control03/_data/grastate.dat"
start control03 --wsrep-new-cluster
within 60 is control03 wsrep_local_state_comment Synced
for name in control01 control02; do
    start "$name"
    within 60 is "$name" wsrep_local_state_comment Synced
done
verify
same_rows 9
passed
