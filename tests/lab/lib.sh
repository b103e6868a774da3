# Shared by the lab scripts: private namespaces, nodes with addresses of the documentation, and assertions.
#
#     . "$(dirname "$0")/lib.sh"
#     enter "$@"
#     node control01 192.0.2.11
#     on control01 COMMAND
#
# A node is a network namespace, or, with `boot` instead of `node`, a whole Debian with systemd in one.
#
# The file is sourced by bash. Every script needs root, because it makes namespaces. Nothing outlives a script:
# its processes, addresses, mounts and files belong to namespaces of its own.

set -euo pipefail

# Starts the script again in namespaces of its own. The kernel kills all processes in them when the script ends.
enter() {
    if [ -z "${LAB_INSIDE-}" ]; then
        exec env LAB_INSIDE=$$ unshare --net --mount --pid --fork --kill-child --mount-proc bash "$0" "$@"
    fi
    # Also what the services leave in /tmp (MariaDB keeps old logs of transfers there) ends with the script.
    mount -t tmpfs -o mode=1777 tmpfs /tmp
    LAB=/tmp/lab
    mkdir "$LAB"
    # `ip netns` keeps its names in this folder; a file system of our own hides them from the host.
    mkdir -p /run/netns
    mount -t tmpfs tmpfs /run/netns
    # systemd-nspawn keeps its sockets there.
    mkdir -p /run/systemd/nspawn
    mount -t tmpfs tmpfs /run/systemd/nspawn
    ip link set lo up
    ip link add lab type bridge
    ip link set lab up
    checks=0
    page=$(realpath "$(dirname "$0")/../../content/runbooks")/$(basename "$0" .sh).md
    trap power_off EXIT
}

# node NAME ADDRESS: a network namespace with this address, on the bridge of the lab.
node() {
    ip netns add "$1"
    ip link add "$1" type veth peer name uplink netns "$1"
    ip link set "$1" master lab up
    ip -n "$1" link set lo up
    ip -n "$1" address add "$2/24" dev uplink
    ip -n "$1" link set uplink up
    mkdir -p "$LAB/$1"
}

# boot NODE ADDRESS: a Debian 13 with systemd as a node. LAB_ROOT names the folder that tests/lab/root made. The node writes into
# a layer of its own, `root_of NODE`; its /etc/hosts has the nodes that are added to $LAB/hosts.
declare -A leader spawn
boot() {
    local name=$1 root group hierarchy
    root=$(root_of "$name")
    node "$name" "$2"
    mkdir -p "$root" "$LAB/$name/upper" "$LAB/$name/work"
    mount -t overlay overlay "$root" \
        -o "lowerdir=${LAB_ROOT:?names the folder that tests/lab/root made},upperdir=$LAB/$name/upper,workdir=$LAB/$name/work"
    echo "$name" >"$root/etc/hostname"
    rm -f "$root/etc/resolv.conf"
    # Without an id systemd takes this for a first boot, and enables all services.
    tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
    [ ! -e "$LAB/hosts" ] || cp "$LAB/hosts" "$root/etc/hosts"
    # Each node needs a control group of its own, or systemd-nspawn puts all into the same one.
    for hierarchy in /sys/fs/cgroup/unified /sys/fs/cgroup/systemd; do
        mkdir -p "$hierarchy/lab-$LAB_INSIDE-$name"
    done
    (
        for hierarchy in /sys/fs/cgroup/unified /sys/fs/cgroup/systemd; do
            echo "$BASHPID" >"$hierarchy/lab-$LAB_INSIDE-$name/cgroup.procs"
        done
        exec env SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 systemd-nspawn --quiet --register=no --keep-unit --boot \
            --directory="$root" --machine="$name" --network-namespace-path="/run/netns/$name" \
            --resolv-conf=off --timezone=off --link-journal=no </dev/null >"$LAB/$name/console" 2>&1
    ) &
    spawn[$name]=$!
    within 30 pgrep --parent "${spawn[$name]}" --exact systemd
    leader[$name]=$(pgrep --parent "${spawn[$name]}" --exact systemd)
    within 60 is_booted "$name"
}

# kolla NODE: what Kolla puts around its containers. `docker exec`, `docker logs` and `sudo` run the command on the node itself.
kolla() {
    local bin
    bin=$(root_of "$1")/usr/local/bin
    cat >"$bin/docker" <<'TOOL'
#!/bin/bash
# Stands for Docker: a container is the unit kolla-NAME-container.service of the node.
case $1 in
exec)
    shift
    while [[ $1 == -* ]]; do shift; done
    user=$(systemctl show --property=User --value "kolla-$1-container.service")
    shift
    # Debian has some tools of RabbitMQ here only.
    exec runuser --user "${user:-root}" -- env "PATH=$PATH:/usr/lib/rabbitmq/bin" "$@"
    ;;
logs) exec journalctl --no-pager --output cat --lines "$3" --unit "kolla-$4-container.service" ;;
volume)
    # docker volume ls --quiet --filter name=PATTERN; docker volume rm NAME
    case $2 in
    ls) ls /var/lib/docker/volumes | grep -E "${5#name=}" || true ;;
    rm) rm -r "/var/lib/docker/volumes/$3" && echo "$3" ;;
    esac
    ;;
rm) echo "$2" ;;
stop | start) exec systemctl "$1" "kolla-${*: -1}-container.service" ;;
*)
    echo "not in the lab: docker $*" >&2
    exit 1
    ;;
