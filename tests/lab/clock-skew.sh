#!/usr/bin/env bash
# Runs the steps of content/runbooks/clock-skew.md on chrony, with a time server and a node in namespaces.
#
# Debian packages: chrony iproute2.
# Both daemons run with `-x`: they keep a clock of their own and leave that of the machine alone. The node believes
# that the server differs by the `offset` of its settings, so its own clock is wrong by as much.
# Such a clock can neither be slewed nor jump: that a correction takes effect is not shown here.
. "$(dirname "$0")/lib.sh"
enter "$@"

node ntp1 192.0.2.50
node ntp2 192.0.2.51
node storage02 192.0.2.52
# chronyd refuses a socket in a folder that others may enter.
chmod 750 "$LAB"/*/

conf=$LAB/storage02/chrony.conf

# serve NODE: a time server that trusts its own clock.
serve() {
    cat >"$LAB/$1/chrony.conf" <<CONF
local stratum 2
allow 192.0.2.0/24
bindcmdaddress $LAB/$1/sock
pidfile $LAB/$1/pid
CONF
    launch "$1" chronyd -x -d -u root -f "$LAB/$1/chrony.conf" >"$LAB/$1/log" 2>&1
}

# settings OFFSET: the settings of the node, whose clock is wrong by so many seconds.
settings() {
    cat >"$conf" <<CONF
server 192.0.2.50 iburst minpoll 0 maxpoll 1 offset $1
server 192.0.2.51 iburst minpoll 0 maxpoll 1 offset $1
makestep 1 3
bindcmdaddress $LAB/storage02/sock
pidfile $LAB/storage02/pid
CONF
}

start() {
    launch storage02 chronyd -x -d -u root -f "$conf" >"$LAB/storage02/log" 2>&1
    daemon=$launched
    within 10 client tracking
}

stop() {
    kill "$daemon"
    wait "$daemon" 2>/dev/null || true
}

client() { on storage02 chronyc -h "$LAB/storage02/sock" "$@"; }
synchronised() { client -n sources | grep -qE '^\^\*'; }

chronyd --version
serve ntp1
serve ntp2
sleep 2

step "Diagnose: chronyd is not running"
expect '506 Cannot talk to daemon' "$(on storage02 chronyc tracking 2>&1 || true)"

step "Start the time service: how wrong is the clock?"
settings -4.8
asked=$(on storage02 chronyd -Q -t 10 -f "$conf" 2>&1 || true)
expect 'System clock wrong by -?4\.[78][0-9]+ seconds \(ignored\)' "$asked"

step "Start the time service: with makestep it wants to step"
start
within 20 synchronised
# The clock of `-x` cannot jump, so the message says that it could not; without `makestep` it would not try.
expect 'Could not step system clock' "$(cat "$LAB/storage02/log")"
stop

step "Start the time service: between 1 and 60 seconds, without the step"
sed -i 's/^makestep/#makestep/' "$conf"
expect '^#makestep 1 3$' "$(grep makestep "$conf")"
start
within 20 synchronised
refuse 'step system clock' "$(cat "$LAB/storage02/log")"
client tracking

step "Diagnose 3: tracking and sources"
expect 'Leap status     : Normal' "$(client tracking)"
expect '^\^\* 192\.0\.2\.5[01] ' "$(client -n sources)"

step "Diagnose 4: the fields of one line"
expect '^C00002' "$(client -c tracking)"

step "Repair the way to the sources: who answers"
expect 'Total valid RX' "$(client -n ntpdata | grep -E 'Remote address|Total TX|Total RX|Total valid RX')"

step "Correct the clock 1: burst"
expect '200 OK' "$(client burst 4/4)"

stop
sed -i 's/^#makestep/makestep/' "$conf"
expect '^makestep 1 3$' "$(grep makestep "$conf")"

settings 0
start
within 20 synchronised

step "Correct the clock 3, and Verify 1: a clock that is right"
waited=$(timeout 120 ip netns exec storage02 chronyc -h "$LAB/storage02/sock" waitsync 120 0.01)
expect '^try: 1, refid: C00002[0-9A-F]{2}, correction: 0\.00' "$(tail -n 1 <<<"$waited")"
expect 'System time     : 0\.000' "$(client tracking)"

step "Repair the way to the sources: the servers are gone"
unplug ntp1
unplug ntp2
within 60 bash -c "ip netns exec storage02 chronyc -h $LAB/storage02/sock -n sources | grep -cE '^\^\? .* 0 +' | grep -qx 2"
client -n sources
client -n ntpdata | grep -E 'Remote address|Total TX|Total RX|Total valid RX'
node ntp3 192.0.2.53
chmod 750 "$LAB/ntp3"
serve ntp3
expect '200 OK' "$(client add server 192.0.2.53 iburst)"
within 60 bash -c "ip netns exec storage02 chronyc -h $LAB/storage02/sock -n sources | grep -E '192.0.2.53' | awk '{exit !(\$5 > 0)}'"
client -n sources
expect '200 OK' "$(client delete 192.0.2.53)"

step "A node without a source that follows its own clock says Normal"
expect 'Reference ID    : 7F7F0101 \(\)' "$(on ntp1 chronyc -h "$LAB/ntp1/sock" tracking)"
expect 'Leap status     : Normal' "$(on ntp1 chronyc -h "$LAB/ntp1/sock" tracking | grep Leap)"

step "The kernel's clock source"
cat /sys/devices/system/clocksource/clocksource0/current_clocksource
cat /sys/devices/system/clocksource/clocksource0/available_clocksource
passed
