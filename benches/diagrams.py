#!/usr/bin/env python3
"""What diagrams cost: every Mermaid block of a folder of Markdown, a page each, drawn and as plain text.

usage: benches/diagrams.py [FOLDER] [--runs 7]     (default: ../shared/corpora; OPSBOOK names a program that is built already)

Builds take turns: the same pages with the blocks as text, with the blocks drawn, and with the drawings of the build before.
Prints what one diagram adds, from start to end (shortest of all runs) and in work of the processors (median), and which blocks
are not drawn, with their problem.
"""

import argparse
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import tempfile

from kinds import build

FENCE = re.compile(r"^(`{3,}|~{3,}) *\{?\.?mermaid[^\n]*\n(.*?)^\1 *$", re.S | re.M)


def blocks(folder):
    for file in sorted(folder.rglob("*.md")):
        if file.is_file() and not file.is_symlink():
            yield from (found[2] for found in FENCE.finditer(file.read_text(errors="replace")))


def lay_out(root, sources, language):
    (root / "content").mkdir(parents=True)
    (root / "book.toml").write_text('[book]\ntitle = "Diagrams"\n')
    for number, source in enumerate(sources):
        (root / "content" / f"p{number:04}.md").write_text(f"# P{number}\n\n````{language}\n{source}````\n")


def problems(program, root, out):
    done = subprocess.run([program, "check", "--root", root, "--format", "short"], capture_output=True, text=True)
    return [line for line in (done.stdout + done.stderr).splitlines() if "[diagram." in line]


def main():
    options = argparse.ArgumentParser()
    options.add_argument("folder", nargs="?", default="../shared/corpora", type=pathlib.Path)
    options.add_argument("--runs", type=int, default=7)
    options = options.parse_args()
    program = os.path.realpath(os.environ.get("OPSBOOK", "target/release/opsbook"))
    sources = list(blocks(options.folder))
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        lay_out(folder / "text", sources, "text")
        lay_out(folder / "drawn", sources, "mermaid")
        taken = {"text": [], "drawn": [], "kept": []}
        for run in range(options.runs + 1):
            shutil.rmtree(folder / "drawn" / ".opsbook", ignore_errors=True)
            for form, root in [("text", "text"), ("drawn", "drawn"), ("kept", "drawn")]:
                times = build(program, folder / root, folder / "out")
                if run:
                    taken[form].append(times)
        failed = problems(program, folder / "drawn", folder / "out")
    count = len(sources)
    added = lambda form, row, chosen: (chosen(t[row] for t in taken[form]) - chosen(t[row] for t in taken["text"])) / count * 1e3
    print(f"| {count} diagrams, {count - len(failed)} drawn | from start to end | work |\n| --- | --: | --: |")
    for form, name in [("drawn", "one diagram adds"), ("kept", "one that was drawn before adds")]:
        print(f"| {name} | {added(form, 0, min):.2f} ms | {added(form, 1, statistics.median):.2f} ms |")
    print("\nNot drawn:\n", *failed, sep="\n")


if __name__ == "__main__":
    main()