esac
TOOL
    printf '#!/bin/bash\nexec "$@"\n' >"$bin/sudo"
    chmod +x "$bin/docker" "$bin/sudo"
}

# unit NODE NAME USER COMMAND: the unit of a container, with the limits that Kolla gives it.
unit() {
    cat >"$(root_of "$1")/etc/systemd/system/kolla-$2-container.service" <<UNIT
[Unit]
StartLimitIntervalSec=120
StartLimitBurst=10
[Service]
User=$3
ExecStart=$4
Restart=always
RestartSec=1
SuccessExitStatus=143
TimeoutStopSec=60
LimitNOFILE=1048576
UNIT
    on "$1" systemctl daemon-reload
}

is_booted() { [ "$(on "$1" systemctl is-system-running)" = running ]; }

# power_off: ends all booted nodes, and removes their control groups, which belong to no namespace.
power_off() {
    local name
    for name in "${!spawn[@]}"; do
        kill -KILL "${leader[$name]}" 2>/dev/null || true
        wait "${spawn[$name]}" 2>/dev/null || true
    done
    find /sys/fs/cgroup -depth -type d -path "*/lab-$LAB_INSIDE-*" -exec rmdir {} + 2>/dev/null || true
}

root_of() { echo "$LAB/$1/root"; }

# on NODE COMMAND: runs the command on the node: in its network, and if it was booted, in all that is its own.
on() {
    local name=$1
    shift
    if [ -n "${leader[$name]-}" ]; then
        nsenter --target "${leader[$name]}" --mount --uts --ipc --net --pid --cgroup --root --wdns=/ -- env -i \
            HOME=/root TERM=dumb LC_ALL=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
    else
        ip netns exec "$name" "$@"
    fi
}

# launch NODE COMMAND: the same in the background. `launched` is then the process itself, not a shell around it.
launch() {
    (exec ip netns exec "$@") &
    launched=$!
}

# unplug NODE, plug NODE: takes the network of a node away, and gives it back.
unplug() { ip link set "$1" down; }
plug() { ip link set "$1" up; }

# step TEXT: names the step of the page that follows.
step() { printf '\n== %s\n' "$*"; }

# expect PATTERN TEXT: fails unless the extended regular expression matches a line of the text.
expect() {
    checks=$((checks + 1))
    if ! grep -qE -- "$1" <<<"$2"; then
        printf 'FAILED: expected /%s/ in:\n%s\n' "$1" "$2" >&2
        exit 1
    fi
    printf '%s\n' "$2"
}

# refuse PATTERN TEXT: fails if the extended regular expression matches a line of the text.
refuse() {
    checks=$((checks + 1))
    if grep -qE -- "$1" <<<"$2"; then
        printf 'FAILED: did not expect /%s/ in:\n%s\n' "$1" "$2" >&2
        exit 1
    fi
}

# commands_of PAGE: the commands in the console blocks of a page, one in a line, without prompts and continuations.
commands_of() {
    awk '
        /^ *```console/ { inside = 1; next }
        /^ *```/ { inside = 0; next }
        !inside { next }
        { sub(/^ +/, "") }
        open { command = command " " $0 }
        !open && !/^([a-z]+@[A-Za-z0-9]+:~?[#$]|[#$]) / { next }
        !open { sub(/^[^ ]+ /, ""); command = $0 }
        { open = sub(/ *\\$/, "", command) }
        !open { gsub(/ +/, " ", command); print command }
    ' "$1"
}

# run NODE COMMANDS [NAME=VALUE…]: runs commands of the page on the node, each in a line, in one shell. `output` is then what they
# printed on both channels, and `code` what they ended with. The script fails if the page does not have these commands, so that
# the two cannot part. The page is the runbook with the name of the script. NAME=VALUE puts a value in place of `<NAME>`, and
# EXAMPLE:=VALUE one in place of an example value of the page.
run() {
    local name=$1 command=$2 value line
    shift 2
    while read -r line; do
        checks=$((checks + 1))
        if ! commands_of "$page" | grep -Fxq -- "$line"; then
            printf 'FAILED: no command of %s: %s\n' "$page" "$line" >&2
            exit 1
        fi
    done <<<"$command"
    for value in "$@"; do
        case $value in
        *:=*) command=${command//"${value%%:=*}"/"${value#*:=}"} ;;
        *) command=${command//"<${value%%=*}>"/"${value#*=}"} ;;
        esac
    done
    printf '%s# %s\n' "$name" "$command"
    code=0
    output=$(on "$name" bash -c "$command" 2>&1) || code=$?
    printf '%s\n' "$output"
}

# run_ok: the same; fails unless the command succeeds.
run_ok() {
    run "$@"
    if ((code != 0)); then
        printf 'FAILED: it ended with %s\n' "$code" >&2
        exit 1
    fi
}

# within SECONDS COMMAND: repeats the command every half second until it succeeds. LAB_PATIENCE=3 waits three times as long, on a
# machine that has other work.
within() {
    local limit=$((SECONDS + $1 * ${LAB_PATIENCE:-1})) begin=$SECONDS
    shift
    checks=$((checks + 1))
    until "$@" >/dev/null 2>&1; do
        if ((SECONDS > limit)); then
            printf 'FAILED: after %s seconds still not: %s\n' "$((SECONDS - begin))" "$*" >&2
            exit 1
        fi
        sleep 0.5
    done
    printf '(after %s seconds: %s)\n' "$((SECONDS - begin))" "$*"
}

# passed: the last line of a script.
passed() { printf '\n%s: %s checks passed\n' "$(basename "$0")" "$checks"; }
