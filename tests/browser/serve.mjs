// A session with `opsbook serve`: edits reach the open page, mistakes are shown and do not take the page away.

import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Runs the session on a copy of the handbook in `root`. */
export async function serveSession(browser, binary, root, report) {
  const folder = await mkdtemp(join(tmpdir(), 'opsbook-serve-'));
  for (const name of ['book.toml', 'content']) await cp(join(root, name), join(folder, name), { recursive: true });
  await cp(join(root, 'theme'), join(folder, 'theme'), { recursive: true }).catch(() => {});
  const file = join(folder, 'content/serve-session.md');
  await writeFile(file, '# Session\n\nThe first text.\n');
  const server = await start(binary, folder);
  const context = await browser.newContext();
  const page = await context.newPage();
  try {
    await session(page, server.url, file, report);
    await tabs(browser, server.url, report);
    report.check('serve writes nothing into the handbook', await foreign(folder));
  } finally {
    await context.close();
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
  await writeFile(file, '# Session\n\nThe third text, with [a link](serve-next.md).\n');
  await step('a mistake is named in the page', () => text('link.missing'));
  await step('the page with the mistake is shown as it is now', () => text('The third text'));
  await step('the panel says that it is this page', () => text('1 problem in this page'));
  await step('the panel does not speak of an old version', () => none(page, 'last good version'));
  await step('the place is a link into the editor', async () => {
    const target = await page.locator('.opsbook-place a').first().getAttribute('href');
    if (!/^vscode:\/\/file\/.*\/content\/serve-session\.md:3:22$/.test(target)) throw new Error(target);
  });
  const other = await page.context().newPage();
  await other.goto(`${url}contributing/`);
  await step('another page says that the problem is elsewhere', () =>
    other.getByText('1 problem in the handbook').first().waitFor({ timeout: 10_000 }));
  await step('another page leads to it', () => other.locator('.opsbook-rest summary').click().then(() => other.locator('.opsbook-rest a[href="/serve-session/"]').waitFor({ timeout: 5000 })));
  await page.keyboard.press('Escape');
  await writeFile(file, '# Session\n\nA line more.\n\nThe third text again, with [a link](serve-next.md).\n');
  await step('the next save is shown although the mistake is still there', () => text('The third text again'));
  await step('a panel that was closed stays closed', () => none(page, 'link.missing'));
  const next = join(dirname(file), 'serve-next.md');
  await writeFile(next, '# Next\n\nIt links [a third](serve-third.md).\n');
  await step('a new page is there with its first save, also with a mistake', async () => {
    const until = Date.now() + 10_000;
    while (!(await fetch(`${url}serve-next/`).then((answer) => answer.ok && answer.text())).toString().includes('It links a third')) {
      if (Date.now() > until) throw new Error('it is not');
      await new Promise((done) => setTimeout(done, 50));
    }
  });
  await rm(next);
  await writeFile(file, '---\ntitle: [\n---\nThe fourth text.\n');
  // Nobody knows for whom such a page is, in a handbook that hides pages: it is not shown, and the panel says why.
  await step('broken front matter is named where the page was', () => text('front-matter.syntax'));
  await writeFile(file, '# Session\n\nThe fifth text.\n');
  await step('the next save recovers', () => text('The fifth text.'));
  const settings = join(dirname(file), '../book.toml');
  const good = await readFile(settings, 'utf8');
  await writeFile(settings, `${good}\n[nonsense]\n`);
  await step('broken settings are named in the page', () => text('config.invalid'));
  await step('the panel says that the last good version is shown', () => text('You see the last good version of the handbook'));
  await step('the last good version stays', () => text('The fifth text.'));
  await writeFile(settings, good);
  await step('repaired settings take the panel away', () => page.locator('.opsbook-problems').waitFor({ state: 'detached', timeout: 10_000 }));
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

/** Fails where the page says these words. */
async function none(page, words) {
  if (await page.getByText(words).count()) throw new Error(`the page says "${words}"`);
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
  const child = spawn(binary, ['serve', '--root', folder, '--port', String(port), '--editor', 'vscode'], { stdio: ['ignore', 'pipe', 'pipe'] });
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
