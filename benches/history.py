#!/usr/bin/env python3
"""Makes a repository with a long history, and measures how long Git and Opsbook read it.

    benches/history.py [--commits 10000] [--pages 1000] [--program target/release/opsbook]

Each commit changes one page; every fiftieth renames one, every two hundredth is a merge. Times are the best of three runs:
from start to end, and of the processors, which other work on the machine changes less.
"""

import argparse
import pathlib
import random
import resource
import shutil
import subprocess
import tempfile
import time

LOG = ["log", "--format=%x1e%H%x1f%ct%x1f%aN", "--date-order", "--name-status", "-z", "-M50%", "-l1000", "--relative",
       "--", ":(literal)content"]


def text(page, change):
    words = "\n\n".join(f"Paragraph {number} of page {page}." for number in range(30))
    return f"# Page {page}\n\nChange {change}.\n\n{words}\n"


def history(commits, pages):
    """The input of `git fast-import`."""
    choose = random.Random(7)
    names = [f"content/section-{page % 20}/page-{page}.md" for page in range(pages)]
    lines, mark = [], 0

    def commit(changes, parent=None, merged=None):
        nonlocal mark
        mark += 1
        lines.append(f"commit refs/heads/main\nmark :{mark}\ncommitter W{mark % 9} <w@example.org> {1_600_000_000 + mark * 600} +0000")
        lines.append("data 2\nGo")
        if parent:
            lines.append(f"from :{parent}")
        if merged:
            lines.append(f"merge :{merged}")
        lines.extend(changes)
        return mark

    def write(page, change):
        body = text(page, change)
        return f"M 100644 inline {names[page]}\ndata {len(body.encode())}\n{body}"

    last = commit(["M 100644 inline book.toml\ndata 0\n"] + [write(page, 0) for page in range(pages)])
    for number in range(1, commits):
        page = choose.randrange(pages)
        if number % 200 == 0:
            side = commit([write(page, number)], last)
            last = commit([write((page + 1) % pages, number)], last)
            last = commit([write(page, number)], last, side)
        elif number % 50 == 0:
            old, names[page] = names[page], f"content/moved-{number}/page-{page}.md"
            last = commit([f"R {old} {names[page]}"], last)
        else:
            last = commit([write(page, number)], last)
    return "\n".join(lines) + "\n"


class Time:
    """Seconds from start to end and of the processors, with those of programs that were started."""

    def __init__(self, whole, processors):
        self.whole, self.processors = whole, processors

    def __sub__(self, other):
        return Time(self.whole - other.whole, self.processors - other.processors)

    def __str__(self):
        return f"{self.whole:.3f} s, processors {self.processors:.3f} s"


def processors():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def best(run):
    times = []
    for _ in range(3):
        start, used = time.perf_counter(), processors()
        run()
        times.append(Time(time.perf_counter() - start, processors() - used))
    return Time(min(one.whole for one in times), min(one.processors for one in times))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--commits", type=int, default=10_000)
    parser.add_argument("--pages", type=int, default=1_000)
    parser.add_argument("--program", help="an optimised opsbook; without it, Git alone is measured")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        git = ["git", "-C", folder]
        subprocess.run([*git, "init", "-q", "-b", "main"], check=True)
        stream = history(options.commits, options.pages).encode()
        subprocess.run([*git, "fast-import", "--quiet"], input=stream, check=True)
        subprocess.run([*git, "reset", "-q", "--hard", "main"], check=True)
        log = best(lambda: subprocess.run([*git, *LOG], stdout=subprocess.DEVNULL, check=True))
        print(f"git log: {log}")
        for command in (["rev-parse", "HEAD"], ["ls-files", "-z", "--", "content"]):
            took = best(lambda: subprocess.run([*git, *command], stdout=subprocess.DEVNULL, check=True))
            print(f"git {command[0]}: {took}")
        if options.program:
            build = [str(pathlib.Path(options.program).resolve()), "build", "--root", folder]
            cache = pathlib.Path(folder, ".opsbook", "history.cache")

            def first():
                cache.unlink(missing_ok=True)
                subprocess.run(build, stdout=subprocess.DEVNULL, check=True)

            def without():
                shutil.move(pathlib.Path(folder, ".git"), pathlib.Path(folder, "git"))
                subprocess.run(build, stdout=subprocess.DEVNULL, check=True)
                shutil.move(pathlib.Path(folder, "git"), pathlib.Path(folder, ".git"))

            base = best(without)
            print(f"build without history: {base}")
            print(f"first reading adds: {best(first) - base}")
            later = best(lambda: subprocess.run(build, stdout=subprocess.DEVNULL, check=True))
            print(f"later reading adds: {later - base}")


main()
