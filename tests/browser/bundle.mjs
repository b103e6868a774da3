// The handbook as files: unpacked from the archive, without a server, without a network.

import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { writeRunbooks } from './runbook-fixture.mjs';
import { SESSION, fill } from './runbook.mjs';
import { foundWords } from './search.mjs';
import { serveSite } from './site.mjs';
import { unzip } from './unzip.mjs';
import { AXE, WCAG } from './visit.mjs';

/** What a page of a runbook may load, all in all, in bytes. */
const MOST = 150_000;
const QUERIES = ['ceph osd down', 'galera', 'disk full', 'rcas kind:rca', '"is down"', 'certifcate', 'backup -ceph', 'betrieb', 'xyzzyqq', 'ceph.conf'];

/** Bundles a handbook of runbooks and the handbook in `root`, and reads both. */
export async function bundleSession(browser, binary, root, report) {
  const folder = await mkdtemp(join(tmpdir(), 'opsbook bundle ü '));
  try {
    await writeRunbooks(join(folder, 'runbooks'));
    const book = { browser, binary, root, folder };
    book.runbooks = await bundled(book, report, 'runbooks', join(folder, 'runbooks'), []);
    book.own = await bundled(book, report, 'own', root, ['--audience', 'public', '--base-url', 'https://handbook.example/ops/']);
    book.section = await bundled(book, report, 'section', await without(root, folder), ['--section', 'runbooks']);
    for (const [name, check] of CHECKS) {
      const thrown = await check(book).then((problems) => problems ?? [], (error) => [error.stack]);
      report.check(`bundle: ${name}`, thrown);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A copy of the handbook that does not say where it is found on the web. */
async function without(root, folder) {
  const copy = join(folder, 'copy');
  for (const name of ['book.toml', 'content']) await cp(join(root, name), join(copy, name), { recursive: true });
  const settings = await readFile(join(copy, 'book.toml'), 'utf8');
  await writeFile(join(copy, 'book.toml'), settings.replace(/^base_url.*$/m, ''));
  return copy;
}

/** Makes an archive and unpacks it: its folder, its address and its files. */
async function bundled({ binary, folder }, report, name, root, options) {
  const archive = join(folder, `${name}.zip`);
  const made = spawnSync(binary, ['bundle', '--root', root, '--output', archive, ...options], { encoding: 'utf8' });
  report.check(`bundle: ${name} is made`, made.status === 0 ? [] : [made.stdout, made.stderr]);
  const files = await unzip(archive, join(folder, `${name} unpacked`));
  const place = join(folder, `${name} unpacked`, [...files.keys()][0].split('/')[0]);
  return { archive, files, place, url: `${pathToFileURL(place).href}/` };
}

/** Opens pages without a network and tells of everything that they ask for. */
async function open({ browser }, options, work) {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, offline: true, ...options });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const seen = { problems: [], files: new Set() };
  context.on('request', (request) => {
    if (request.url().startsWith('file:')) seen.files.add(request.url().split(/[?#]/)[0]);
    else seen.problems.push(`a request to ${request.url()}`);
  });
  context.on('requestfailed', (request) => {
    // A page that is left aborts what it still loads; a file that is missing fails in another way.
    if (request.failure().errorText !== 'net::ERR_ABORTED') seen.problems.push(`not loaded: ${request.url()}`);
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on('pageerror', (error) => seen.problems.push(`script: ${error.message}`));
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && seen.problems.push(`console: ${message.text()}`));
  const thrown = await work(page, seen).then((problems) => problems ?? [], (error) => [error.stack]);
  await context.close();
  return [...thrown, ...seen.problems];
}

const same = (what, got, want) => (JSON.stringify(got) === JSON.stringify(want) ? [] : [`${what}: ${JSON.stringify(got)} instead of ${JSON.stringify(want)}`]);
const bytes = (seen) => [...seen.files].reduce((sum, url) => sum + statSync(fileURLToPath(url)).size, 0);
const sideways = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

async function copy(page, text) {
  await page.evaluate(() => navigator.clipboard.writeText('nothing'));
  const figure = page.locator('figure.code', { hasText: text });
  await figure.locator('.ob-copy:not(.ob-copy-one)').click();
  await figure.locator('.ob-copy[data-state="done"]:not(.ob-copy-one)').waitFor();
  return page.evaluate(() => navigator.clipboard.readText());
}

/** Everything in the texts of commands that still says the name of the test machine. */
const leftOver = (page) =>
  page.evaluate(() => [...document.querySelectorAll('.ob-prose figure.code code')].map((code) => code.textContent).filter((text) => /testbed-node-0(?!\d)/.test(text)));

const CHECKS = [
  ['3 a.m.: a host is filled in once, without a network', (book) => open(book, {}, async (page, seen) => {
    await page.goto(`${book.runbooks.url}runbooks/osd/index.html`);
    console.log(`runbook page from a file, with everything it loads: ${bytes(seen)} bytes`);
    const problems = bytes(seen) <= MOST ? [] : [`the page loads ${bytes(seen)} bytes`];
    const before = seen.files.size;
    await fill(page, 'HOST', 'node7.example.org');
    const places = await page.locator('var[data-var="HOST"]').allTextContents();
    problems.push(...same('places', [...new Set(places)], ['node7.example.org']));
    problems.push(...same('blocks that say testbed-node-0', await leftOver(page), []));
    problems.push(...same('commands', await copy(page, 'ceph osd tree'), SESSION));
    problems.push(...same('sideways', await sideways(page), 0));
    problems.push(...same('requests after filling in', seen.files.size, before));
    const scrolls = await page.evaluate(() => [...document.querySelectorAll('main *')].filter((e) => e.checkVisibility({ contentVisibilityAuto: true }) && e.scrollWidth > e.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(e).overflowX)).map((e) => `${e.tagName} ${e.className}`));
    problems.push(...same('what scrolls', scrolls.filter((name) => !name.startsWith('PRE')), []));
    return problems;
  })],
  ['an alert fills in a value; values and ticks outlive a reload', (book) => open(book, {}, async (page) => {
    await page.goto(`${book.runbooks.url}runbooks/osd/index.html#alert=CephOSDDown&volume=vol1`);
    await page.locator('.ob-alert[data-state="filled"]').waitFor();
    await fill(page, 'HOST', 'node7.example.org');
    await page.locator('.ob-tick').first().check();
    await page.reload();
    await page.locator('.ob-alert li').waitFor();
    return [
      ...same('value', await page.locator('#ob-value-HOST').inputValue(), 'node7.example.org'),
      ...same('tick', await page.locator('.ob-tick').first().isChecked(), true),
      ...same('of the alert', await page.locator('#ob-value-VOLUME').inputValue(), 'vol1'),
      ...same('address', page.url(), `${book.runbooks.url}runbooks/osd/index.html#alert=CephOSDDown&volume=vol1`),
    ];
  })],
  ['without scripts the defaults are there to read', (book) => open(book, { javaScriptEnabled: false }, async (page) => {
    await page.goto(`${book.runbooks.url}runbooks/osd/index.html`);
    const text = await page.locator('main').innerText();
    const wanted = ['ceph osd purge testbed-node-0', 'HOST', 'The host with the OSD'];
    return [...wanted.filter((words) => !text.includes(words)).map((words) => `not to be read: ${words}`), ...same('sideways', await sideways(page), 0)];
  })],
  ['copies work where there is no clipboard API', (book) => open(book, {}, async (page) => {
    await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'clipboard', { get: () => undefined }));
    await page.goto(`${book.runbooks.url}runbooks/osd/index.html`);
    const figure = page.locator('figure.code', { hasText: 'curl -H' });
    await figure.locator('.ob-copy:not(.ob-copy-one)').click();
    for (const name of ['HOST', 'TOKEN']) await page.locator(`dialog #ob-value-${name}`).fill('node7');
    await page.keyboard.press('Enter');
    await figure.locator('.ob-copy[data-state="done"]:not(.ob-copy-one)').waitFor();
  })],
  ['a reader finds the way by links, and the scheme stays', (book) => open(book, { viewport: { width: 1280, height: 800 } }, async (page) => {
    await page.goto(`${book.own.url}index.html`);
    await page.locator('main a[href="runbooks/index.html"]').first().click();
    await page.locator('main a', { hasText: 'A Ceph OSD is down' }).first().click();
    await page.locator('#ob-theme').click();
    const scheme = await page.evaluate(() => document.documentElement.dataset.theme);
    await page.locator('.ob-brand').click();
    await page.waitForURL(/\/index\.html$/);
    const problems = same('scheme', await page.evaluate(() => document.documentElement.dataset.theme), scheme);
    return [...problems, ...same('address', page.url(), `${book.own.url}index.html`)];
  })],
  ['each page says of which day it is', async ({ own, section }) => {
    const pages = [own, section].flatMap(({ files, place }) => [...files.keys()].filter((path) => path.endsWith('.html')).map((path) => join(dirname(place), path)));
    const texts = await Promise.all(pages.map((path) => readFile(path, 'utf8')));
    return pages.filter((_, at) => !/class="ob-age">[^<]* \d{4}-\d\d-\d\d/.test(texts[at]));
  }],
  ['every link leads to a file, or to the web', async ({ own, section, runbooks }) => {
    const problems = [];
    for (const { files, place } of [own, section, runbooks]) {
      for (const path of [...files.keys()].filter((path) => path.endsWith('.html'))) problems.push(...(await broken(join(dirname(place), path))));
    }
    return problems;
  }],
  ['of a section there are its pages only, and links out of it are text', async ({ section }) => {
    const pages = [...section.files.keys()].map((path) => path.split('/').slice(1).join('/')).filter((path) => path.endsWith('.html'));
    const problems = pages.filter((path) => !/^(index\.html|search\/|runbooks\/)/.test(path));
    const text = await readFile(join(section.place, 'runbooks/ceph-nearfull/index.html'), 'utf8');
    return text.includes('class="unlinked"') ? problems : [...problems, 'no link out of the section became text'];
  }],
  ['the search box answers and leads to a page', (book) => open(book, {}, async (page, seen) => {
    await page.goto(`${book.own.url}runbooks/index.html`);
    await page.keyboard.press('/');
    await page.keyboard.type('ceph osd down');
    await page.locator('.ob-box-list a mark').first().waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/runbooks\/ceph-osd-down\/index\.html/);
    const marked = await foundWords(page, /^(ceph\w*|osds?|down)$/);
    return [...same('marked words', marked > 1, true), ...same('question of the address', new URL(page.url()).search, '')];
  })],
  ['the search page keeps its question in its address', (book) => open(book, {}, async (page, seen) => {
    await page.goto(`${book.own.url}search/index.html?q=galera`);
    const first = await page.locator('#ob-results li a').first().textContent();
    await page.locator('#ob-results .ob-result-excerpt mark').first().waitFor();
    await page.reload();
    await page.locator('#ob-results .ob-result-excerpt mark').first().waitFor();
    return same('first result', await page.locator('#ob-results li a').first().textContent(), first);
  })],
  ['search finds the same as on the web', searchesAlike],
  ['a page from a file is accessible', (book) => open(book, { viewport: { width: 320, height: 740 } }, async (page) => {
    const problems = [];
    for (const path of ['index.html', 'runbooks/ceph-osd-down/index.html', 'search/index.html']) {
      await page.goto(book.section.url + path);
      await page.evaluate(AXE);
      const { violations } = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags, preload: false }), WCAG);
      problems.push(...violations.map(({ id, nodes }) => `${path}: ${id}: ${nodes[0].html.slice(0, 160)}`));
    }
    return problems;
  })],
];

