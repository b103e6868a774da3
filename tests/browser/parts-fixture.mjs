// A small handbook with every part that a text can have, and names that try to be more than a name.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const PARTS = `# Parts

See [Fedora](#tab-fedora), [deep](#deep) and [the next page](next.md#inner).

## Install

:::tabs
:::tab[Ubuntu]
Words about Ubuntu.

\`\`\`sh
apt install ceph
\`\`\`
:::
:::tab[Fedora]
Words about Fedora, a zebra among them.

### Deep

Deeper words.
:::
:::internal
:::tab[Staff]
Words for staff.
:::
:::
:::

Words between.

## Again

:::tabs
:::tab[Debian]
Debian again.
:::
:::tab[Fedora]
Fedora again.
:::
:::

## Steps

:::steps
1. Stop it.
2. Start it.
:::

## Cards

:::cards
- [Next](next.md)

  What comes next.
- [Home](_index.md) with words
:::

![Colours](wide.png)

\`\`\`mermaid
flowchart LR
  a[First] --> b[Second]
\`\`\`

## Long

${'A line of words.\n\n'.repeat(40)}

## Short

One.

## Last

Two.
`;

const NEXT = `# Next

| Number | Words |
| --- | --- |
${Array.from({ length: 60 }, (_, row) => `| ${row} | some words |`).join('\n')}

1. In a list

   :::tabs
   :::tab[Debian]
   Debian here.
   :::
   :::tab[Fedora]
   :::tabs
   :::tab[x]
   The x.
   :::
   :::tab[y]
   The y.

   ## Inner

   Inner words.
   :::
   :::
   :::
   :::

:::tabs
:::tab[<img src=x onerror=alert(1)> "quoted' & \`<b>code</b>\`]
Hostile.
:::
:::tab[\`__proto__\`]
Names of objects.
:::
:::tab[\${alert(1)} {{ 7 * 7 }}]
Templates.
:::
:::
`;

/** A picture of one colour, 2000 × 1000 pixels, as an SVG file. */
const PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2000 1000" width="2000" height="1000"><rect width="2000" height="1000" fill="#0e7c90"/></svg>';

const runbook = `---
title: Restart it
kind: runbook
risk: change
variables:
  - {name: HOST, example: node1, pattern: "[a-z0-9.-]+", replaces: [testbed-node-0]}
  - {name: SLOW, example: aab, pattern: "(a+)+b"}
  - {name: PLACE, example: r1-s2, pattern: "^(?:r\\\\d{1,2}|[^r ]{2})-s\\\\w?$"}
---
## Steps

:::steps
1. Stop

   \`\`\`sh
   ssh testbed-node-0 stop "$SLOW" "$PLACE"
   \`\`\`
2. Start

   :::tabs
   :::tab[Ubuntu]
   \`\`\`sh
   ssh testbed-node-0 start
   \`\`\`
   :::
   :::tab[Fedora]
   Nothing to do.
   :::
   :::
:::
`;

/** Minutes with so many actions that their register has a filter. */
function minutes() {
  const days = Array.from({ length: 16 }, (_, day) => `- [ ] AI @${day % 4 === 0 ? 'Night' : 'team'}: Action ${day * 7 % 16} (due: 2026-12-${String(28 - day).padStart(2, '0')})`);
  return `---\ntitle: Meeting\nkind: minutes\ndate: 2026-11-02\n---\n\n## Topics\n\n${days.join('\n')}\n`;
}

const FILES = {
  'book.toml': '[book]\ntitle = "Parts"\n[repository]\nurl = "https://git.example/ops"\n[feedback]\nissues = "gitlab"\n[visibility]\ndefault = "public"\naudience = "internal"\n[rules]\n"section.missing" = "off"\n"field.missing" = "off"\n"action.owner" = "off"\n"runbook.unused" = "off"\n"review.overdue" = "off"\n',
  'content/_index.md': '# Home\n\nSee [parts](parts.md).\n',
  'content/parts.md': PARTS.replace('wide.png', 'wide.svg'),
  'content/next.md': NEXT,
  'content/wide.svg': PICTURE,
  'content/runbooks/restart.md': runbook,
  'content/minutes/meeting.md': minutes(),
};

export async function writeParts(folder) {
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}
