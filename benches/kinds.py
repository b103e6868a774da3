#!/usr/bin/env python3
"""What kinds and registers cost: the same 5,000 pages in five forms.

usage: benches/kinds.py [--pages 5000] [--runs 7]      OPSBOOK names a program that is built already

All handbooks have the same texts and links. "plain" has titles only; "fields" has the same front matter, but no kind,
and lets every key through; "unfed" has copies of the kinds whose definitions feed no register, so fields are read,
checked and shown, and each kind has its page, but no text is read for facts; "alone" has the built-in kinds, with
all that pages show of themselves (the course of an incident, what minutes hold), but every register is switched off;
"typed" is the same with all registers. So typed to alone is what registers cost, typed to unfed what registers and
the pages' own headers cost together.

Builds take turns, so that what else the machine does meets all of them. Prints the shortest time from start to end and
the median of the time that processors worked for the program (in user mode and for it in the kernel), and for both the
ratios: of times from start to end also the median of the ratios of each round. All are disturbed less by other programs
than the usual median of times from start to end.
"""

import argparse
import os
import pathlib
import random
import resource
import shutil
import statistics
import subprocess
import tempfile
import time

SERVICES = [f"Service {n}" for n in range(60)]
CAUSES = ["configuration", "change", "capacity", "hardware", "network", "software-defect", "certificate", "procedure"]
GROUPS = [f"group-{n:02}" for n in range(20)]
LAYERS = ["hardware", "iaas", "container", "platform", "application", "cross"]
WORDS = "disk host network queue volume router image node member token cache quota snapshot tenant region".split()


def sentence(rng):
    return " ".join(rng.choice(WORDS) for _ in range(12)).capitalize() + "."


def text(rng):
    return " ".join(sentence(rng) for _ in range(5))


def code(rng):
    return f"```console\nops@host:~$ systemctl status {rng.choice(WORDS)}\nactive (running)\n```"


def runbook(rng, n):
    front = (
        f"kind: runbook\nid: RB-{n:05}\nowner: Team {n % 12}\nlayer: [{rng.choice(LAYERS)}]\npillar: processes\n"
        f"alerts: [Alert{n:05}]\nservices: [{rng.choice(SERVICES)}]\nrisk: change\n"
        f"reviewed: 2026-{7 + n % 5:02}-15\ncontrols: [c5:2020/OPS-{1 + n % 24:02}]\n"
    )
    parts = [f"## {name}\n\n{text(rng)}\n\n{code(rng)}" for name in ("Symptom", "Diagnose", "Fix", "Verify")]
    return f"runbooks/r{n:05}.md", front, "\n\n".join(parts)


def analysis(rng, n, runbooks):
    month, day = 1 + n % 6, 1 + n % 28
    front = (
        f"kind: rca\nid: INC-{n:05}\nowner: Team {n % 12}\nlayer: [{rng.choice(LAYERS)}]\nreport_state: final\n"
        f"severity: SEV{1 + n % 4}\nservices: [{rng.choice(SERVICES)}]\ncause_class: [{rng.choice(CAUSES)}]\n"
        f"started: 2026-{month:02}-{day:02}T01:00:00Z\ndetected: 2026-{month:02}-{day:02}T01:05:00Z\n"
        f"resolved: 2026-{month:02}-{day:02}T03:00:00Z\ndate: 2026-{month:02}-{day:02}\n"
        f"revisions:\n  - {{version: 1, date: 2026-{month:02}-{day:02}, state: final, summary: All parts}}\n"
        f"actions:\n  - {{text: Fix {n}, owner: Team {n % 12}, due: 2026-12-01, state: open}}\n"
    )
    used = f"[runbook](../runbooks/r{rng.randrange(runbooks):05}.md)"
    rows = "\n".join(f"| 01:{m:02} | {rng.choice(WORDS)} | {sentence(rng)} |" for m in range(0, 60, 10))
    body = (
        f"## Summary\n\n{text(rng)} We followed the {used}.\n\n## Impact\n\n{text(rng)}\n\n## Timeline\n\n"
        f"| Time | Component | Event |\n| --- | --- | --- |\n{rows}\n\n## Cause\n\n{text(rng)}\n\n## Action items\n\n"
        f"| # | Action | Owner | Due | State |\n| --- | --- | --- | --- | --- |\n| 1 | {sentence(rng)} | Team 1 | 2026-12-01 | open |"
    )
    return f"rcas/i{n:05}.md", front, body


def minutes(rng, n):
    group, week = GROUPS[n % len(GROUPS)], n // len(GROUPS)
    day = time.strftime("%Y-%m-%d", time.gmtime(1_735_689_600 + week * 7 * 86_400))
    front = f"kind: minutes\nowner: Team {n % 12}\nlayer: [{rng.choice(LAYERS)}]\n"
    carried = f"- AI @user{n % 7} close issues#{week // 5}\n  - ongoing"
    topics = "\n\n".join(
        f"### Topic {t} (@user{t})\n\n- {sentence(rng)}\n- {sentence(rng)}\n  - AI @user{t}: {sentence(rng)}" for t in range(3)
    )
    body = (
        f"# {day}\n\n## Participants\n\n- @user1\n- @user2\n- @user3\n\n## Agenda\n\n### Action items\n\n{carried}\n\n"
        f"{topics}\n\n- Decision: {sentence(rng)}"
    )
    return f"minutes/{group}/{day.replace('-', '')}.md", front, body


