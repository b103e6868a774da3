#!/usr/bin/env python3
"""Writes benches/RESULTS.md to standard output from what peers.sh measured.

usage: results.py FOLDER
"""

import datetime
import json
import os
import pathlib
import platform
import re
import subprocess
import sys

work = pathlib.Path(sys.argv[1])


def timing(name):
    result = json.loads((work / f"{name}.json").read_text())["results"][0]
    return result["mean"], result["stddev"] or 0.0


def memory(name):
    return int((work / f"{name}.rss").read_text()) / 1024


def files(folder):
    pages = list((work / folder).rglob("*.html"))
    return len(pages), sum(page.stat().st_size for page in pages)


def machine():
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    total = re.search(r"MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text())
    name = model.group(1) if model else platform.machine()
    return f"{os.cpu_count()} cores ({name}), {int(total.group(1)) / 2**20:.0f} GiB, Linux {platform.release()}"


def verdict(value, target):
    return f"{value:.2f}", f"≤ {target}", "yes" if value <= target else "**no**"


def row(*cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def peers():
    yield row("", "wall time", "peak memory", "HTML pages", "HTML")
    yield "|---|--:|--:|--:|--:|"
    names = {
        "hugo": (f"Hugo {os.environ['HUGO_VERSION']}", "hugo/public"),
        "mdbook": (f"mdBook {os.environ['MDBOOK_VERSION']} (highlights in the browser)", "mdbook/book"),
        "cold": ("opsbook, empty highlight cache", "opsbook/public"),
        "warm": ("opsbook, warm highlight cache", "opsbook/public"),
    }
    for key, (name, folder) in names.items():
        mean, deviation = timing(key)
        pages, size = files(folder)
        cells = f"{mean:.3f} s ± {deviation:.3f}", f"{memory(key):.0f} MiB", pages, f"{size / 2**20:.0f} MiB"
        yield row(name, *cells)


def targets():
    hugo, cold, warm = (timing(name)[0] for name in ("hugo", "cold", "warm"))
    small, large = timing("synthetic-1000")[0] / 1011, timing("synthetic-10000")[0] / 10101
    sizes = [files(f"synthetic-{pages}/public") for pages in (1000, 10000)]
    per_page = [size / pages for pages, size in sizes]
    edit = json.loads((work / "edit.json").read_text())
    yield row("", "measured", "target", "met")
    yield "|---|--:|--:|---|"
    yield row("cold build / Hugo, wall time", *verdict(cold / hugo, 0.6))
    yield row("cold build / Hugo, peak memory", *verdict(memory("cold") / memory("hugo"), 0.4))
    yield row("build with a warm highlight cache / Hugo, wall time", *verdict(warm / hugo, 0.3))
    yield row("time per page, 10,000 / 1,000 pages", *verdict(large / small, 1.2))
    yield row("size of a page, 10,000 / 1,000 pages", *verdict(per_page[1] / per_page[0], 1.05))
    yield row("one edit in `serve`, median of %d, ms" % edit["edits"], *verdict(edit["build"]["median"], 30))
    yield ""
    yield (
        f"Time per page: {small * 1e6:.0f} µs at 1,000 pages, {large * 1e6:.0f} µs at 10,000. Size of a page: "
        f"{per_page[0] / 1024:.1f} KiB and {per_page[1] / 1024:.1f} KiB. An edit counts from the save being seen "
        f"to the new page being served; from the save itself to the new page, with the wait for the editor to "
        f"finish writing, {edit['save']['median']:.0f} ms in the median, {edit['save']['max']:.0f} ms at most."
    )


def main():
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    print("# Measurements\n")
    print("Written by `benches/peers.sh`; do not edit by hand.\n")
    print(f"- Date: {datetime.date.today().isoformat()}, opsbook at `{commit}`")
    print(f"- Machine: {machine()}")
    print(f"- Corpus: {os.environ['CORPUS']}, plain layouts for the peers, the default theme for opsbook, no search")
    print("- Times are means over several runs after one warm-up, the output folder removed before each.\n")
    print("## Against peers\n")
    print("\n".join(peers()))
    print("\n## Against the targets\n")
    print("\n".join(targets()))


main()
