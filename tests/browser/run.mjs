// Builds the handbook and plays the sessions in Chromium, one of them in Firefox, as many at once as there are cores. Ends with `N passed, N failed`.
//
// usage: node run.mjs [--all] [SESSION...]     (default: all sessions; OPSBOOK names the program)
//
// Each session runs in a process of its own with a browser of its own, so that none sees another's clipboard or waits
// for it. With `--all`, which takes an hour: axe looks at every page, each hostile text is loaded in every way, and there
// are ten times as many random pages.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBrowser } from './chromium.mjs';
import { Report } from './report.mjs';
import { SESSIONS, binary, root } from './session.mjs';

const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const unknown = [...named.filter((name) => !SESSIONS[name]), ...options.filter((option) => option !== '--all')];
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(' ')}; the sessions are ${Object.keys(SESSIONS).join(' ')}`);
  process.exit(2);
}

ensureBrowser();
const report = new Report();
const temporary = await mkdtemp(join(tmpdir(), 'opsbook-browser-'));
const folder = join(temporary, 'site');
try {
  const build = spawnSync(binary, ['build', '--root', root, '--out', folder, '--base-url', 'https://handbook.example/ops/handbook/'], { encoding: 'utf8' });
  report.check('the handbook builds without a problem', build.status === 0 ? [] : [build.stdout, build.stderr]);
  const waiting = named.length > 0 ? named : Object.keys(SESSIONS);
  const playAll = async () => {
    while (waiting.length > 0) await play(waiting.shift());
  };
  await Promise.all(Array.from({ length: availableParallelism() }, playAll));
} finally {
  await rm(temporary, { recursive: true, force: true });
}
process.exit(report.close());

/** Plays a session in a process of its own; what it says is printed as one piece when it has ended. */
async function play(name) {
  const start = performance.now();
  const script = fileURLToPath(new URL('session.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, name, folder, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  await new Promise((done) => child.on('close', done));
  const end = /(\d+) passed, (\d+) failed\n$/.exec(said);
  const seconds = Math.round((performance.now() - start) / 1000);
  process.stdout.write(end ? said.slice(0, end.index) : said);
  console.log(`-- ${name}: ${end ? `${end[1]} passed, ${end[2]} failed` : 'ended early'}, ${seconds} s`);
  report.add(end ? Number(end[1]) : 0, end ? Number(end[2]) : 1);
}
