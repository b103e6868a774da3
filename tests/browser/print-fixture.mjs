// A section to be printed whose pages say the same things in the same words, so that nothing but the prefix keeps them apart.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const standard = (title, more) => `# ${title}

A note[^1] on [the overview](#overview), on [the other](change.md#overview), on [all](_index.md), on [this one](incident.md)
and on [what is not printed](../other.md#far).

## Overview

Words. ${more}

### Deep

1. One
2. Two

## Roles & "rights" <1>

| Role | Right |
| --- | --- |
| A | B |

- [ ] open
- [x] done

:::details More
Folded words.
:::

:::tabs
:::tab[Debian]
Words about Debian.
:::
:::tab[Fedora]
Words about Fedora.
:::
:::

\`\`\`mermaid
sequenceDiagram
  A->>B: ask
\`\`\`

\`\`\`console title="once"
$ uptime
 12:00 up
\`\`\`

![A square](square.svg)

[^1]: A footnote of ${title}.
`;

const german = `---
language: de
---
# Übergabe

Ein Satz[^1], siehe [die Änderung](change.md#deep).

## Überblick

Mehr Worte.

[^1]: Eine Fußnote.
`;

const FILES = {
  'book.toml': '[book]\ntitle = "Paper"\nbase_url = "https://h.example/"\n[repository]\nurl = "https://git.example/ops"\n[rules]\n"section.missing" = "off"\n"field.missing" = "off"\n',
  'content/_index.md': '# Home\n',
  'content/other.md': '# Other\n\n## Far\n\nWords.\n',
  'content/processes/_index.md': `# Processes\n\nSee [a change](change.md#roles--rights-1), then [the handover](handover.md#überblick).\n\n## Overview\n\n${'A line of words.\n\n'.repeat(12)}`,
  'content/processes/change.md': `---\nowner: Platform operations\nreviewed: 2026-11-02\nrelated: [incident.md]\n---\n${standard('Change', 'Of changes.')}`,
  'content/processes/incident.md': standard('Incident', 'Of incidents.'),
  'content/processes/handover.md': german,
  'content/processes/page-change/overview.md': '# Overview\n\n## Overview {#ob-main}\n\nIts name is like the id of a heading.\n',
  'content/processes/square.svg': '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40" width="40" height="40"><rect width="40" height="40" fill="#0e7c90"/></svg>',
};

export async function writePrinted(folder) {
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}
