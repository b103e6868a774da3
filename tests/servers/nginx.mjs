// Runs a real nginx with the configuration that the guide prints, over sites with and without redirects.
//
// The configuration is taken as it is. Only what belongs to one machine is put in: the port, the folder, and a
// certificate made for the test. Installs nginx where it is missing. Ends with `N passed, N failed`.
//
// usage: node nginx.mjs     (OPSBOOK names the program)

import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Report } from '../browser/report.mjs';
import { install } from '../install.mjs';
import { ALIASED, answersPages, build, configured, freePort, OLD, PLAIN, sendsTypes } from './sites.mjs';

const report = new Report();

install('nginx', ['nginx-light', 'openssl']);
const temporary = await mkdtemp(join(tmpdir(), 'opsbook-nginx-'));
try {
  await makeCertificate();
  const aliased = await build(temporary, 'aliased', ALIASED);
  await session('with redirects', aliased, async (get) => {
    await answersPages(report, 'nginx', aliased, get);
    for (const old of OLD) {
      const path = old.split('/').map(encodeURIComponent).join('/');
      for (const spelling of new Set([path, path.replace(/\/$/, '')])) {
        const answer = await get(spelling);
        const leads = answer.headers.location?.endsWith('/page/') && answer.status === 301;
        report.check(`nginx redirects ${spelling.slice(0, 40)}`, leads ? [] : [`${answer.status} ${answer.headers.location}`]);
      }
    }
    await sendsTypes(report, 'nginx', get);
  });
  const plain = await build(temporary, 'plain', PLAIN);
  await session('without redirects', plain, (get) => answersPages(report, 'nginx', plain, get));
} finally {
  await rm(temporary, { recursive: true, force: true });
}
process.exit(report.close());

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
  const block = await configured('nginx.conf', [
    ['listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`],
    ['listen [::]:443 ssl;', ''],
    ['/etc/letsencrypt/live/handbook.example.org/fullchain.pem', join(temporary, 'certificate.pem')],
    ['/etc/letsencrypt/live/handbook.example.org/privkey.pem', join(temporary, 'key.pem')],
    ['/srv/handbook/headers', `${site}/headers`],
    ['/srv/handbook/redirects', `${site}/redirects`],
    ['root /srv/handbook;', `root ${site};`],
  ]);
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
