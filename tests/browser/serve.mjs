// A session with `opsbook serve`: edits reach the open page, mistakes are shown and do not take the page away.

import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs the session on a copy of the handbook in `root`. */
export async function serveSession(browser, binary, root, report) {
  const folder = await mkdtemp(join(tmpdir(), 'opsbook-serve-'));
  for (const name of ['book.toml', 'content']) await cp(join(root, name), join(folder, name), { recursive: true });
  await cp(join(root, 'theme'), join(folder, 'theme'), { recursive: true }).catch(() => {});
  const file = join(folder, 'content/serve-session.md');
  await writeFile(file, '# Session\n\nThe first text.\n');
  const server = await start(binary, folder);
  const page = await browser.newPage();
  try {
    await session(page, server.url, file, report);
    await tabs(browser, server.url, report);
    report.check('serve writes nothing into the handbook', await foreign(folder));
  } finally {
    await page.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function session(page, url, file, report) {
  const text = (words) => page.getByText(words).first().waitFor({ timeout: 10_000 });
  const step = async (name, wait) => {
    const problem = await wait().then(() => [], (error) => [error.message.split('\n')[0]]);
    report.check(`serve: ${name}`, problem);
  };
  await page.goto(`${url}serve-session/`);
  await step('the page is served', () => text('The first text.'));
  await writeFile(file, '# Session\n\nThe second text.\n');
  await step('a save reloads the page', () => text('The second text.'));
  await writeFile(file, '# Session\n\nThe third text, with [a link](nowhere-at-all.md).\n');
  await step('a mistake is named in the page', () => text('link.missing'));
  await step('the page stays readable', () => text(/The (second|third) text/));
  await writeFile(file, '---\ntitle: [\n---\nThe fourth text.\n');
  await step('broken front matter is named in the page', () => text('front-matter.syntax'));
  await writeFile(file, '# Session\n\nThe fifth text.\n');
  await step('the next save recovers', () => text('The fifth text.'));
  await step('a tab that nobody sees is not reloaded', async () => {
    await show(page, 'hidden');
    await writeFile(file, '# Session\n\nThe sixth text.\n');
    await new Promise((done) => setTimeout(done, 1500));
    if (await page.getByText('The sixth text.').count()) throw new Error('it was');
  });
  await step('but as soon as it is seen', async () => {
    await show(page, 'visible');
    await text('The sixth text.');
  });
  await step('the message is gone', () => page.getByText('front-matter.syntax').first().waitFor({ state: 'hidden', timeout: 5000 }));
}

/** More tabs than a browser has connections to a host; all but the last are in the background. */
async function tabs(browser, url, report) {
  // One context: pages of several do not share their connections.
  const context = await browser.newContext();
  const pages = [];
  try {
    for (let number = 1; number <= 8; number += 1) {
      pages.push(await context.newPage());
      await pages.at(-1).goto(`${url}serve-session/`, { timeout: 10_000 });
      await show(pages.at(-1), 'hidden');
    }
    report.check('serve: the eighth tab opens', []);
  } catch (error) {
    report.check('serve: the eighth tab opens', [`tab ${pages.length}: ${error.message.split('\n')[0]}`]);
  } finally {
    await context.close();
  }
}

/** Tells a page whether somebody sees it: without a screen all are seen. */
function show(page, state) {
  return page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);
}

async function foreign(folder) {
  const public_ = await readFile(join(folder, 'public/index.html')).catch(() => null);
  return public_ ? ['public/ was written'] : [];
}

/** Starts the server on a free port and waits until it answers. */
export async function start(binary, folder) {
  const port = await freePort();
  const child = spawn(binary, ['serve', '--root', folder, '--port', String(port)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  const url = `http://127.0.0.1:${port}/`;
  const until = Date.now() + 60_000;
  while (!(await fetch(url).then((answer) => answer.ok, () => false))) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`opsbook serve did not start:\n${output}`);
    await new Promise((done) => setTimeout(done, 50));
  }
  const stop = () =>
    new Promise((done) => {
      child.once('exit', done);
      child.kill('SIGINT');
    });
  return { url, stop, output: () => output };
}

function freePort() {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}
