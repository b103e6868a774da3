// Runs a real nginx with the configuration that the guide prints, over sites with and without redirects.
//
// The configuration is taken as it is. Only what belongs to one machine is put in: the port, the folder, and a
// certificate made for the test. Installs nginx where it is missing. Ends with `N passed, N failed`.
//
// usage: node nginx.mjs     (OPSBOOK names the program)

import { spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Report } from '../browser/report.mjs';
import { install } from '../install.mjs';

const repository = resolve(fileURLToPath(import.meta.url), '../../..');
const binary = resolve(process.env.OPSBOOK ?? join(repository, 'target/debug/opsbook'));
const guide = join(repository, 'content/guide');
const report = new Report();

// Old URLs with everything that a configuration might trip over; a browser asks for them percent-encoded.
const OLD = ['/old/page/', "/a b/{c}/$uri/it's;/", '/Überblick/', '/page.html', `/${'long-'.repeat(30)}name/`];
const ALIASED = {
  'content/_index.md': '# Home\n\n[Page](page.md)\n',
  'content/page.md': `---\naliases: ${JSON.stringify(OLD)}\n---\n# Page\n\nThe new page. [Data](data.csv), [a script](restart.sh).\n`,
  'content/data.csv': 'a,b\n',
  'content/restart.sh': 'uptime\n',
};
const PLAIN = { 'content/_index.md': '# Home\n' };

install('nginx', ['nginx-light', 'openssl']);
const temporary = await mkdtemp(join(tmpdir(), 'opsbook-nginx-'));
try {
  await makeCertificate();
  await session('with redirects', await build('aliased', ALIASED), async (get) => {
    await answersPages(get);
    for (const old of OLD) {
      const path = old.split('/').map(encodeURIComponent).join('/');
      for (const spelling of new Set([path, path.replace(/\/$/, '')])) {
        const answer = await get(spelling);
        const leads = answer.headers.location?.endsWith('/page/') && answer.status === 301;
        report.check(`nginx redirects ${spelling.slice(0, 40)}`, leads ? [] : [`${answer.status} ${answer.headers.location}`]);
      }
    }
    for (const [path, type] of [
      ['/page/index.md', 'text/plain; charset=utf-8'],
      ['/page/', 'text/html; charset=utf-8'],
      ['/data.csv', 'text/csv; charset=utf-8'],
      ['/restart.sh', 'text/plain; charset=utf-8'],
      ['/handbook.json', 'application/json; charset=utf-8'],
    ]) {
      const answer = await get(path);
      const right = answer.status === 200 && answer.headers['content-type'] === type;
      report.check(`nginx sends ${path} as ${type}`, right ? [] : [`${answer.status} ${answer.headers['content-type']}`]);
    }
  });
  await session('without redirects', await build('plain', PLAIN), answersPages);
} finally {
  await rm(temporary, { recursive: true, force: true });
}
process.exit(report.close());

