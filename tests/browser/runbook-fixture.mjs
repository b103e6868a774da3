// A small handbook of runbooks, and values that try to be more than a value.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const OSD = `---
title: An OSD is down
kind: runbook
alerts: [CephOSDDown]
risk: destructive
variables:
  - name: HOST
    example: storage03.example.org
    help: The host with the OSD
    label: instance
    pattern: "[a-z0-9][a-z0-9.-]*"
    replaces: [testbed-node-0]
  - name: VOLUME
    example: a volume
  - name: TOKEN
    example: t0ken
    secret: true
---
## Symptom

The alert \`CephOSDDown\` names \`testbed-node-0\`; the text testbed-node-0 stays.

## Diagnose

1. Is it this?

   \`\`\`console risk=read-only run_on="testbed-node-0" expect="one OSD is down"
   (ceph-mon)[root@testbed-node-0 /]# ceph osd tree down \\
     --format plain
   12 hdd osd.12 down on testbed-node-0
   dragon@testbed-manager:~$ ssh testbed-node-0 uptime
    14:03:12 up 3 days
   MariaDB [octavia]> select 1
       -> from amphora;
   dragon@testbed-manager:~$ cat <<EOF > /tmp/hosts
   > testbed-node-0
   > EOF
   $ not a command: the prompts above name their hosts
   >>> print("testbed-node-01")
   \`\`\`

2. Restart it on \`testbed-node-0\`:

   \`\`\`bash risk=disruptive
   ping -c 1 testbed-node-0
   curl -H 'X-Auth-Token: <TOKEN>' http://testbed-node-0:8080/
   \`\`\`

## Fix

1. Purge it:

   :::danger What is purged is lost
   Compare the number with a second person.
   :::

   \`\`\`bash risk=destructive undo=none
   ceph osd purge testbed-node-0
   \`\`\`

   \`\`\`bash risk=read-only
   # whether testbed-node-0 answers
   dig +short testbed-node-0
   \`\`\`

   \`\`\`bash risk=change
   token revoke <TOKEN> --host testbed-node-0
   \`\`\`

2. Name the volume:

   \`\`\`bash
   printf '[%s]' <VOLUME> x<VOLUME>y "a <VOLUME> b" 'c <VOLUME> d' "$(printf %s "<VOLUME>")" "$VOLUME"
   \`\`\`

   \`\`\`bash
   cat > settings.yml <<EOF
   e <VOLUME> f
   EOF
   \`\`\`

3. Ask the database:

   \`\`\`bash
   mysql -e "select * from volumes where name = '<VOLUME>'"
   \`\`\`

   \`\`\`yaml
   volume: <VOLUME>
   \`\`\`

## Verify

- [ ] All is well

## Escalate

To *Storage*, after 30 minutes.
`;

const NEXT = `---
title: The next one
kind: runbook
variables:
  - name: HOST
    example: node01
    replaces: [node-0]
---
## Symptom

\`node-0\`

## Verify

\`\`\`bash
ping node-0
\`\`\`
`;

const HEADINGS = `---
title: Headings are steps
kind: runbook
---
## Symptom

Something.

## Restart it

\`\`\`bash
systemctl restart x
\`\`\`

## Verify

See.
`;

/** The monitoring names the volume, and has no address for the runbook yet. */
const RULES = `groups:
- name: ceph
  rules:
  - alert: CephOSDDown
    expr: sum by (instance, volume) (ceph_osd_up) == 0
    for: 5m
`;

export async function writeRunbooks(folder) {
  await mkdir(join(folder, 'content/runbooks'), { recursive: true });
  await writeFile(join(folder, 'book.toml'), '[book]\ntitle = "Night shift"\n[rules]\n"runbook.example" = "off"\n');
  await mkdir(join(folder, 'data'));
  await writeFile(join(folder, 'data/ceph.rules'), RULES);
  for (const [name, text] of Object.entries({ osd: OSD, next: NEXT, headings: HEADINGS })) {
    await writeFile(join(folder, `content/runbooks/${name}.md`), text);
  }
}

/** Values that fit anywhere when they are quoted. */
export const VALUES = [
  'vol1',
  'my volume',
  '$(reboot)',
  '`reboot`',
  '"; reboot; "',
  "'; reboot; '",
  "it's",
  "'\\''",
  '$HOME ${PATH} $$ $? !! !$',
  '\\',
  'a\\\\b\\',
  '--help',
  '-rf /',
  '*',
  '~',
  '{a,b}',
  '# no comment',
  '<img src=x onerror=alert(1)>',
  '</var><script>alert(1)</script>',
  '&amp; &lt;',
  '```',
  'a & b | c > d; e',
  'ünïcödé 漢字 🙂',
];

/** What is no line, or cannot be seen. */
export const REFUSED = ['a\nreboot', 'a\rreboot', 'a\u0000b', 'a\u001b[31mb', 'a\u202eb', 'a\u200bb', 'a\u2028b', 'x'.repeat(201)];
