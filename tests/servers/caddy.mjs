// Runs a real Caddy with the configuration that the guide prints, over a site with texts that servers do not know.
//
// The configuration is taken as it is, but for the address and the folder. Installs Caddy where it is missing. Ends with
// `N passed, N failed`.
//
// usage: node caddy.mjs     (OPSBOOK names the program)

import { spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Report } from '../browser/report.mjs';
import { install } from '../install.mjs';
import { ALIASED, answersPages, build, configured, freePort, sendsTypes } from './sites.mjs';

const report = new Report();
install('caddy', ['caddy']);
const temporary = await mkdtemp(join(tmpdir(), 'opsbook-caddy-'));
// Caddy keeps what it knows of certificates in the home folder.
const env = { ...process.env, HOME: temporary, XDG_DATA_HOME: temporary, XDG_CONFIG_HOME: temporary };
try {
  for (const [name, prefix] of [['at the root', ''], ['under a path', '/h']]) {
    const book = `[book]\ntitle = "Handbook"\nbase_url = "https://handbook.example.org${prefix}/"\n[assets.types]\nnasl = "page"\n`;
    const site = await build(temporary, `handbook${prefix.replace('/', '-')}`, { ...ALIASED, 'book.toml': book });
    let root = site;
    if (prefix) {
      root = join(temporary, 'root');
      await mkdir(root);
      await symlink(site, join(root, prefix));
    }
    await session({ name: `caddy, ${name},`, site, root, prefix });
  }
} finally {
  await rm(temporary, { recursive: true, force: true });
}
process.exit(report.close());

/** Starts Caddy over a site, which is at `prefix` below the root of the server, asks it, and stops it. */
async function session({ name, site, root, prefix }) {
  const port = await freePort();
  const text = await configured('Caddyfile', [
    ['handbook.example.org {', `http://127.0.0.1:${port} {`],
    ['import /srv/handbook', `import ${site}`],
    ['root * /srv/handbook', `root * ${root}`],
    ['rewrite * /404.html', `rewrite * ${prefix}/404.html`],
  ]);
  const path = join(temporary, `Caddyfile-${port}`);
  await writeFile(path, `{\n\tadmin off\n}\n${text}`);
  const test = spawnSync('caddy', ['validate', '--adapter', 'caddyfile', '--config', path], { encoding: 'utf8', env });
  report.check(`${name} accepts the configuration`, test.status === 0 ? [] : [test.stderr]);
  if (test.status !== 0) return;
  const server = spawn('caddy', ['run', '--adapter', 'caddyfile', '--config', path], { stdio: ['ignore', 'ignore', 'pipe'], env });
  let said = '';
  server.stderr.on('data', (data) => (said += data));
  try {
    const ask = (address) => get(port, prefix + address);
    await listening(ask, server, () => said);
    await answersPages(report, name, site, ask);
    await sendsTypes(report, name, ask);
  } finally {
    const ended = new Promise((done) => server.once('exit', done));
    server.kill('SIGTERM');
    await ended;
  }
}

/** Asks without following redirects. */
function get(port, path) {
  return new Promise((done, fail) => {
    request({ host: '127.0.0.1', port, path, agent: false }, (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (text) => (body += text));
      answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, body }));
    })
      .on('error', fail)
      .end();
  });
}

async function listening(ask, server, said) {
  for (let tries = 0; tries < 400; tries += 1) {
    if (server.exitCode !== null) throw new Error(`caddy has ended: ${said()}`);
    if (await ask('/').then(() => true, () => false)) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`caddy does not answer: ${said()}`);
}
