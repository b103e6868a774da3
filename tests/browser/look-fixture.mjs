// A small handbook of what is laid out by measure: long names of alerts, dates in narrow columns, drawings that end at an
// edge, diagrams of many widths, and the footer that the guide gives as an example.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export const ALERTS = ['KubernetesPersistentVolumeAlmostFullOnControlPlane', 'CephOSDNearFull', 'node_filesystem_almost_out_of_space'];

const ANALYSIS = `---
title: A long night
description: An incident whose course ends where the axis has a tick.
kind: rca
owner: Operations
date: 2026-11-20
report_state: final
severity: SEV2
phase: done
services: [API]
started: 2026-11-19T20:00:00Z
detected: 2026-11-19T20:05:00Z
acknowledged: 2026-11-19T20:20:00Z
mitigated: 2026-11-20T03:40:00Z
resolved: 2026-11-20T04:00:00Z
detection: operator
data_loss: none
cause_class: [capacity]
revisions:
  - version: 1
    date: 2026-11-20
    state: final
    summary: All of it
---

## Summary

Invented.

## Impact

None.

## Timeline

| Time | Component | Event |
| --- | --- | --- |
| **11-19 20:00** | The database of the control plane in the first region, which all of it needs | Disk full, the database stops, and with it whatever asks it; see \`/var/log/mysql/error.log\` |
| 11-20 04:00 | API | All answers |

## Cause

A disk.

## What went well

- It ended.

## What went badly

- It began.

## Where we were lucky

- It was night.

## Action items

| # | Action | Type | Owner (role) | Due | State |
| --- | --- | --- | --- | --- | --- |
| 1 | Watch the space on all disks of all nodes in all regions, with a limit of its own for each | detect | Platform operations | 2026-12-25 | done |
| 2 | Rotate what is written by size and by day, and keep it elsewhere | prevent | Incident management | 2027-01-15 | open |
`;

const RUNBOOK = `---
title: A disk is full
description: What to do.
kind: runbook
owner: Operations
alerts: [${ALERTS.join(', ')}]
---

## Symptom

It is full.

## Impact

All.

## Diagnose

1. Look at it.

## Mitigate

1. Make room.

## Verify

It is empty.

## Escalate

Call.
`;

/** Flowcharts from narrow to wide. */
const chain = (count) =>
  `\`\`\`mermaid\nflowchart LR\n${Array.from({ length: count }, (_, at) => `  n${at}[Part ${at} of ${count}] --> n${at + 1}[Part ${at + 1} of ${count}]`).join('\n')}\n\`\`\`\n`;
const DIAGRAMS = `# Diagrams\n\n${[2, 3, 4, 5, 6, 9].map(chain).join('\n')}`;

/** Writes it; `guide` is the page of the guide that tells about themes. */
export async function writeLook(root, guide) {
  const example = (await readFile(guide, 'utf8')).match(/```html title="theme\/(templates\/partials\/footer\.html)"\n([^]*?)```/);
  const files = {
    'book.toml': '[book]\ntitle = "Look"\ndescription = "A handbook to be looked at."\nlicense = "CC-BY-4.0"\n',
    'content/_index.md': '# Look\n\nWords.\n',
    'content/legal.md': '# Legal notice\n\nWords.\n',
    'content/diagrams.md': DIAGRAMS,
    'content/night.md': ANALYSIS,
    'content/disk.md': RUNBOOK,
    [`theme/${example[1]}`]: example[2],
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}
