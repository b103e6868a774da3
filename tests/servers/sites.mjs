// What the tests of web servers share: handbooks, and what every server must answer.

import { spawnSync } from 'node:child_process';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = resolve(fileURLToPath(import.meta.url), '../../..');
const binary = resolve(process.env.OPSBOOK ?? join(repository, 'target/debug/opsbook'));

export const guide = join(repository, 'content/guide');

/** Old URLs with everything that a configuration might trip over; a browser asks for them percent-encoded. */
export const OLD = ['/old/page/', "/a b/{c}/$uri/it's;/", '/Überblick/', '/page.html', `/${'long-'.repeat(30)}name/`];

/** A handbook with aliases, with texts that servers do not know, and with a file that looks like one named by its content. */
export const ALIASED = {
  'book.toml': '[book]\ntitle = "Handbook"\n[assets.types]\nnasl = "page"\n',
  'content/_index.md': '# Home\n\n[Page](page.md)\n',
  'content/page.md': `---\naliases: ${JSON.stringify(OLD)}\n---\n# Page\n\nThe new page. [Data](data.csv), [a script](restart.sh), [rules](alerts.rules), [a unit](x.service), [an image](Dockerfile), [a template](page.html.j2), [a check](check.nasl), [a calendar](duty.ics), [a report](assets/report.20261121.csv).\n`,
  'content/data.csv': 'a,b\n',
  'content/restart.sh': 'uptime\n',
  'content/alerts.rules': 'groups: []\n',
  'content/x.service': '[Unit]\n',
  'content/Dockerfile': 'FROM scratch\n',
  'content/page.html.j2': '<!doctype html><script>alert(1)</script>\n',
  'content/check.nasl': 'if (x)\n',
  'content/duty.ics': 'BEGIN:VCALENDAR\nEND:VCALENDAR\n',
  'content/assets/report.20261121.csv': 'a,b\n',
};

export const PLAIN = { 'content/_index.md': '# Home\n' };

/** Paths of that handbook with the media type that every server sends. */
export const TYPES = [
  ['/page/', 'text/html'],
  ['/page/index.md', 'text/plain'],
  ['/data.csv', 'text/csv'],
  ['/duty.ics', 'text/calendar'],
  ['/restart.sh', 'text/plain'],
  ['/alerts.rules', 'text/plain'],
  ['/x.service', 'text/plain'],
  ['/dockerfile', 'text/plain'],
  ['/page.html.j2.txt', 'text/plain'],
  ['/check.nasl', 'text/plain'],
  ['/handbook.json', 'application/json'],
];

/** What a server must answer over a site, with the headers that the guide promises. `get(path)` asks it. */
export async function answersPages(report, name, site, get) {
  const home = await get('/');
  report.check(`${name} answers the first page`, home.status === 200 && home.body.includes('Home') ? [] : [`${home.status}`]);
  const missing = { 'a wrong address': await get('/no/such/page/'), 'a wrong text': await get('/no-such.rules') };
  for (const [what, answer] of Object.entries(missing)) {
    const own = answer.status === 404 && answer.body.includes('<main') && answer.headers['content-type'].startsWith('text/html');
    report.check(`${name} answers ${what} with the handbook's page`, own ? [] : [`${answer.status} ${answer.headers['content-type']}`]);
  }
  const style = home.body.match(/href="(?:\.\/)?(assets\/style\.[0-9a-f]+\.css)"/)?.[1];
  const sheet = await get(`/${style}`);
  const promised = await headersOfTheGuide();
  for (const [what, answer] of Object.entries({ 'a page': home, ...missing, 'a style sheet': sheet })) {
    const wrong = promised.filter(([header, value]) => answer.headers[header] !== value);
    report.check(`${name} sends the headers of the guide with ${what}`, wrong.map(([header]) => `${header}: ${answer.headers[header]}`));
  }
  const { named_by_content: lasting } = JSON.parse(await readFile(join(site, '.opsbook-manifest.json'), 'utf8'));
  const wrong = [];
  const entries = await readdir(site, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => relative(site, join(entry.parentPath ?? entry.path, entry.name)));
  for (const file of files.filter((path) => !path.startsWith('.') && !path.endsWith('.html'))) {
    const answer = await get(`/${file.split('/').map(encodeURIComponent).join('/')}`);
    const wanted = lasting.includes(file) ? 'public, max-age=31536000, immutable' : 'no-cache';
    if (answer.headers['cache-control'] !== wanted) wrong.push(`${file}: ${answer.status} ${answer.headers['cache-control']}`);
  }
  report.check(`${name} lets browsers keep the ${lasting.length} files that are named by their content, and no other`, lasting.length > 9 ? wrong : ['none']);
  report.check(`${name} lets no browser keep a page`, home.headers['cache-control'] === 'no-cache' ? [] : [home.headers['cache-control']]);
}

/** The texts of the aliased handbook, each with the type that lets browsers show it and not run it. */
export async function sendsTypes(report, name, get) {
  for (const [path, type] of TYPES) {
    const answer = await get(path);
    const sent = answer.headers['content-type'] ?? '';
    const right = answer.status === 200 && sent.split(';')[0] === type && (!type.startsWith('text/') || /; charset=utf-8$/i.test(sent));
    report.check(`${name} sends ${path} as ${type}`, right ? [] : [`${answer.status} ${sent}`]);
  }
}

/** The headers in the guide's list. */
async function headersOfTheGuide() {
  const text = await readFile(join(guide, 'publishing.md'), 'utf8');
  const block = text.match(/```text\n(Content-Security-Policy: [^`]*)```/)?.[1] ?? '';
  const headers = block.trim().split('\n').map((line) => line.split(/: (.*)/s));
  if (headers.length < 3) throw new Error('publishing.md lists no headers');
  return headers.map(([name, value]) => [name.toLowerCase(), value]);
}

/** Builds a handbook of these files in a folder; the folder of the site comes back. */
export async function build(folder, name, files) {
  const root = join(folder, name);
  for (const [path, text] of Object.entries({ 'book.toml': '[book]\ntitle = "Handbook"\n', ...files })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const done = spawnSync(binary, ['build', '--root', root, '--out', join(root, 'public')], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`the fixture does not build:\n${done.stdout}${done.stderr}`);
  return join(root, 'public');
}

/** A configuration of the guide with other values; each must be there exactly once. */
export async function configured(snippet, changes) {
  let text = await readFile(join(guide, '_snippets', snippet), 'utf8');
  for (const [from, to] of changes) {
    if (text.split(from).length !== 2) throw new Error(`${snippet} of the guide has not exactly one \`${from}\``);
    text = text.replace(from, to);
  }
  return text;
}

export function freePort() {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}
