//! A handbook with a word of its own in each channel by which hidden text could get out.
//!
//! Owns the texts: `‹name›` stands for the word of the channel of that name. Knows neither words nor builds.

/// Channels whose words are published for no one, not even for those who may see all.
pub const NOBODY: &[&str] = &[
    "author in Git",
    "clearance pending",
    "clearance refused",
    "comment",
    "comment in a hidden page",
    "deny list",
    "draft",
    "embargo",
    "environment",
    "folder of the build",
    "metadata of a drawing",
    "metadata of a picture",
    "participant",
    "remark in front matter",
    "remark in settings",
];

/// Paths and texts.
pub const FILES: &[(&str, &str)] = &[
    ("book.toml", BOOK),
    ("content/_index.md", "---\ntitle: Home\n---\n\nSee [a plan](open.md) and [more](p-‹file name›.md).\n"),
    ("content/open.md", OPEN),
    ("content/p-‹file name›.md", HIDDEN),
    ("content/slugged.md", "---\ntitle: Slugged\nslug: ‹slug›\nvisibility: internal\n---\n\nText.\n"),
    ("content/f-‹folder›/_index.md", "---\ntitle: F ‹title of a section›\nvisibility: internal\n---\n"),
    ("content/f-‹folder›/child.md", "# Child ‹title by heading›\n\n‹text of a page beneath›\n"),
    ("content/draft.md", "---\ntitle: D\ndraft: true\n---\n\n‹draft›\n"),
    ("content/embargo.md", "---\ntitle: E\npublish_after: 2199-01-01\n---\n\n‹embargo›\n"),
    ("content/pending.md", "---\ntitle: P\nclearance: pending\n---\n\n‹clearance pending›\n"),
    ("content/refused.md", "---\ntitle: R\nclearance: refused\n---\n\n‹clearance refused›\n"),
    ("content/_part.md", "An open part.\n\n:::internal\n‹block in an included text›\n:::\n"),
    ("content/_hidden.md", "‹included text›\n"),
    ("content/script.sh", "echo ‹included code›\n"),
    ("content/note-‹name of a file›.txt", "‹text of a file›\n"),
    ("content/secret/plan.txt", "‹file by pattern›\n"),
    (
        "content/img-‹name of a picture›.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><title>‹text in a drawing›</title></svg>",
    ),
    (
        "content/open.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><metadata>‹metadata of a drawing›</metadata><path d=\"M0 0\"/></svg>",
    ),
    ("content/rcas/2026-01-02-open.md", RCA),
    ("content/minutes/2026-01-05.md", MINUTES),
    ("content/runbooks/hidden.md", RUNBOOK),
    (
        "content/posts/2026-01-06-hidden.md",
        "---\nkind: post\ntitle: News ‹title of a post›\ndate: 2026-01-06\nvisibility: internal\n---\n\n‹post›\n",
    ),
    ("content/processes/hidden.md", PROCESS),
    ("data/internal/a.rules", ALERTS),
    ("data/controls/house.toml", CONTROLS),
];

const BOOK: &str = r#"# ‹remark in settings›
[book]
title = "Handbook"
base_url = "https://handbook.example/"
[visibility]
default = "public"
[visibility.paths]
"content/secret/**" = "internal"
"data/internal/**" = "internal"
"data/controls/*" = "internal"
[audit]
deny = ["‹deny list›"]
[rules]
"link.hidden" = "off"
"#;

/// What everybody may see, with hidden parts of every sort.
const OPEN: &str = r#"---
title: Open
# ‹remark in front matter›
related: [‹id›]
---

<!-- ‹comment› -->

Open text with [words ‹words in a line›]{.internal} and **‹emphasis›**{.internal}, `‹code in a line›`{.internal},
[a link](https://x.example/‹address of a link› "‹title of a link›"){.internal}, a [hidden page](p-‹file name›.md) and
a [hidden file](secret/plan.txt), and a note [here[^1]]{.internal}.

[^1]: ‹footnote›

A paragraph with ‹paragraph› and <https://‹bare address›.example/>. {.internal}

:::internal Title ‹title of a block›
‹block›

> A quote ‹quote›

Term
: ‹definition›

- [ ] task ‹task›

::include _hidden.md
:::

> [!NOTE]
> Open.
>
> :::internal
> ‹block in an alert›
> :::

- one
- two ‹item› {.internal}
  - three ‹item beneath›
- four

  :::internal
  ‹block in an item›
  :::

| a | b |
|---|---|
| 1 | 2 |
| ‹row› | 4 {.internal} |

## Hidden ‹heading› {#h-‹id of a heading› .internal}

‹section›

### Below ‹heading beneath›

## Open again

```sh title="‹title of code›" {.internal}
echo ‹code›
```

![‹alternative text›](img-‹name of a picture›.svg){.internal}

![Open](open.svg) ![Open too](open.png)

::include _part.md
"#;

/// A page that only insiders see.
const HIDDEN: &str = r#"---
title: T ‹title›
nav_title: N ‹short title›
description: ‹description›
id: ‹id›
owner: ‹owner›
tags: [t-‹tag›]
aliases: [/old/‹alias›/]
visibility: internal
visibility_reason: ‹reason›
---

<!-- ‹comment in a hidden page› -->

‹text of a page› <span title="‹attribute›">x</span> and [a file](note-‹name of a file›.txt), see [open](open.md).

[‹text of a backlink›](open.md#open-again)

::include script.sh
"#;

const RCA: &str = r#"---
kind: rca
title: An outage
report_state: final
severity: SEV2
services: [Storage]
started: 2026-01-02T01:00:00Z
resolved: 2026-01-02T02:00:00Z
cause_class: [capacity]
customers_affected: {value: "‹field›", visibility: internal}
actions:
  - text: Open action
    owner: Platform
  - text: Action ‹action›
    owner: Team ‹owner of an action›
    due: 2026-02-01
    visibility: internal
revisions:
  - version: "1"
    date: 2026-01-03
    summary: First
  - version: "2"
    date: 2026-01-04
    summary: Changed ‹revision›
    visibility: internal
---

## Summary

Down.

## Impact

Some.

## Timeline

- 01:00 begin
- 01:10 ‹line of a timeline› {.internal}

## Cause

Load.
"#;

const MINUTES: &str = r#"---
kind: minutes
title: Weekly
group: Group ‹group›
visibility: internal
---

## Participants

- Person ‹participant›

## Agenda

### Topic ‹topic›

AI @role: write ‹action of minutes›

Decision: we take ‹decision›
"#;

const RUNBOOK: &str = r#"---
kind: runbook
title: Restart
visibility: internal
alerts: [Alert_‹alert›]
services: [Service ‹service›]
reviewed: 2026-01-01
variables:
  - name: HOST
    example: host-‹variable›
---

## Symptom

‹symptom›

## Fix

Restart.

## Verify

Look.
"#;

const PROCESS: &str = r#"---
kind: process
title: Access
visibility: internal
controls: ["house:1/H-01"]
version: "v‹version›"
---

## Purpose

Text.
"#;

const ALERTS: &str = r#"groups:
  - name: group
    rules:
      - alert: Alert_‹alert›
        expr: up == 0
      - alert: Lonely_‹alert without a runbook›
        expr: up == 0
"#;

const CONTROLS: &str = r#"id = "house"
edition = "1"
title = "Rules ‹title of a framework›"
[[controls]]
id = "H-01"
title = "Doors ‹title of a control›"
"#;
