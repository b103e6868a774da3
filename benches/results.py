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
    """Median and spread of the wall time in seconds."""
    result = json.loads((work / f"{name}.json").read_text())["results"][0]
    return result["median"], result["min"], result["max"]


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


def disk():
    kind = subprocess.run(["stat", "-f", "-c", "%T", work], capture_output=True, text=True).stdout.strip()
    return "a memory disk (tmpfs)" if kind == "tmpfs" else f"a disk ({kind})"


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
        pages, size = files(folder)
        yield row(name, *cost(key), pages, f"{size / 2**20:.0f} MiB")


def cost(key):
    median, low, high = timing(key)
    return f"{median:.2f} s ({low:.2f}–{high:.2f})", f"{memory(key):.0f} MiB"


# Pages of content in the synthetic handbooks: those asked for, one for each section and part, the home page.
SYNTHETIC = {1000: 1012, 10000: 10111}


def scale():
    yield row("pages", "wall time", "per page", "peak memory", "a page's HTML")
    yield "|--:|--:|--:|--:|--:|"
    for asked, pages in SYNTHETIC.items():
        name = f"synthetic-{asked}"
        per_page = f"{timing(name)[0] / pages * 1e6:.0f} µs"
        yield row(pages, cost(name)[0], per_page, cost(name)[1], f"{typical(asked) / 1024:.2f} KiB")


def typical(asked):
    """The mean size of a page of content, without those that list others."""
    pages = list((work / f"synthetic-{asked}/public").glob("part-*/section-*/page-*/index.html"))
    return sum(page.stat().st_size for page in pages) / len(pages)


def edits(edit):
    yield row("", "median", "95 %", "most")
    yield "|---|--:|--:|--:|"
    names = {
        "build": "from the first look at the files to the new site being served, as `serve` says",
        "save": "from the end of the write to the new page in the reader's hand",
    }
    for key, name in names.items():
        yield row(name, *(f"{edit[key][part]:.0f} ms" for part in ("median", "p95", "max")))


def targets(edit):
    hugo, cold, warm = (timing(name)[0] for name in ("hugo", "cold", "warm"))
    per_page = [timing(f"synthetic-{asked}")[0] / pages for asked, pages in SYNTHETIC.items()]
    yield row("", "measured", "target", "met")
    yield "|---|--:|--:|---|"
    yield row("cold build / Hugo, wall time", *verdict(cold / hugo, 0.6))
    yield row("cold build / Hugo, peak memory", *verdict(memory("cold") / memory("hugo"), 0.4))
    yield row("build with a warm highlight cache / Hugo, wall time", *verdict(warm / hugo, 0.3))
    yield row("one edit in `serve`, median, ms", *verdict(edit["build"]["median"], 30))
    yield row("time per page, 10,000 / 1,000 pages", *verdict(per_page[1] / per_page[0], 1.2))
    yield row("size of a page, 10,000 / 1,000 pages", *verdict(typical(10000) / typical(1000), 1.05))


def main():
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    print("# Measurements\n")
    print("Written by `benches/peers.sh`; do not edit by hand.\n")
    print(f"- Date: {datetime.date.today().isoformat()}, opsbook at `{commit}`")
    print(f"- Machine: {machine()}")
    print(f"- Versions: Hugo {os.environ['HUGO_VERSION']}, mdBook {os.environ['MDBOOK_VERSION']}")
    print(f"- Corpus: {os.environ['CORPUS']}. The peers have plain layouts without navigation, opsbook its default")
    print("  theme. Hugo and opsbook highlight code while they build. opsbook also writes its search index; Hugo has")
    print("  none, that of mdBook is off. No history from git.")
    print(f"- Written to {disk()}.")
    print("- opsbook brings what it wrote to the disk before it publishes; the peers leave that to the system.")
    print("- Times are medians with the fastest and slowest run, the output folder removed before each;")
    print("  cold is without any cache. Memory is the largest of three runs.")
    edit = json.loads((work / "edit.json").read_text())
    section("Against the targets", targets(edit))
    section("Against peers", peers())
    section(f"One edit in `serve`, {edit['edits']} pages in turn", edits(edit))
    section("Size of the handbook, synthetic pages", scale())


def section(title, lines):
    print(f"\n## {title}\n")
    print("\n".join(lines))


main()
