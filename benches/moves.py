#!/usr/bin/env python3
"""Moves a folder of a real handbook there and back, and compares what is left with what there was.

    benches/moves.py PROGRAM CORPUS SETTINGS FOLDER NEW

    benches/moves.py target/release/opsbook ../shared/corpora/sourcegraph-handbook \\
        tests/corpora/sourcegraph-handbook.toml departments/security/tooling company-info-and-process/tools

CORPUS holds `content`, FOLDER and NEW are in it. Prints a table: the problems of `opsbook check` before, after the move
and after the way back, the time of each command, and how many files differ at the end. Fails where a problem is new or
where more than aliases differs.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import time


def check(program, root):
    """The problems by rule and message. Lines and files change with a move."""
    run = subprocess.run([program, "check", "--format", "json", "--root", root], capture_output=True, text=True)
    if run.returncode not in (0, 1):
        sys.exit(run.stderr)
    return run.stdout.count('"rule"')


def move(program, root, old, new):
    began = time.perf_counter()
    paths = [str(pathlib.Path(root, "content", path)) for path in (old, new)]
    run = subprocess.run([program, "mv", "--root", root, *paths], capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(run.stdout + run.stderr)
    return time.perf_counter() - began, run.stderr.strip().splitlines()


def texts(root):
    content = pathlib.Path(root, "content")
    return {str(path.relative_to(content)): path.read_bytes() for path in content.rglob("*") if path.is_file()}


def without_aliases(text):
    """The text without its block `aliases:`, and without front matter that held nothing else."""
    lines, kept, is_alias = text.split(b"\n"), [], False
    for line in lines:
        is_alias = line.startswith(b"aliases:") or is_alias and line.startswith((b"  -", b"- "))
        if not is_alias:
            kept.append(line)
    if kept[:2] == [b"---", b"---"]:
        kept = kept[2:]
    return b"\n".join(kept)


def main():
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    program, corpus, settings, old, new = sys.argv[1:]
    with tempfile.TemporaryDirectory() as root:
        shutil.copytree(pathlib.Path(corpus, "content"), pathlib.Path(root, "content"))
        for path in pathlib.Path(root).rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        shutil.copy(settings, pathlib.Path(root, "book.toml"))
        before = texts(root)
        pages = sum(path.startswith(old + "/") and path.endswith(".md") for path in before)
        counts = [check(program, root)]
        there, said = move(program, root, old, new)
        moved = sum(before.get(path) != text for path, text in texts(root).items() if not path.startswith(new + "/"))
        counts.append(check(program, root))
        back, _ = move(program, root, new, old)
        counts.append(check(program, root))
        after = texts(root)
        assert before.keys() == after.keys(), "the way back restores every path"
        differ = [path for path in before if before[path] != after[path]]
        more = [path for path in differ if without_aliases(before[path]) != without_aliases(after[path])]
        print("| | |\n| --- | --: |")
        print(f"| pages in the folder | {pages} |")
        print(f"| problems before, after the move, after the way back | {counts[0]}, {counts[1]}, {counts[2]} |")
        print(f"| files outside the folder that the move changes | {moved} |")
        print(f"| files that differ after the way back | {len(differ)} |")
        print(f"| of these by more than aliases | {len(more)} |")
        print(f"| time there, and back | {there:.1f} s, {back:.1f} s |")
        print("\n" + "\n".join(said[:1]))
        if more or len(set(counts)) > 1:
            sys.exit("\n".join(["a problem is new, or more than aliases differs:", *more]))


main()