def process(rng, n):
    front = (
        f"kind: process\nid: PR-{n:05}\nowner: Team {n % 12}\ndoc_type: procedure\npillar: processes\n"
        f"reviewed: 2026-{1 + n % 11:02}-01\nreview_every: 12m\ncontrols: [iso27001:2022/A.5.{1 + n % 37}]\n"
    )
    parts = [f"## {name}\n\n{text(rng)}\n\n{text(rng)}" for name in ("Purpose", "Scope", "Roles", "Steps")]
    return f"processes/p{n:05}.md", front, "\n\n".join(parts)


def pages(count):
    rng = random.Random(4)
    runbooks, analyses, meetings = count * 4 // 10, count * 2 // 10, count * 3 // 10
    yield from (runbook(rng, n) for n in range(runbooks))
    yield from (analysis(rng, n, runbooks) for n in range(analyses))
    yield from (minutes(rng, n) for n in range(meetings))
    yield from (process(rng, n) for n in range(count - runbooks - analyses - meetings))


FORMS = ["plain", "fields", "unfed", "alone", "typed"]
NAMES = ["titles only", "the same fields, unread", "kinds that feed nothing", "kinds without registers", "kinds and registers"]
REGISTERS = ["actions", "advisories", "alerts", "controls", "decisions", "incidents", "meetings", "reviews"]
FED = ["runbook", "rca", "minutes"]
BUILT_IN = pathlib.Path(__file__).resolve().parent.parent / "src" / "kinds" / "built_in"


def front_matter(path, front, form):
    title = f"title: Page {pathlib.Path(path).stem} {path.split('/')[0]}\n"
    kind, rest = front.split("\n", 1)
    name = kind.removeprefix("kind: ")
    if form == "unfed" and name in FED:
        kind = f"kind: own-{name}"
    return {"plain": title, "fields": title + rest}.get(form, f"{title}{kind}\n{rest}")


def unfed_kinds(folder):
    """Writes copies of the kinds that feed registers, without what they feed."""
    folder.mkdir()
    for name in FED:
        lines = (BUILT_IN / f"{name}.toml").read_text().splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith("registers =")]
        own = "".join(kept)
        own = own[: own.index("[aliases]")] + own[own.index("[fields") :] if "[aliases]" in own else own
        (folder / f"own-{name}.toml").write_text(own)


def lay_out(root, count, form):
    root.mkdir(parents=True)
    off = ", ".join(f'"{name}"' for name in REGISTERS)
    more = {"fields": '[pages]\nextra_keys = ["*"]\n', "alone": f"[registers]\noff = [{off}]\n"}.get(form, "")
    (root / "book.toml").write_text(f'[book]\ntitle = "Bench"\nbase_url = "https://example.org/"\n{more}')
    for path, front, body in pages(count):
        file = root / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"---\n{front_matter(path, front, form)}---\n\n{body}\n")
    if form == "unfed":
        unfed_kinds(root / "kinds")
    if form in ("alone", "typed"):
        rules = "".join(
            f"      - alert: Alert{n:05}\n        expr: up == 0\n        labels: {{severity: warning}}\n" for n in range(count // 2)
        )
        (root / "data").mkdir()
        (root / "data" / "rules.yaml").write_text(f"groups:\n  - name: bench\n    rules:\n{rules}")


def build(program, root, out, more=()):
    """Builds once; returns seconds from start to end, and seconds of work."""
    shutil.rmtree(out, ignore_errors=True)
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [program, "build", "--root", root, "--out", out, "--keep-going", "--today", "2026-11-21", *more], capture_output=True, text=True
    )
    taken, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr)
    return taken, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--pages", type=int, default=5000)
    options.add_argument("--runs", type=int, default=7)
    options = options.parse_args()
    program = os.path.realpath(os.environ.get("OPSBOOK", "target/release/opsbook"))
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        taken = {form: [] for form in FORMS}
        for form in FORMS:
            lay_out(folder / form, options.pages, form)
        for run in range(options.runs + 1):
            for form in FORMS:
                times = build(program, folder / form, folder / "out")
                if run:
                    taken[form].append(times)
        bases = {"alone": "to without", "unfed": "to feed nothing", "fields": "to unread"}
        print(f"| {options.pages} pages | {' | '.join([*NAMES, *bases.values()])} |")
        print(f"| --- |{' --: |' * (len(FORMS) + len(bases))}")
        for row, (name, choose) in enumerate([("shortest from start to end", min), ("work, median", statistics.median)]):
            chosen = {form: choose(times[row] for times in taken[form]) for form in FORMS}
            ratios = [f"{chosen['typed'] / chosen[base]:.3f}" for base in bases]
            print(f"| {name} | {' | '.join(f'{chosen[form]:.2f} s' for form in FORMS)} | {' | '.join(ratios)} |")
        rounds = {base: [typed[0] / other[0] for typed, other in zip(taken["typed"], taken[base])] for base in bases}
        ratios = [f"{statistics.median(rounds[base]):.3f}" for base in bases]
        print(f"| ratios of each round, median |{' |' * len(FORMS)} {' | '.join(ratios)} |")


if __name__ == "__main__":
    main()