/** A page, a missing page and a style sheet, each with the headers that the guide promises. */
async function answersPages(get) {
  const home = await get('/');
  report.check('nginx answers the first page', home.status === 200 && home.body.includes('Home') ? [] : [`${home.status}`]);
  const missing = await get('/no/such/page/');
  const own = missing.status === 404 && missing.body.includes('<main');
  report.check("nginx answers a wrong address with the handbook's page", own ? [] : [`${missing.status}`]);
  const style = home.body.match(/href="(?:\.\/)?(assets\/style\.[0-9a-f]+\.css)"/)?.[1];
  const sheet = await get(`/${style}`);
  const lasts = sheet.status === 200 && sheet.headers['cache-control'] === 'max-age=31536000';
  report.check('nginx lets browsers keep theme assets', lasts ? [] : [`${style} ${sheet.status} ${sheet.headers['cache-control']}`]);
  report.check('nginx lets no browser keep a page for a year', home.headers['cache-control'] ? [home.headers['cache-control']] : []);
  const promised = await headersOfTheGuide();
  for (const [what, answer] of Object.entries({ 'a page': home, 'a wrong address': missing, 'a style sheet': sheet })) {
    const wrong = promised.filter(([name, value]) => answer.headers[name] !== value);
    report.check(`nginx sends the headers of the guide with ${what}`, wrong.map(([name]) => `${name}: ${answer.headers[name]}`));
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

/** Builds a handbook of these files; its folder comes back. */
async function build(name, files) {
  const root = join(temporary, name);
  for (const [path, text] of Object.entries({ 'book.toml': '[book]\ntitle = "Handbook"\n', ...files })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const done = spawnSync(binary, ['build', '--root', root, '--out', join(root, 'public')], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`the fixture does not build:\n${done.stdout}${done.stderr}`);
  return join(root, 'public');
}

/** Starts nginx over a site, lets `check` ask it, and stops it. */
async function session(name, site, check) {
  const port = await freePort();
  const conf = await configure(site, port);
  const test = spawnSync('nginx', ['-t', '-c', conf, '-p', temporary], { encoding: 'utf8', env: withSbin() });
  report.check(`nginx accepts the configuration, ${name}`, test.status === 0 ? [] : [test.stderr]);
  if (test.status !== 0) return;
  const server = spawn('nginx', ['-c', conf, '-p', temporary], { stdio: ['ignore', 'ignore', 'pipe'], env: withSbin() });
  let said = '';
  server.stderr.on('data', (data) => (said += data));
  try {
    await listening(port, server, () => said);
    await check((path) => get(port, path));
  } finally {
    const ended = new Promise((done) => server.once('exit', done));
    server.kill('SIGTERM');
    await ended;
  }
}

/** The guide's `server` block inside the smallest configuration around it; the path of the file comes back. */
async function configure(site, port) {
  let block = await readFile(join(guide, '_snippets/nginx.conf'), 'utf8');
  for (const [from, to] of [
    ['listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`],
    ['listen [::]:443 ssl;', ''],
    ['/etc/letsencrypt/live/handbook.example.org/fullchain.pem', join(temporary, 'certificate.pem')],
    ['/etc/letsencrypt/live/handbook.example.org/privkey.pem', join(temporary, 'key.pem')],
    ['/srv/handbook/headers', `${site}/headers`],
    ['/srv/handbook/redirects', `${site}/redirects`],
    ['root /srv/handbook;', `root ${site};`],
  ]) {
    if (block.split(from).length !== 2) throw new Error(`the guide's configuration has not exactly one \`${from}\``);
    block = block.replace(from, to);
  }
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const conf = [
    process.getuid() === 0 ? 'user root;' : '',
    `pid ${join(temporary, 'nginx.pid')};`,
    'error_log stderr;',
    'daemon off;',
    'events {}',
    'http {',
    'include /etc/nginx/mime.types;',
    'default_type application/octet-stream;',
    'access_log off;',
    ...temp.map((name) => `${name}_temp_path ${join(temporary, name)};`),
    block,
    '}',
  ];
  const path = join(temporary, 'nginx.conf');
  await writeFile(path, conf.filter(Boolean).join('\n'));
  return path;
}

async function makeCertificate() {
  const [key, certificate] = ['key.pem', 'certificate.pem'].map((name) => join(temporary, name));
  const arguments_ = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const names = ['-subj', '/CN=handbook.example.org', '-days', '2', '-keyout', key, '-out', certificate];
  const done = spawnSync('openssl', [...arguments_, ...names], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`openssl: ${done.stderr}`);
}

/** Asks without following redirects. */
function get(port, path) {
  return new Promise((done, fail) => {
    // The certificate was made for this test and nobody has signed it.
    const options = { host: '127.0.0.1', port, path, rejectUnauthorized: false, agent: false };
    request(options, (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (text) => (body += text));
      answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, body }));
    })
      .on('error', fail)
      .end();
  });
}

async function listening(port, server, said) {
  for (let tries = 0; tries < 400; tries += 1) {
    if (server.exitCode !== null) throw new Error(`nginx has ended: ${said()}`);
    if (await get(port, '/').then(() => true, () => false)) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`nginx does not answer: ${said()}`);
}

function withSbin() {
  return { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
}

function freePort() {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}
