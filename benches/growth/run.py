#!/usr/bin/env python3
"""How time and memory of a build grow with what an author repeats.

usage: benches/growth/run.py [NAME ...]        OPSBOOK names the program (default: target/release/opsbook)

Builds the handbook of each generator in `generators.py` at the sizes n, 2n and 4n; a NAME selects the generators whose name
holds it. Prints the time that processors worked for the build (in user mode and for it in the kernel), the growth from n to
4n, and the largest resident memory. Pages have 1, 2 and 4 MB, so the last is as large as a page may be.

It fails where a build ends with anything but success or problems of the content, where the time grows by more than 6, or
where a page of 4 MB takes more than 2 seconds or 400 MB. Times below a quarter of a second say nothing about growth.
"""

import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile

import generators

PAGE = 1_000_000
MOST_GROWTH = 6.0
MOST_SECONDS = 2.0
MOST_MEGABYTES = 400
# A build that takes longer is stopped.
MOST_PATIENCE = 20
# Growth is not told from the noise of the machine below this.
LEAST_SECONDS = 0.25


def write(folder, make, size):
    """Writes a handbook in a process of its own: what this one holds would count as the program's memory."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        if status:
            raise SystemExit("the handbook could not be written")
        return
    status = 1
    try:
        shutil.rmtree(folder, ignore_errors=True)
        for path, text in make(size).items():
            file = folder / path
            # A path may be longer than the system takes at once.
            os.makedirs(folder, exist_ok=True)
            os.chdir(folder)
            *folders, name = path.split("/")
            for part in folders:
                os.makedirs(part, exist_ok=True)
                os.chdir(part)
            with open(name, "w", encoding="utf-8", newline="") as out:
                out.write(text)
        status = 0
    except OSError as error:
        print(error, file=sys.stderr)
    os._exit(status)


def build(program, folder):
    """Seconds of the processors, megabytes, and how the build ended."""

    def limit():
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_PATIENCE, MOST_PATIENCE))

    with open(folder / "log", "wb") as log:
        command = [program, "build", "--root", str(folder)]
        child = subprocess.Popen(command, stdout=log, stderr=log, preexec_fn=limit, cwd=folder)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, child.returncode


def measure(program, folder, name, size, make):
    seconds, megabytes, problems = [], [], []
    for size in (size, 2 * size, 4 * size):
        write(folder, make, size)
        took, held, code = build(program, folder)
        seconds.append(took)
        megabytes.append(held)
        if code not in (0, 1):
            problems.append(f"ended with {code}")
            break
    growth = seconds[-1] / seconds[0]
    if len(seconds) == 3 and growth > MOST_GROWTH and seconds[-1] > LEAST_SECONDS:
        problems.append("grows")
    if name in generators.PAGES:
        if seconds[-1] > MOST_SECONDS:
            problems.append("slow")
        if megabytes[-1] > MOST_MEGABYTES:
            problems.append("large")
    times = " | ".join(f"{took:.2f}" for took in (seconds + [float("nan")] * 2)[:3])
    print(f"| {name} | {times} | {growth:.1f} | {megabytes[-1]:.0f} | {', '.join(problems)} |", flush=True)
    return bool(problems)


def main():
    program = os.path.realpath(os.environ.get("OPSBOOK", "target/release/opsbook"))
    wanted = sys.argv[1:]
    rows = [(name, PAGE, make) for name, make in generators.PAGES.items()]
    rows += [(name, size, make) for name, (size, make) in generators.HANDBOOKS.items()]
    rows = [row for row in rows if not wanted or any(part in row[0] for part in wanted)]
    print("| generator | t(n), s | t(2n) | t(4n) | growth | MB at 4n | problem |")
    print("|---|--:|--:|--:|--:|--:|---|")
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place) / "handbook"
        failed = [row[0] for row in rows if measure(program, folder, *row)]
    print(f"\n{len(rows)} generators, {len(failed)} beyond the bar{': ' if failed else ''}{', '.join(failed)}")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
