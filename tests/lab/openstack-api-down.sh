#!/usr/bin/env bash
# Runs the HAProxy steps of content/runbooks/openstack-api-down.md on one HAProxy and three servers.
#
# Debian packages: haproxy socat curl python3 iproute2.
# There is no OpenStack, no Keepalived and no container: small web servers stand for the APIs, on plain HTTP, and the
# commands run without `docker exec`.
. "$(dirname "$0")/lib.sh"
enter "$@"

declare -A address=([control01]=192.0.2.11 [control02]=192.0.2.12 [control03]=192.0.2.13) pid
nodes=(control01 control02 control03)
for name in "${nodes[@]}"; do node "$name" "${address[$name]}"; done
ip -n control01 address add 192.0.2.10/24 dev uplink
socket=$LAB/haproxy.sock

# api NODE PORT STATUS: a server that answers every request with this status.
api() {
    launch "$1" python3 -c '
import http.server, sys
class Api(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(sys.argv[3])); self.end_headers()
    do_OPTIONS = do_GET
    def log_message(self, *_): pass
http.server.ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), Api).serve_forever()' "${address[$1]}" "$2" "$3"
    pid[$1:$2]=$launched
}

cat >"$LAB/haproxy.cfg" <<CONF
global
    stats socket $socket mode 660 level admin
defaults
    mode http
    timeout connect 1s
    timeout client 10s
    timeout server 10s
    timeout check 1s
CONF
for service in keystone:5000 nova:8774; do
    cat >>"$LAB/haproxy.cfg" <<CONF
frontend ${service%:*}_internal_front
    bind 192.0.2.10:${service#*:}
    default_backend ${service%:*}_internal_back
backend ${service%:*}_internal_back
    option httpchk
CONF
    for name in "${nodes[@]}"; do
        echo "    server $name ${address[$name]}:${service#*:} check inter 500 rise 2 fall 2" >>"$LAB/haproxy.cfg"
        api "$name" "${service#*:}" 300
    done
done
haproxy -v | sed -n 1p
launch control01 haproxy -f "$LAB/haproxy.cfg" >"$LAB/haproxy.log" 2>&1
proxy=$launched

ask() {
    for port in 5000 8774; do
        printf '%s ' "$port"
        on control01 curl --silent --show-error --max-time 10 --output /dev/null \
            --write-out '%{http_code} %{time_total}s\n' "http://192.0.2.10:$port/" || true
    done
}
not_up() {
    sh -c "echo 'show stat' | socat stdio unix-connect:$socket" |
        cut -d, -f1,2,18,37 | grep -E ',(DOWN|MAINT|NOLB|DRAIN)' || true
}
order() { echo "$1" | socat stdio "unix-connect:$socket"; }
sees() { not_up | grep -qE "$1"; }
# The socket must answer, too: without an answer there is no line either.
sees_nothing() { order "show stat" | grep -q ',UP,' && [ -z "$(not_up)" ]; }
within 20 sees_nothing

step "Diagnose 2 and Verify 1: each port answers"
answers=$(ask)
expect '^5000 300 0\.' "$answers"
expect '^8774 300 0\.' "$answers"

step "Diagnose 3: the virtual address is on one node"
expect 'inet 192\.0\.2\.10/24' "$(on control01 ip address show to 192.0.2.10)"
refuse 'inet' "$(on control02 ip address show to 192.0.2.10)"

step "Diagnose 4 and Verify 2: no line when all servers are up"
expect '^$' "$(not_up)"

step "Diagnose 4: connection refused"
kill "${pid[control02:5000]}"
within 20 sees '^keystone_internal_back,control02,DOWN,L4CON$'
expect '^keystone_internal_back,control02,DOWN,L4CON$' "$(not_up)"
expect '^5000 300 ' "$(ask)"

step "Diagnose 4: the node does not answer"
unplug control03
within 30 sees '^nova_internal_back,control03,DOWN,L4(TOUT|CON)$'
not_up
plug control03

step "Diagnose 4: the API answers with an error"
kill "${pid[control02:8774]}"
wait "${pid[control02:8774]}" 2>/dev/null || true
api control02 8774 500
within 20 sees '^nova_internal_back,control02,DOWN,L7STS$'
not_up

step "Finding: 503 for one port, when no server of the backend is up"
kill "${pid[control01:5000]}" "${pid[control03:5000]}"
within 20 sees '^keystone_internal_back,BACKEND,DOWN,'
not_up
expect '^5000 503 ' "$(ask)"

step "Repair: the servers return"
for name in "${nodes[@]}"; do api "$name" 5000 300; done
kill "${pid[control02:8774]}"
wait "${pid[control02:8774]}" 2>/dev/null || true
api control02 8774 300
within 20 sees_nothing
expect '^5000 300 0\.' "$(ask)"

step "One API 3: a server with weight 0 stays UP, only a drained one shows as DRAIN"
order 'disable server nova_internal_back/control01'
expect '^nova_internal_back,control01,MAINT,' "$(not_up)"
order 'enable server nova_internal_back/control01'
within 20 sees_nothing
order 'set weight nova_internal_back/control01 0'
expect '^nova_internal_back,control01,UP.*,0$' "$(order 'show stat' | cut -d, -f1,2,18,19 | grep '^nova_internal_back,control01,')"
refuse 'control01' "$(not_up)"
order 'set server nova_internal_back/control01 state drain'
expect '^nova_internal_back,control01,DRAIN' "$(not_up)"
order 'set server nova_internal_back/control01 state ready'
expect '^8774 300 ' "$(ask)"
order 'set weight nova_internal_back/control01 100%'
within 20 sees_nothing

step "HAProxy 1: a wrong file stops it at the next start, and the log names the line"
cp "$LAB/haproxy.cfg" "$LAB/wrong.cfg"
echo '    server control04 192.0.2.14:8774 chekc' >>"$LAB/wrong.cfg"
expect 'ALERT.*wrong.cfg:[0-9]+' "$(haproxy -c -f "$LAB/wrong.cfg" 2>&1 || true)"

step "Finding: 000 for all ports, when HAProxy does not run"
kill "$proxy"
wait "$proxy" 2>/dev/null || true
expect '^5000 000 ' "$(ask 2>/dev/null)"
passed
