// What the browser keeps of a handbook: pages are read while their host is gone, and nothing is kept that should not be.

import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { HtmlValidate } from 'html-validate';
import config from './htmlvalidate.config.mjs';
import { writeRunbooks } from './runbook-fixture.mjs';
import { CSP, TYPES } from './site.mjs';
import { AXE, WCAG } from './visit.mjs';

const BASE = '/ops/handbook/';
/** The policy as hosts should send it for such a handbook. */
const POLICY = CSP.replace('base-uri', "worker-src 'self'; base-uri").replace("trusted-types 'none'", 'trusted-types opsbook-worker');
const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const DISK = '---\ntitle: A disk is full\nkind: runbook\n---\n## Symptom\n\nThe alert `DiskFull`.\n\n![A dot](dot.png)\n\n## Fix\n\nRead [the other page](../other.md).\n\n## Verify\n\nThere is room.\n';
const SECRET = '---\ntitle: A secret runbook\nkind: runbook\nvisibility: internal\n---\n## Symptom\n\nUnicorn.\n\n## Fix\n\nRun.\n\n## Verify\n\nGone.\n';

/** Reads a handbook with and without its host. */
export async function workerSession(browser, binary, report) {
  const folder = await mkdtemp(join(tmpdir(), 'opsbook-worker-'));
  try {
    for (const [name, check] of CHECKS) {
      const book = await write(await mkdtemp(join(folder, 'book-')), binary);
      const host = await listen(0);
      const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
      const seen = [];
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      page.on('pageerror', (error) => seen.push(`script: ${error.message}`));
      page.on('console', (message) => /Content Security Policy|Trusted/i.test(message.text()) && seen.push(message.text()));
      const thrown = await check({ book, host, context, page, seen }).then((problems) => problems ?? [], (error) => [error.stack]);
      report.check(`worker: ${name}`, [...thrown, ...seen]);
      await context.close();
      await host.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// A handbook and its host

async function write(root, binary) {
  await writeRunbooks(root);
  const settings = await readFile(join(root, 'book.toml'), 'utf8');
  await mkdir(join(root, 'content/runbooks'), { recursive: true });
  await writeFile(join(root, 'content/runbooks/disk.md'), DISK);
  await writeFile(join(root, 'content/runbooks/dot.png'), PIXEL);
  await writeFile(join(root, 'content/runbooks/secret.md'), SECRET);
  await writeFile(join(root, 'content/other.md'), '# Other\n\nThis page is not kept.\n');
  return {
    root,
    async build(name, { keep, audience = 'public' }) {
      const offline = keep === undefined ? '' : `\n[offline]\nkeep = ${JSON.stringify(keep)}\n`;
      await writeFile(join(root, 'book.toml'), `${settings}\n[visibility]\ndefault = "public"\n${offline}`);
      const out = join(root, 'out', name);
      const made = spawnSync(binary, ['build', '--root', root, '--out', out, '--audience', audience], { encoding: 'utf8' });
      if (made.status !== 0) throw new Error(made.stdout + made.stderr);
      return out;
    },
  };
}

/** A host whose sites can be exchanged, and which can go away and come back at the same address. */
async function listen(port) {
  const host = { sites: new Map(), asked: [], status: 0, delay: 0, policy: POLICY };
  const sockets = new Set();
  const start = async (port) => {
    host.server = createServer((request, response) => answer(host, request, response));
    host.server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    await new Promise((done) => host.server.listen(port, '127.0.0.1', done));
    host.port = host.server.address().port;
  };
  await start(port);
  host.origin = `http://127.0.0.1:${host.port}`;
  host.close = () =>
    new Promise((done) => {
      host.server.close(done);
      for (const socket of sockets) socket.destroy();
    });
  host.back = () => start(host.port);
  return host;
}

async function answer(host, request, response) {
  const path = decodeURIComponent(new URL(request.url, 'http://x').pathname);
  host.asked.push(path);
  if (host.delay) await new Promise((done) => setTimeout(done, host.delay));
  const site = [...host.sites].find(([prefix]) => path.startsWith(prefix));
  const file = site && (await fileOf(site[1], path.slice(site[0].length)));
  if (host.status || !file) {
    response.writeHead(host.status || 404, { 'content-type': 'text/html; charset=utf-8' });
    return response.end('<!DOCTYPE html><title>No</title><p>From the host');
  }
  response.writeHead(200, {
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
    'content-security-policy': host.policy,
    'x-content-type-options': 'nosniff',
  });
  response.end(host.alter ? host.alter(path, await readFile(file)) : await readFile(file));
}

async function fileOf(folder, path) {
  const full = normalize(join(folder, path));
  const file = path === '' || path.endsWith('/') ? join(full, 'index.html') : full;
  const found = full.startsWith(folder) && (await stat(file).catch(() => null));
  return found && found.isFile() ? file : null;
}

// What the browser has

const same = (what, got, want) => (JSON.stringify(got) === JSON.stringify(want) ? [] : [`${what}: ${JSON.stringify(got)} instead of ${JSON.stringify(want)}`]);
const cacheNames = (page) => page.evaluate(() => caches.keys());
const isRegistered = (page) => page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);

/** Waits until a question to the page has the answer yes. */
async function until(page, question, given) {
  for (const end = Date.now() + 10_000; Date.now() < end; ) {
    if (await page.evaluate(question, given)) return;
    await page.waitForTimeout(50);
  }
  throw new Error(`never: ${question}`);
}

/** Opens a page and waits until the worker has everything and answers for it. */
async function kept(page, url) {
  await page.goto(url);
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
}

/** The paths in the caches whose names begin so. */
const contents = (page, start) =>
  page.evaluate(async (start) => {
    const paths = [];
    for (const name of await caches.keys()) {
      if (!name.startsWith(start)) continue;
      for (const { url } of await (await caches.open(name)).keys()) paths.push(new URL(url).pathname + new URL(url).search);
    }
    return paths.sort();
  }, start);

/** What the note about the copy says, where it is to be seen. */
const note = async (page) => ((await page.locator('.ob-kept').isVisible()) ? page.locator('.ob-kept').innerText() : '');

async function looks(page, name) {
  if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`) });
}

const CHECKS = [
  ['runbooks and the search are read without a host, and say of which day they are', async ({ book, host, page }) => {
    host.sites.set(BASE, await book.build('site', { keep: ['runbooks'] }));
    const url = host.origin + BASE;
    await kept(page, `${url}other/`);
    const problems = same('note while the host answers', await note(page), '');
    await host.close();
    for (const path of ['', 'runbooks/', 'runbooks/disk/', 'runbooks/disk/index.html', 'runbooks/disk']) {
      await page.goto(url + path);
      if (!/from \d{4}-\d\d-\d\d\.$/.test(await note(page))) problems.push(`${path}: ${await note(page)}`);
    }
    problems.push(...same('slash', page.url(), `${url}runbooks/disk/`));
    const dot = await page.locator('main img').evaluate(async (image) => {
      image.loading = 'eager';
      await image.decode();
      return image.naturalWidth;
    });
    problems.push(...same('picture', dot, 1));
    const plain = await page.evaluate(() => [...document.styleSheets].filter((sheet) => sheet.cssRules.length === 0).length);
    problems.push(...same('empty style sheets', plain, 0));
    await looks(page, 'copy');
    await page.goto(`${url}search/?q=DiskFull`);
    await page.locator('#ob-results li a').first().waitFor();
    problems.push(...same('found', await page.locator('#ob-results li a').first().textContent(), 'A disk is full'));
    await page.locator('#ob-results mark').first().waitFor();
    await looks(page, 'search');
    return problems;
  }],
  ['a page that is not kept leads to those that are, and back', async ({ book, host, page }) => {
    host.sites.set(BASE, await book.build('site', { keep: ['runbooks'] }));
    const url = host.origin + BASE;
    await kept(page, url);
    await host.close();
    await page.goto(`${url}other/?a=b`);
    const problems = same('address', page.url(), `${url}offline.html#other/?a=b`);
    problems.push(...same('again', await page.locator('#ob-asked a').getAttribute('href'), `${url}other/?a=b`));
    await looks(page, 'elsewhere');
    await page.evaluate(AXE);
    const { violations } = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags, preload: false }), WCAG);
    problems.push(...violations.map(({ id, nodes }) => `axe ${id}: ${nodes[0].html}`));
    await page.locator('main a', { hasText: 'A disk is full' }).click();
    await page.waitForURL(`${url}runbooks/disk/`);
    await page.locator('h1', { hasText: 'A disk is full' }).waitFor();
    await host.back();
    await page.goto(`${url}offline.html#other/`);
    await page.locator('#ob-asked a').click();
    await page.locator('h1', { hasText: 'Other' }).waitFor();
    for (const hostile of ['//elsewhere.example/', 'javascript:alert(1)', '../../outside/', 'http://[']) {
      await page.goto('about:blank');
      await page.goto(`${url}offline.html#${hostile}`);
      if (await page.locator('#ob-asked').isVisible()) problems.push(`${hostile} is offered`);
    }
    return problems;
  }],
  ['a changed page is fetched anew and nothing else, and the old copy goes', async ({ book, host, page }) => {
    host.sites.set(BASE, await book.build('one', { keep: ['runbooks'] }));
    const url = host.origin + BASE;
    await kept(page, url);
    const before = await cacheNames(page);
    await writeFile(join(book.root, 'content/runbooks/disk.md'), DISK.replace('There is room', 'There is much room'));
    host.sites.set(BASE, await book.build('two', { keep: ['runbooks'] }));
    host.asked.length = 0;
    // Browsers look by themselves whether there is something new, a moment after a page was opened.
    await page.reload();
    await until(page, async (before) => {
      const names = await caches.keys();
      return names.length === 1 && names[0] !== before;
    }, before[0]);
    const pages = host.asked.slice(1).filter((path) => path.endsWith('/') || path.endsWith('.html') || path.endsWith('.png'));
    const problems = same('fetched', pages, [`${BASE}runbooks/disk/`]);
    await host.close();
    await page.goto(`${url}runbooks/disk/`);
    const text = await page.locator('main').innerText();
    return text.includes('There is much room') ? problems : [...problems, 'the old page is shown'];
  }],
  ['the host is preferred, and left when it is slow or broken', async ({ book, host, page }) => {
    host.sites.set(BASE, await book.build('site', { keep: ['runbooks'] }));
    const url = `${host.origin + BASE}runbooks/disk/`;
    await kept(page, url);
    const problems = [];
    host.alter = (path, bytes) => (path.endsWith('disk/') ? Buffer.from(bytes.toString().replaceAll('DiskFull', 'Fresh')) : bytes);
    await page.reload();
    if (!(await page.locator('main').innerText()).includes('Fresh')) problems.push('the copy is shown although the host answers');
    host.status = 404;
    await page.reload();
    if (!(await page.locator('body').innerText()).includes('From the host')) problems.push('a copy where the host says that there is none');
    Object.assign(host, { status: 0, delay: 20_000 });
    const start = Date.now();
    await page.goto(url);
    problems.push(...((await note(page)) ? [] : ['no copy where the host is slow']));
    if (Date.now() - start > 8_000) problems.push(`the copy came after ${Date.now() - start} ms`);
    Object.assign(host, { status: 503, delay: 0 });
    await page.reload();
    problems.push(...((await note(page)) ? [] : ['no copy where the host is broken']));
    return problems;
  }],
  ['what is not what was published is not kept', async ({ book, host, page }) => {
    host.sites.set(BASE, await book.build('site', { keep: ['runbooks'] }));
    const url = host.origin + BASE;
    host.alter = (path, bytes) => (path.endsWith('disk/') ? Buffer.from('<h1>Log in</h1>') : bytes);
    await page.goto(url);
    while (!host.asked.includes(`${BASE}runbooks/disk/`)) await page.waitForTimeout(50);
    await until(page, async () => (await navigator.serviceWorker.getRegistrations()).every(({ installing }) => !installing));
    const whole = (await contents(page, 'opsbook')).filter((path) => path.includes('?list') || path.endsWith('disk/'));
    const problems = same('kept', [whole, await page.evaluate(() => navigator.serviceWorker.controller)], [[], null]);
    host.alter = null;
    await kept(page, url);
    await host.close();
    await page.goto(`${url}runbooks/disk/`);
    return [...problems, ...same('title', await page.locator('h1').innerText(), 'A disk is full')];
  }],
  ['switched off, the worker goes with all that it kept', async ({ book, host, page }) => {
    host.sites.set(BASE, await book.build('one', { keep: 'all' }));
    const url = host.origin + BASE;
    await kept(page, url);
    const problems = (await contents(page, 'opsbook')).includes(`${BASE}other/`) ? [] : ['not all pages are kept'];
    await page.evaluate(async () => caches.open('opsbook /ops/ public 1'));
    host.sites.set(BASE, await book.build('two', { keep: [] }));
    await page.reload();
    await until(page, async () => (await caches.keys()).length === 1);
    problems.push(...same('what others keep', await cacheNames(page), ['opsbook /ops/ public 1']));
    await page.goto('about:blank');
    await page.goto(url);
    problems.push(...same('registrations', await isRegistered(page), 0));
    const html = await (await page.request.get(url)).text();
    return html.includes("trusted-types 'none'") && !html.includes('offline.') ? problems : [...problems, 'pages still speak of it'];
  }],
  ['audiences and sites on one host are apart', async ({ book, host, page }) => {
    host.sites.set(BASE, await book.build('internal', { keep: ['runbooks'], audience: 'internal' }));
    host.sites.set('/public/', await book.build('public', { keep: ['runbooks'] }));
    const url = host.origin + BASE;
    await kept(page, url);
    await kept(page, `${host.origin}/public/`);
    const problems = same('caches', (await cacheNames(page)).map((name) => name.split(' ').slice(0, 3).join(' ')).sort(), ['opsbook /ops/handbook/ internal', 'opsbook /public/ public']);
    const outside = (await contents(page, 'opsbook /public/')).filter((path) => !path.startsWith('/public/') || path.includes('secret'));
    problems.push(...same('in the public copy', outside, []));
    // The public handbook takes the place of the internal one.
    host.sites.set(BASE, host.sites.get('/public/'));
    await page.goto(url);
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
    await until(page, async () => (await caches.keys()).every((name) => name.includes(' public ')));
    await host.close();
    await page.goto(`${url}runbooks/secret/`);
    return [...problems, ...same('address', page.url(), `${url}offline.html#runbooks/secret/`)];
  }],
  ['the policy of a page knows one address, and the worker leaves other requests alone', async ({ book, host, page, seen }) => {
    host.sites.set(BASE, await book.build('site', { keep: ['runbooks'] }));
    const url = host.origin + BASE;
    await kept(page, url);
    const refused = await page.evaluate(async () => {
      const tries = [
        () => trustedTypes.createPolicy('opsbook-worker', { createScriptURL: (text) => text }),
        () => trustedTypes.createPolicy('other', { createScriptURL: (text) => text }),
        () => navigator.serviceWorker.register('worker.js'),
      ];
      const worked = await Promise.all(tries.map(async (attempt) => attempt()).map((done) => done.then(() => true, () => false)));
      const post = await fetch('runbooks/', { method: 'POST' }).then(({ status }) => status);
      return [worked, post];
    });
    // The browser tells of each attempt.
    const problems = [...same('policies, and a POST', refused, [[false, false, false], 200]), ...same('told', seen.splice(0).length > 0, true)];
    return [...problems, ...same('asked', host.asked.at(-1), `${BASE}runbooks/`)];
  }],
  ['where the headers of the host forbid it, nothing is kept and nothing is missing', async ({ book, host, page, seen }) => {
    host.sites.set(BASE, await book.build('site', { keep: ['runbooks'] }));
    host.policy = CSP;
    await page.goto(`${host.origin + BASE}runbooks/osd/`);
    await page.evaluate(() => (document.querySelector('.ob-sheet').open = true));
    await page.locator('#ob-value-HOST').fill('node7.example.org');
    await page.waitForTimeout(300);
    const problems = same('registrations', await isRegistered(page), 0);
    // The browser tells of it; nothing else does.
    const told = seen.splice(0).filter((line) => !line.includes('opsbook-worker'));
    return [...problems, ...told];
  }],
  ['the pages are valid and fit a small screen', async ({ book, host, page }) => {
    const folder = await book.build('site', { keep: ['runbooks'] });
    host.sites.set(BASE, folder);
    const problems = [];
    for (const path of ['offline.html', 'runbooks/disk/index.html']) {
      const { results } = await new HtmlValidate(config).validateString(await readFile(join(folder, path), 'utf8'), path);
      problems.push(...results.flatMap(({ messages }) => messages.map((m) => `${path}:${m.line}: ${m.ruleId}: ${m.message}`)));
    }
    await kept(page, host.origin + BASE);
    await host.close();
    for (const width of [320, 1280]) {
      for (const colorScheme of ['light', 'dark']) {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        for (const path of ['other/', 'runbooks/disk/']) {
          await page.goto(`${host.origin + BASE}${path}`);
          await looks(page, `${path.replaceAll('/', '')}-${width}-${colorScheme}`);
          await page.evaluate(AXE);
          const { violations } = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags, preload: false }), WCAG);
          problems.push(...violations.map(({ id, nodes }) => `${path} at ${width}, ${colorScheme}: ${id}: ${nodes[0].html}`));
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          problems.push(...same(`${path} sideways`, wide, 0));
        }
      }
    }
    return problems;
  }],
  ['a page of the copy does not jump while it is loaded', async ({ book, host, page }) => {
    host.sites.set(BASE, await book.build('site', { keep: ['runbooks'] }));
    const url = host.origin + BASE;
    await kept(page, url);
    await host.close();
    await page.addInitScript(() => {
      window.shift = 0;
      new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (window.shift += value))).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(`${url}runbooks/disk/`);
    await page.waitForTimeout(300);
    return same('shift', await page.evaluate(() => window.shift), 0);
  }],
];