/** Addresses in a file that lead to no file. */
async function broken(file) {
  const text = await readFile(file, 'utf8');
  const problems = [];
  for (const [, url] of text.matchAll(/<[a-z][^<>]*? (?:href|src)="([^"]*)"/g)) {
    if (/^(https?:|mailto:|#)/.test(url)) continue;
    const target = fileURLToPath(new URL(url.replaceAll('&amp;', '&').split(/[?#]/)[0] || '.', pathToFileURL(file)));
    if (url === '' || url.endsWith('/') || !existsSync(target) || !statSync(target).isFile()) problems.push(`${file}: ${url || 'empty'}`);
  }
  return problems;
}

/** Asks the same questions of a site and of a bundle. */
async function searchesAlike(book) {
  const folder = join(book.folder, 'site');
  const made = spawnSync(book.binary, ['build', '--root', book.root, '--out', folder, '--audience', 'public'], { encoding: 'utf8' });
  if (made.status !== 0) return [made.stderr];
  const site = await serveSite(folder, '/ops/');
  const shown = (results, root) => results.map(({ url, title, section, excerpt }) => ({ url: decodeURI(url.slice(root.length)).replace(/index\.html/, ''), title, section, excerpt }));
  const page = await book.browser.newPage();
  await page.goto(site.url);
  const ask = (query) => page.evaluate(async (query) => [...(await (await import('/ops/search/search.js')).search(query, { limit: 8 }))], query);
  const wanted = [];
  for (const query of QUERIES) wanted.push(shown(await ask(query), site.url));
  await page.close();
  await site.close();
  if (wanted.filter((results) => results.length > 0).length < 7) return ['the questions find too little'];
  return open(book, {}, async (page) => {
    await page.goto(`${book.own.url}index.html`);
    await page.keyboard.press('/');
    await page.waitForFunction(() => globalThis.opsbook?.['search/search.js']);
    const problems = [];
    for (const [at, query] of QUERIES.entries()) {
      const found = await page.evaluate(async (query) => [...(await globalThis.opsbook['search/search.js'].search(query, { limit: 8 }))], query);
      problems.push(...same(query, shown(found, book.own.url), wanted[at]));
    }
    return problems;
  });
}
