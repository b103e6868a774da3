// The preview beside `git checkout`: it shows no hidden folder at any moment.

import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Changing } from './git.mjs';
import { CANARY } from './site.mjs';

/** Asks the preview `count` times for what must not be there, and for pages that must. */
export async function served(binary, folder, count, report) {
  const root = join(folder, 'handbook');
  const changing = new Changing(root);
  const port = await free();
  const server = spawn(binary, ['serve', '--port', String(port)], { cwd: root, stdio: 'ignore' });
  const ended = new Promise((done) => server.once('exit', done));
  const tally = { answers: 0, 'not shown': 0, 'of the first version': 0, 'of the second version': 0 };
  try {
    await ready(port, () => server.exitCode === null);
    changing.start('pauses');
    for (let at = 0; at < count; at += 1) {
      const problems = [];
      const number = 1 + (at % 20);
      for (const path of [`f${number}/`, `f${number}/c/`, 'sitemap.xml', 'llms.txt', `g${number}/`]) {
        const answer = await fetch(`http://localhost:${port}/${path}`);
        const text = await answer.text();
        tally.answers += 1;
        if (text.includes(CANARY)) problems.push(`${path} shows something hidden`);
        if (path.startsWith('f') && answer.ok) problems.push(`${path} is answered with ${answer.status}`);
        if (path.startsWith('f') && !answer.ok) tally['not shown'] += 1;
        if (path.startsWith('g') && text.includes('The first text')) tally['of the first version'] += 1;
        if (path.startsWith('g') && text.includes('The second text')) tally['of the second version'] += 1;
      }
      if (!changing.runs) problems.push('git has ended');
      if (server.exitCode !== null) problems.push('the preview has ended');
      report.check(`question ${at + 1} to the preview beside git checkout`, problems);
    }
  } finally {
    server.kill('SIGKILL');
    await ended;
    await changing.stop();
  }
  console.log(`preview: ${JSON.stringify(tally)}`);
}

async function free() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Waits until the preview answers. */
async function ready(port, runs) {
  while (runs()) {
    const answer = await fetch(`http://localhost:${port}/`).catch(() => null);
    if (answer) return void (await answer.text());
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('the preview has ended before it answered');
}
