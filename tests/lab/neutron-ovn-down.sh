#!/usr/bin/env bash
# Runs the steps about the databases of content/runbooks/neutron-ovn-down.md on three nodes with OVN, and on one host with ovn-controller.
#
# LAB_ROOT: see tests/lab/root. Also systemd-container, iproute2.
# The kernel has no Open vSwitch here: ovs-vswitchd forwards in user space. Neutron and the plays are not there.
. "$(dirname "$0")/lib.sh"
enter "$@"

nodes=(control01 control02 control03)
sb=kolla-ovn_sb_db-container.service
printf '127.0.0.1 localhost\n192.0.2.11 control01\n192.0.2.12 control02\n192.0.2.13 control03\n192.0.2.31 compute07\n' >"$LAB/hosts"

# database NODE NAME SCHEMA PORT CLIENTS: the unit of a member, which founds the cluster on control01 and joins it elsewhere.
database() {
    local root=$1 address=192.0.2.1${1: -1} folder
    root=$(root_of "$1")
    folder=/var/lib/docker/volumes/ovn_$2_db/_data
    mkdir -p "$root$folder"
    cat >"$root/usr/local/bin/ovn_$2_db" <<TOOL
#!/bin/bash
mkdir -p /var/run/ovn /var/log/kolla/openvswitch
if [ ! -e $folder/ovn$2.db ]; then
    mkdir -p $folder
    # Only the first start founds a cluster, as the play does.
    if [ $1 = control01 ] && [ ! -e /root/founded ]; then
        ovsdb-tool create-cluster $folder/ovn$2.db /usr/share/ovn/ovn-$2.ovsschema tcp:$address:$4
    else
        others=
        for other in 192.0.2.11 192.0.2.12 192.0.2.13; do [ \$other = $address ] || others+=" tcp:\$other:$4"; done
        ovsdb-tool join-cluster $folder/ovn$2.db OVN_$3 tcp:$address:$4 \$others
    fi
fi
exec ovsdb-server --unixctl=/var/run/ovn/ovn$2_db.ctl --log-file=/var/log/kolla/openvswitch/ovn-$2-db.log -vconsole:off \
    --remote=punix:/var/run/ovn/ovn$2_db.sock --remote=ptcp:$5:0.0.0.0 $folder/ovn$2.db
TOOL
    chmod +x "$root/usr/local/bin/ovn_$2_db"
    unit "$1" "ovn_$2_db" root "/usr/local/bin/ovn_$2_db"
    on "$1" systemctl start "kolla-ovn_$2_db-container.service"
}

# member NODE NAME DATABASE: what step 3 of Diagnose prints.
member() { on "$1" ovs-appctl -t "/var/run/ovn/ovn$2_db.ctl" cluster/status "OVN_$3"; }
is_member() { member "$1" "$2" "$3" | grep -q 'Status: cluster member'; }
has_servers() { [ "$(member "$1" sb Southbound | grep -cE '^ +[0-9a-f]{4} \(')" = "$2" ]; }
has_leader() { member "$1" sb Southbound | grep -qE '^Leader: (self|[0-9a-f]{4})$'; }

all=tcp:192.0.2.11:PORT,tcp:192.0.2.12:PORT,tcp:192.0.2.13:PORT
northbound() { on control01 ovn-nbctl --db="${all//PORT/6641}" --no-leader-only "$@"; }
for name in "${nodes[@]}"; do
    boot "$name" "192.0.2.1${name: -1}"
    kolla "$name"
    database "$name" nb Northbound 6643 6641
    database "$name" sb Southbound 6644 6642
    within 30 is_member "$name" nb Northbound
    within 30 is_member "$name" sb Southbound
    cat >"$(root_of "$name")/usr/local/bin/northd" <<TOOL
