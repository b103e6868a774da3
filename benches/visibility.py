#!/usr/bin/env python3
"""What visibility costs: the same 5,000 typed pages without levels, and with marks on every tenth page.

usage: benches/visibility.py [--pages 5000] [--runs 7]      OPSBOOK names a program that is built already

"unmarked" is the handbook of `kinds.py`. "stated" says only `[visibility] default = "public"`. "marked" says it too,
and every tenth page has more text, which is marked in three ways: a block, words in a sentence, a row of a table. For
the audience `public` all of that is withheld, so the three sites must be equal file by file, and the script checks it.
"internal" is the marked handbook for those who see everything. Builds take turns; see `kinds.py` for what is printed.
"""

import argparse
import filecmp
import os
import pathlib
import statistics
import tempfile

import kinds

FORMS = {"unmarked": [], "stated": [], "marked": [], "internal": ["--audience", "internal"]}
BLOCK = ":::internal\nThe jump host is node 7; its key lies with the team. Ask before you use it, and say so in the channel.\n:::\n\n"
WORDS = " [Ask the team on call first.]{.internal}"
ROW = "\n| 02:00 | node | The customer was told by name. {.internal} |"


def marked(body):
    """A page's text with three marks; each stands where a writer would put it."""
    lines = body.split("\n")
    rows = [at for at, line in enumerate(lines) if line.startswith("| 01:")]
    if rows:
        lines[rows[-1]] += ROW
    sentences = [at for at, line in enumerate(lines) if line.endswith(".") and line[0].isalpha()]
    if sentences:
        lines[sentences[0]] += WORDS
    text = "\n".join(lines)
    last = text.rindex("\n## ") + 1
    return text[:last] + BLOCK + text[last:]


def lay_out(root, count, form):
    kinds.lay_out(root, count, "typed")
    if form == "unmarked":
        return
    with (root / "book.toml").open("a") as book:
        book.write('\n[visibility]\ndefault = "public"\n')
    if form == "stated":
        return
    for path in sorted((root / "content").rglob("*.md"))[::10]:
        front, body = path.read_text().split("\n---\n", 1)
        path.write_text(f"{front}\n---\n{marked(body.rstrip())}\n")


def check_equal(ours, theirs):
    """Ends the program where two sites differ in a file that readers get."""
    names = sorted(str(path.relative_to(ours)) for path in ours.rglob("*") if path.is_file())
    there = sorted(str(path.relative_to(theirs)) for path in theirs.rglob("*") if path.is_file())
    differ = [name for name in names if not filecmp.cmp(ours / name, theirs / name, shallow=False)] if names == there else there
    if names != there or differ:
        raise SystemExit(f"{ours.name} and {theirs.name} differ: {differ[:5]}")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--pages", type=int, default=5000)
    options.add_argument("--runs", type=int, default=7)
    options = options.parse_args()
    program = os.path.realpath(os.environ.get("OPSBOOK", "target/release/opsbook"))
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        roots = {form: folder / ("marked" if form == "internal" else form) for form in FORMS}
        for form in ["unmarked", "stated", "marked"]:
            lay_out(folder / form, options.pages, form)
        for form in FORMS:
            kinds.build(program, roots[form], folder / f"out-{form}", FORMS[form])
        for form in ["stated", "marked"]:
            check_equal(folder / "out-unmarked", folder / f"out-{form}")
        taken = {form: [] for form in FORMS}
        for _ in range(options.runs):
            for form, more in FORMS.items():
                taken[form].append(kinds.build(program, roots[form], folder / f"out-{form}", more))
    print(f"| {options.pages} pages | {' | '.join(FORMS)} | marked to unmarked |")
    print("| --- | --: | --: | --: | --: | --: |")
    for row, (name, chosen) in enumerate([("shortest from start to end", min), ("work, median", statistics.median)]):
        times = {form: chosen(times[row] for times in taken[form]) for form in FORMS}
        print(f"| {name} | {' | '.join(f'{time:.2f} s' for time in times.values())} | {times['marked'] / times['unmarked']:.3f} |")


if __name__ == "__main__":
    main()
