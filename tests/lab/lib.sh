# Shared by the lab scripts: private namespaces, nodes with addresses of the documentation, and assertions.
#
#     . "$(dirname "$0")/lib.sh"
#     enter "$@"
#     node control01 192.0.2.11
#     on control01 COMMAND
#
# The file is sourced by bash. Every script needs root, because it makes namespaces. Nothing outlives a script:
# its processes, addresses, mounts and files belong to namespaces of its own.

set -euo pipefail

# Starts the script again in namespaces of its own. The kernel kills all processes in them when the script ends.
enter() {
    if [ -z "${LAB_INSIDE-}" ]; then
        exec env LAB_INSIDE=1 unshare --net --mount --pid --fork --kill-child --mount-proc bash "$0" "$@"
    fi
    # Also what the services leave in /tmp (MariaDB keeps old logs of transfers there) ends with the script.
    mount -t tmpfs -o mode=1777 tmpfs /tmp
    LAB=/tmp/lab
    mkdir "$LAB"
    # `ip netns` keeps its names in this folder; a file system of our own hides them from the host.
    mkdir -p /run/netns
    mount -t tmpfs tmpfs /run/netns
    ip link set lo up
    ip link add lab type bridge
    ip link set lab up
    checks=0
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

# on NODE COMMAND: runs the command with the network of the node.
on() {
    local name=$1
    shift
    ip netns exec "$name" "$@"
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

# within SECONDS COMMAND: repeats the command every half second until it succeeds.
within() {
    local limit=$((SECONDS + $1)) begin=$SECONDS
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