#!/bin/bash
mkdir -p /run/ovn
exec ovn-northd --unixctl=/run/ovn/ovn-northd.ctl --ovnnb-db=${all//PORT/6641} --ovnsb-db=${all//PORT/6642}
TOOL
    chmod +x "$(root_of "$name")/usr/local/bin/northd"
    unit "$name" ovn_northd root /usr/local/bin/northd
    on "$name" systemctl start kolla-ovn_northd-container.service
done
touch "$(root_of control01)/root/founded"

boot compute07 192.0.2.31
kolla compute07
on compute07 systemctl start ovsdb-server
on compute07 sh -c 'ovs-vswitchd --detach --log-file --pidfile --disable-system -vconsole:off'
on compute07 ovs-vsctl set Open_vSwitch . external_ids:system-id=compute07 "external_ids:ovn-remote=\"${all//PORT/6642}\"" \
    external_ids:ovn-encap-type=geneve external_ids:ovn-encap-ip=192.0.2.31 external_ids:ovn-bridge-datapath-type=netdev
mkdir -p "$(root_of compute07)/var/log/kolla/openvswitch"
cat >"$(root_of compute07)/usr/local/bin/controller" <<'TOOL'
#!/bin/bash
mkdir -p /var/run/ovn
exec ovn-controller --pidfile --log-file=/var/log/kolla/openvswitch/ovn-controller.log -vconsole:off
TOOL
chmod +x "$(root_of compute07)/usr/local/bin/controller"
unit compute07 ovn_controller root /usr/local/bin/controller
on compute07 systemctl start kolla-ovn_controller-container.service

nb_status='sudo docker exec ovn_nb_db ovs-appctl -t /var/run/ovn/ovnnb_db.ctl cluster/status OVN_Northbound'
sb_status='sudo docker exec ovn_sb_db ovs-appctl -t /var/run/ovn/ovnsb_db.ctl cluster/status OVN_Southbound'

step "Diagnose 3: three members, one leader"
leaders=
for name in "${nodes[@]}"; do
    run_ok "$name" "$nb_status"
    expect '^Status: cluster member' "$output"
    run_ok "$name" "$sb_status"
    expect '^Status: cluster member' "$output"
    expect '^Role: (leader|follower)' "$output"
    expect '^3$' "$(grep -cE '^ +[0-9a-f]{4} \(' <<<"$output")"
    leaders+=$(sed -n 's/^Role: //p' <<<"$output")' '
done
expect '^1$' "$(grep -o leader <<<"$leaders" | wc -l)"

step "Diagnose 4: exactly one northd is active"
states=
for name in "${nodes[@]}"; do
    run_ok "$name" 'sudo docker exec ovn_northd ovn-appctl -t /run/ovn/ovn-northd.ctl status'
    expect '^Status: (active|standby)$' "$output"
    states+="$output "
done
expect '^1$' "$(grep -o active <<<"$states" | wc -l)"

step "Diagnose 5: the host of an agent"
is_connected() { [ "$(on compute07 ovn-appctl -t ovn-controller connection-status)" = connected ]; }
within 30 is_connected
run_ok compute07 'sudo docker exec ovn_controller ovn-appctl -t ovn-controller connection-status
sudo tail -n 30 /var/log/kolla/openvswitch/ovn-controller.log'
expect '^connected$' "$output"
# A port of a network has flows on the host.
northbound ls-add net -- lsp-add net port -- lsp-set-addresses port '02:00:00:00:00:01 10.0.0.1'
on compute07 ovs-vsctl add-port br-int port -- set interface port type=internal external_ids:iface-id=port
has_flows() { on compute07 ovs-ofctl dump-flows br-int | grep -q 'dl_dst=02:00:00:00:00:01'; }
within 30 has_flows

step "Restart ovn-controller 1 and 2"
run_ok compute07 'sudo docker exec ovn_controller ovn-appctl -t ovn-controller inc-engine/recompute'
run_ok compute07 'sudo systemctl restart kolla-ovn_controller-container.service'
within 60 is_connected
within 60 has_flows

step "One database member is down: traffic and changes go on"
on control03 systemctl stop "$sb"
northbound ls-add second
run_ok control01 "$sb_status"
expect '192.0.2.13:6644\)' "$output"
run_ok control03 'sudo tail -n 30 /var/log/kolla/openvswitch/ovn-sb-db.log
sudo tail -n 30 /var/log/kolla/openvswitch/ovn-nb-db.log'
run_ok control01 'sudo systemctl restart kolla-ovn_sb_db-container.service'
within 30 is_member control01 sb Southbound
on control03 systemctl start "$sb"
within 30 is_member control03 sb Southbound
within 30 has_leader control01

step "No quorum: two members are gone, the flows stay"
for name in control02 control03; do on "$name" systemctl stop "$sb"; done
within 60 bash -c "$(declare -f on member); $(declare -p leader); member control01 sb Southbound | grep -qE 'disconnected from the cluster|Leader: unknown'"
run control01 "$sb_status"
has_flows
run_ok control01 'sudo cp -a --no-target-directory /var/lib/docker/volumes/ovn_nb_db/_data /root/ovn_nb_db.copy
sudo cp -a --no-target-directory /var/lib/docker/volumes/ovn_sb_db/_data /root/ovn_sb_db.copy
sudo ls -l /root/ovn_nb_db.copy /root/ovn_sb_db.copy'
expect 'ovnsb.db' "$output"
# Two of three are enough.
on control02 systemctl start "$sb"
within 60 has_leader control01
on control03 systemctl start "$sb"
within 60 is_member control03 sb Southbound

step "Replace a member: its file is damaged"
file=/var/lib/docker/volumes/ovn_sb_db/_data/ovnsb.db
on control03 systemctl stop "$sb"
on control03 sh -c "head -c 200 /dev/urandom >$file"
on control03 systemctl start "$sb"
has_given_up() { [ "$(on control03 systemctl is-failed "$sb")" = failed ]; }
within 60 has_given_up
for name in control01 control02; do
    run_ok "$name" "$sb_status"
    expect '^Status: cluster member' "$output"
done
id=$(sed -nE 's/^ +([0-9a-f]{4}) \(.*192\.0\.2\.13:6644\).*/\1/p' <<<"$output")
expect '^[0-9a-f]{4}$' "$id"
run_ok control01 "sudo docker exec ovn_sb_db ovs-appctl -t /var/run/ovn/ovnsb_db.ctl cluster/kick OVN_Southbound 8df1
$sb_status" "8df1:=$id"
within 30 has_servers control01 2
within 30 has_leader control01
run_ok control03 'test "$(hostname)" = control03 && sudo systemctl stop kolla-ovn_sb_db-container.service && sudo cp -a --no-target-directory /var/lib/docker/volumes/ovn_sb_db/_data /root/ovn_sb_db.broken
sudo ls -l /root/ovn_sb_db.broken'
expect 'ovnsb.db' "$output"
run control01 'test "$(hostname)" = control03 && sudo test -d /root/ovn_sb_db.broken && sudo docker rm ovn_sb_db && sudo docker volume rm ovn_sb_db'
expect '^1$' "$code"
run_ok control03 'test "$(hostname)" = control03 && sudo test -d /root/ovn_sb_db.broken && sudo docker rm ovn_sb_db && sudo docker volume rm ovn_sb_db
sudo docker volume ls --quiet --filter name='\''^ovn_sb_db$'\'
[ ! -e "$(root_of control03)/var/lib/docker/volumes/ovn_sb_db" ]
run_ok control01 'sudo docker volume ls --quiet --filter name='\''^ovn_(nb|sb)_db$'\'
expect '^ovn_nb_db$' "$output"
expect '^ovn_sb_db$' "$output"
# The play makes the volume, and starts the container.
on control03 systemctl reset-failed "$sb"
on control03 systemctl start "$sb"
within 60 is_member control03 sb Southbound
within 30 has_servers control01 3

step "The leader changes all the time 2: a longer timer"
for name in "${nodes[@]}"; do
    if member "$name" sb Southbound | grep -q 'Role: leader'; then first=$name; fi
done
run_ok "$first" "$(commands_of "$page" | grep -F cluster/change-election-timer | head -n 1)"
expect '^Election timer: 2000' "$(sleep 3; member "$first" sb Southbound)"

step "Restart northd: another one becomes active"
run_ok control01 'sudo systemctl restart kolla-ovn_northd-container.service'
northbound ls-add third
within 30 bash -c "$(declare -f on); $(declare -p leader); for n in control01 control02 control03; do on \$n ovn-appctl -t /run/ovn/ovn-northd.ctl status; done | grep -c active | grep -qx 1"

step "Verify: databases, northd and controller"
for name in "${nodes[@]}"; do
    is_member "$name" nb Northbound
    is_member "$name" sb Southbound
done
is_connected
has_flows
passed
