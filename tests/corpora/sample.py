#!/usr/bin/env python3
"""Draws diagnostics of a handbook to be judged by hand, the same ones each time.

usage: sample.py ROOT [NUMBER] [SEED]     (40 and 20261121; OPSBOOK names the program)

Up to four of each rule, the rest from all that is left. Each is shown with the line it points to. Lay a corpus
out by `benches/layout.py opsbook CORPUS ROOT` first.
"""

import collections
import json
import os
import pathlib
import random
import subprocess
import sys

if len(sys.argv) < 2:
    sys.exit(__doc__)
root = pathlib.Path(sys.argv[1])
number = int(sys.argv[2]) if len(sys.argv) > 2 else 40
chance = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 20261121)
program = os.environ.get("OPSBOOK", str(pathlib.Path(__file__).parents[2] / "target/debug/opsbook"))
command = [program, "check", "--format", "json", "--root", root]
found = json.loads(subprocess.run(command, capture_output=True, text=True).stdout)["diagnostics"]

by_rule = collections.defaultdict(list)
for diagnostic in found:
    by_rule[diagnostic["rule"]].append(diagnostic)
chosen = []
for rule in sorted(by_rule):
    chosen += chance.sample(by_rule[rule], min(4, len(by_rule[rule])))
rest = [diagnostic for diagnostic in found if diagnostic not in chosen]
chosen += chance.sample(rest, min(max(0, number - len(chosen)), len(rest)))

for diagnostic in chosen:
    line = (root / diagnostic["file"]).read_text("utf-8-sig").split("\n")[diagnostic["line"] - 1]
    start = max(0, diagnostic["column"] - 31)
    print(f"{diagnostic['file']}:{diagnostic['line']}:{diagnostic['column']}: {diagnostic['rule']}")
    print(f"    {diagnostic['message']}; {diagnostic['help'] or 'no advice'}")
    print(f"    {line[start : start + 160]}")
print(f"{len(chosen)} of {len(found)}: " + ", ".join(f"{rule} {len(by_rule[rule])}" for rule in sorted(by_rule)))
