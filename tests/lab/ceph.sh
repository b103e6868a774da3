# A Ceph cluster of three hosts, each with a monitor, and with five OSDs, for the scripts of the pages about Ceph.
#
#     . "$(dirname "$0")/lib.sh"
#     . "$(dirname "$0")/ceph.sh"
#
# Without cephadm: the daemons are units of the hosts, as with ceph-ansible. An OSD is a BlueStore in a file of memory.

hosts=(storage01 storage02 storage03)
declare -A host_of=([0]=storage01 [1]=storage02 [2]=storage03 [3]=storage03 [4]=storage02)

# form_ceph SIZE: the cluster, with OSDs of so many bytes.
form_ceph() {
    local name root fsid osd uuid address
    fsid=$(cat /proc/sys/kernel/random/uuid)
    printf '127.0.0.1 localhost\n192.0.2.21 storage01\n192.0.2.22 storage02\n192.0.2.23 storage03\n' >"$LAB/hosts"
    for name in "${hosts[@]}"; do
        address=192.0.2.2${name: -1}
        boot "$name" "$address"
        root=$(root_of "$name")
        cat >"$root/etc/ceph/ceph.conf" <<CONF
[global]
fsid = $fsid
mon_host = 192.0.2.21,192.0.2.22,192.0.2.23
mon_initial_members = storage01,storage02,storage03
public_addr = $address
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
osd_pool_default_size = 3
osd_pool_default_min_size = 2
mon_allow_pool_delete = true
[osd]
bluestore_block_size = $1
osd_memory_target = 939524096
osd_heartbeat_grace = 6
osd_heartbeat_interval = 2
CONF
        # Modules of the manager cannot load Debian's bcrypt (https://github.com/PyO3/pyo3/issues/576), and no page hashes passwords.
        echo 'def hashpw(*_): raise NotImplementedError' >"$root/usr/lib/python3/dist-packages/bcrypt/__init__.py"
        # The scripts restart OSDs more often than the unit allows.
        mkdir -p "$root/etc/systemd/system/ceph-osd@.service.d"
        printf '[Unit]\nStartLimitBurst=30\n' >"$root/etc/systemd/system/ceph-osd@.service.d/lab.conf"
        on "$name" systemctl daemon-reload
        on "$name" monmaptool --create --clobber --fsid "$fsid" --addv storage01 '[v2:192.0.2.21:3300,v1:192.0.2.21:6789]' \
            --addv storage02 '[v2:192.0.2.22:3300,v1:192.0.2.22:6789]' --addv storage03 '[v2:192.0.2.23:3300,v1:192.0.2.23:6789]' /tmp/monmap
        on "$name" ceph-mon --mkfs --id "$name" --monmap /tmp/monmap --setuser ceph --setgroup ceph
        on "$name" systemctl start "ceph-mon@$name"
    done
    within 60 ceph_is 'mon: 3 daemons, quorum storage01,storage02,storage03'
    for name in storage01 storage02; do
        on "$name" install -d -o ceph -g ceph "/var/lib/ceph/mgr/ceph-$name"
        on "$name" systemctl start "ceph-mgr@$name"
    done
    for osd in 0 1 2 3 4; do
        name=${host_of[$osd]}
        uuid=$(cat /proc/sys/kernel/random/uuid)
        on "$name" ceph osd new "$uuid" >/dev/null
        on "$name" install -d -o ceph -g ceph "/var/lib/ceph/osd/ceph-$osd"
        on "$name" ceph-osd --id "$osd" --mkfs --osd-uuid "$uuid" --setuser ceph --setgroup ceph 2>/dev/null
        on "$name" systemctl start "ceph-osd@$osd"
    done
    within 90 ceph_is '5 osds: 5 up'
    on storage01 ceph config set global mon_warn_on_insecure_global_id_reclaim_allowed false
    within 60 has_modules
}

has_modules() { on storage01 ceph balancer status; }

# ceph_is PATTERN: whether `ceph -s` has such a line.
ceph_is() { on storage01 ceph --connect-timeout 10 -s 2>/dev/null | grep -qE -- "$1"; }

# health_is PATTERN: the same for `ceph health detail`.
health_is() { on storage01 ceph health detail | grep -qE -- "$1"; }

# is_clean: whether all groups are active and clean. Being scrubbed is no fault.
is_clean() {
    local states
    states=$(on storage01 ceph pg dump pgs_brief --format json 2>/dev/null | grep -oE '"state":"[^"]+"') || return 1
    ! grep -vqE '"active\+clean(\+scrubbing(\+deep)?|\+snaptrim(_wait)?)?"' <<<"$states"
}

# pool NAME [GROUPS]: a replicated pool for RBD.
pool() {
    on storage01 ceph osd pool create "$1" "${2:-8}" "${2:-8}" replicated --autoscale-mode=off
    on storage01 rbd pool init "$1"
    within 60 is_clean
}

# lose_osd OSD: ends an OSD as a failed disk does, and leaves it stopped.
lose_osd() {
    on "${host_of[$1]}" systemctl kill --signal=KILL "ceph-osd@$1"
    on "${host_of[$1]}" systemctl stop "ceph-osd@$1"
}
