// The search as readers use it: the box over a page, the search page, both without a network and without scripts.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AXE, WCAG, listen, watch } from './visit.mjs';

const PAGE = 'runbooks/ceph-osd-down/';
const SHARDS = '**/search/*.json';
const ENGINE = /\/search\/search\.js/;
/** The style sheet and the script of the box. */
const BOX_FILES = /\/assets\/search(-box\.[0-9a-f]+\.js|\.[0-9a-f]+\.css)/;

/** Runs every check on the built handbook. */
export async function searchSession(browser, site, folder, report) {
  for (const check of [...BOX, ...FAILURES, ...RESULTS]) await run(browser, site, report, check);
  await run(browser, site, report, ['without scripts the page lists all pages', pageIndex(folder)], { javaScriptEnabled: false });
  report.check('search: the search page is left out of the sitemap', await inSitemap(folder));
  for (const width of [320, 1280]) {
    for (const colorScheme of ['light', 'dark']) {
      const ways = { viewport: { width, height: 900 }, colorScheme };
      await run(browser, site, report, [`every state is accessible at ${width} px, ${colorScheme}`, accessible], ways);
    }
  }
}

/** Waits until the search page has its answer. */
export function settled(page) {
  return page.locator('#ob-count:not(:empty)').filter({ hasNotText: 'Searching' }).waitFor();
}

/** One check in a browser of its own. It fails when it throws, and by whatever the page complains about. */
async function run(browser, site, report, [name, check], ways = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...ways });
  const seen = await watch(context, site);
  const page = await context.newPage();
  page.setDefaultTimeout(5000);
  listen(page, seen);
  const scene = new Scene(page, site, seen);
  const thrown = await check(scene).then(() => [], (error) => [error.stack.split('\n').slice(0, 4).join('\n')]);
  report.check(`search: ${name}`, [...thrown, ...seen.problems]);
  await context.close();
}

/** A page and what one does with it. */
class Scene {
  constructor(page, site, seen) {
    Object.assign(this, { page, site, seen });
    this.input = page.locator('.ob-box-input');
    this.options = page.locator('.ob-box-option');
    this.status = page.locator('.ob-box-status');
    this.requests = [];
    page.on('request', (request) => this.requests.push(new URL(request.url()).pathname));
  }

  async goto(path) {
    await this.page.goto(new URL(path, this.site.url).href);
  }

  async open(path = PAGE) {
    await this.goto(path);
    await this.page.keyboard.press('/');
    await this.input.waitFor();
  }

  /** Types and waits for the answer. */
  async ask(text) {
    await this.input.fill(text);
    await this.answered();
  }

  async answered() {
    await this.page.waitForFunction(() => !document.querySelector('.ob-box-input').hasAttribute('aria-busy'));
  }

  /** Opens the search page and waits for the answer. */
  async find(query, more = '') {
    await this.goto(`search/?${new URLSearchParams({ q: query })}${more}`);
    await this.found();
  }

  async found() {
    await settled(this.page);
  }

  /** What the search page shows. */
  async shown() {
    return { count: await this.page.locator('#ob-count').textContent(), titles: await this.page.locator('.ob-result h2').allTextContents() };
  }

  titles() {
    return this.page.locator('.ob-box-option .ob-box-title').allTextContents();
  }

  searched() {
    return this.requests.filter((path) => /\/search\/./.test(path));
  }
}

function equal(found, wanted, what) {
  const [one, other] = [found, wanted].map((value) => JSON.stringify(value));
  if (one !== other) throw new Error(`${what}: ${one} instead of ${other}`);
}

function holds(condition, what) {
  if (!condition) throw new Error(what);
}

/** Lets a request through after a while; its page may be gone by then. */
const late = (pause) => async (route) => {
  await new Promise((done) => setTimeout(done, pause()));
  await route.continue().catch(() => {});
};

const active = (page) => page.evaluate(() => document.activeElement.className || document.activeElement.tagName);

const BOX = [
  ['nothing is loaded before the box is opened', async (scene) => {
    await scene.goto(PAGE);
    const link = scene.page.locator('#ob-search');
    await link.hover();
    await link.focus();
    await scene.page.waitForTimeout(300);
    equal(scene.searched(), [], 'requests');
    await scene.page.keyboard.press('Enter');
    await scene.page.waitForResponse((answer) => answer.url().endsWith('/search/index.json'));
    holds(scene.searched().some((path) => ENGINE.test(path)), 'the engine was not loaded');
  }],
  ['the keys / and Ctrl-K open it, Escape closes it and gives the focus back', async (scene) => {
    const { page, input } = scene;
    await scene.goto(PAGE);
    for (const key of ['/', 'Control+k']) {
      await page.locator('#ob-theme').focus();
      await page.keyboard.press(key);
      await input.waitFor();
      equal(await active(page), 'ob-box-input', 'focus');
      await page.keyboard.type('a/b');
      equal(await input.inputValue(), 'a/b', 'text');
      await page.keyboard.press('Escape');
      await input.waitFor({ state: 'hidden' });
      equal(await active(page), 'ob-theme', 'focus');
    }
  }],
  ['the link opens it by click, Enter and Space; a click beside it closes it', async (scene) => {
    const { page, input } = scene;
    await scene.goto(PAGE);
    const link = page.locator('#ob-search');
    for (const press of [() => link.click(), () => link.press('Enter'), () => link.press(' ')]) {
      await press();
      await input.waitFor();
      await page.mouse.click(5, 400);
      await input.waitFor({ state: 'hidden' });
      equal(await active(page), 'ob-search', 'focus');
    }
  }],
  ['the key / can be switched off', async (scene) => {
    await scene.goto('search/');
    await scene.page.locator('#ob-slash').uncheck();
    await scene.goto(PAGE);
    await scene.page.keyboard.press('/');
    equal(await scene.page.locator('.ob-box').count(), 0, 'boxes');
    await scene.page.keyboard.press('Control+k');
    await scene.input.waitFor();
  }],
  ['arrow keys move through the results, Enter opens one', async (scene) => {
    const { page, input, options } = scene;
    await scene.open();
    await scene.ask('ceph');
    const selected = () => page.locator('.ob-box-option[aria-selected=true]').getAttribute('id');
    const count = await options.count();
    for (const [key, at] of [['', 0], ['ArrowDown', 1], ['ArrowUp', 0], ['ArrowUp', count - 1], ['ArrowDown', 0]]) {
      if (key) await page.keyboard.press(key);
      equal(await selected(), `ob-box-option-${at}`, 'selected');
      equal(await input.getAttribute('aria-activedescendant'), await selected(), 'active descendant');
      equal(await active(page), 'ob-box-input', 'focus');
    }
    await page.keyboard.press('ArrowDown');
    const wanted = await options.nth(1).getAttribute('href');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.href.split('#')[0] === wanted.split('#')[0]);
  }],
  ['a result in the open page closes the box and goes there', async (scene) => {
    await scene.open();
    await scene.ask('ceph osd down');
    await scene.page.waitForFunction(() => document.querySelector('.ob-box-option').hash !== '');
    await scene.page.keyboard.press('Enter');
    await scene.input.waitFor({ state: 'hidden' });
    holds(new URL(scene.page.url()).pathname.endsWith(PAGE) && scene.page.url().includes('#'), scene.page.url());
  }],
  ['the number of results is announced', async (scene) => {
    await scene.open();
    await scene.ask('ceph');
    equal(await scene.status.getAttribute('role'), 'status', 'role');
    holds(/^\d+ pages found$/.test(await scene.status.textContent()), await scene.status.textContent());
    equal(await scene.input.getAttribute('aria-expanded'), 'true', 'expanded');
  }],
  ['results have a title, a kind, a place and an excerpt with marks', async (scene) => {
    await scene.open();
    await scene.ask('ceph nearfull');
    const first = scene.options.first();
    await first.locator('mark').first().waitFor();
    equal(await first.locator('.ob-box-title').textContent(), 'Ceph runs full', 'title');
    equal(await first.locator('.ob-kind').textContent(), 'Runbook', 'kind');
    holds((await first.locator('.ob-box-place').textContent()).startsWith('Runbooks'), 'no place');
  }],
  ['results are in groups by kind, runbooks first, and the keys go through all of them', async (scene) => {
    const { page, options } = scene;
    await scene.open('about/');
    await scene.ask('disk');
    const groups = page.locator('.ob-box-list > [role=group]');
    const names = await groups.evaluateAll((all) => all.map((group) => group.getAttribute('aria-label')));
    holds(names.length > 1 && new Set(names).size === names.length, `groups: ${names}`);
    equal(names[0], 'Runbook', 'first group');
    for (const group of await groups.all()) {
      const kinds = await group.locator('.ob-kind').allTextContents();
      equal([...new Set(kinds)], [(await group.getAttribute('aria-label')).replace(/^Page$/, '')], 'kinds in a group');
    }
    const ids = [];
    for (let at = 0; at < (await options.count()); at += 1) {
      ids.push(await page.locator('.ob-box-option[aria-selected=true]').getAttribute('id'));
      await page.keyboard.press('ArrowDown');
    }
    equal(ids, ids.map((_, at) => `ob-box-option-${at}`), 'order of the keys');
  }],
  ['a page that fits much better stands before the runbooks', async (scene) => {
    await scene.open('about/');
    await scene.ask('glossary');
    equal(await scene.options.first().locator('.ob-box-title').textContent(), 'Glossary', 'first');
  }],
  ['after > the box has commands: registers, the scheme, links of the page', async (scene) => {
    const { page, options, input } = scene;
    await scene.open();
    await scene.ask('>');
    holds((await options.count()) > 10, 'few commands');
    await scene.ask('> dark');
    equal(await options.allTextContents(), ['Colour scheme: Dark'], 'commands');
    await page.keyboard.press('Enter');
    await input.waitFor({ state: 'hidden' });
    equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark', 'scheme');
    holds((await page.locator('#ob-theme').getAttribute('aria-label')).startsWith('Dark'), 'the button says another scheme');
    await page.keyboard.press('/');
    await scene.ask('> qqq');
    equal(await options.count(), 0, 'unknown commands');
    await page.keyboard.press('Enter');
    await scene.ask('> reviews');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/registers/reviews/');
    await page.keyboard.press('/');
    await scene.ask('');
    equal(await options.allTextContents(), [], 'commands are no recent searches');
  }],
  ['words in the title are marked, and the excerpt is never blank', async (scene) => {
    await scene.open();
    await scene.ask('galera quorum lost');
    const first = scene.options.first();
    equal(await first.locator('.ob-box-title').textContent(), 'Galera has lost its quorum', 'title');
    equal(await first.locator('.ob-box-title mark').allTextContents(), ['Galera', 'lost', 'quorum'], 'marks');
    await scene.page.waitForFunction(() => document.querySelector('.ob-box-excerpt').textContent.trim() !== '');
  }],
  ['the words are marked on the page that a result leads to, and the address is clean', async (scene) => {
    const { page, options } = scene;
    await scene.open('about/');
    await scene.ask('osd nearfull');
    await options.first().locator('mark').first().waitFor();
    equal(new URL(await options.first().getAttribute('href')).search, '', 'the address before it is followed');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/runbooks/ceph-nearfull/**');
    holds((await foundWords(page, /^(osds?|nearfull)$/)) > 1, 'too few words are marked');
    equal(new URL(page.url()).search, '', 'the address');
    equal(await page.locator('main mark').count(), 0, 'elements that were put in');
  }],
  ['a browser that knows text fragments is led to the text of the excerpt, and the address stays clean', async (scene) => {
    const { page, options } = scene;
    await scene.open('about/');
    await scene.ask('quorum leader');
    await options.first().locator('.ob-box-excerpt mark').first().waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/runbooks/etcd-quorum/**');
    await foundWords(page, /^(quorum|lead\w*)$/);
    // A directive is no part of the address that scripts see and readers copy.
    const { asked, hash, text } = await page.evaluate(() => ({
      asked: performance.getEntriesByType('navigation')[0].name,
      hash: location.hash,
      text: document.querySelector('main').textContent.replace(/\s+/g, ' '),
    }));
    const [, phrase] = /:~:text=(?:[^,]*-,)?([^,]+)$/.exec(asked) ?? [];
    holds(phrase && text.includes(decodeURIComponent(phrase)), `${asked} asks for no text of the page`);
    holds(!hash.includes(':~:'), hash);
  }],
  ['the words are marked on the open page, too, with and without an anchor', async (scene) => {
    const { page, options } = scene;
    const way = 'runbooks/ceph-nearfull/';
    await scene.open(way);
    await scene.ask('osd nearfull');
    await page.waitForFunction(() => document.querySelector('.ob-box-option').hash !== '');
    await page.keyboard.press('Enter');
    holds((await foundWords(page, /^(osds?|nearfull)$/)) > 1, 'too few words are marked');
    // Without its text a result has no anchor, and its page is loaded anew.
    const isExcerpt = (request) => request.resourceType() === 'xhr';
    await page.route(`**/${way}`, (route) => (isExcerpt(route.request()) ? route.abort() : route.continue()));
    await scene.open(way);
    await scene.ask('osd nearfull');
    equal(new URL(await options.first().getAttribute('href')).hash, '', 'anchor');
    await page.keyboard.press('Enter');
    await scene.input.waitFor({ state: 'detached' });
    holds((await foundWords(page, /^(osds?|nearfull)$/)) > 1, 'too few words are marked after loading anew');
    equal(new URL(page.url()).search, '', 'the address');
    // The browser itself reports what could not be loaded.
    scene.seen.problems.length = 0;
  }],
  ['filters that are typed are shown and hold', async (scene) => {
    await scene.open();
    await scene.ask('ceph kind:runbook');
    equal(await scene.page.locator('.ob-box .ob-filter').allTextContents(), ['kind: runbook'], 'filters');
    const kinds = await scene.page.locator('.ob-box-option .ob-kind').allTextContents();
    holds(kinds.length > 0 && kinds.every((kind) => kind === 'Runbook'), kinds.join());
  }],
  ['the name of an alert leads to its runbook, also misspelt and by its beginning', async (scene) => {
    await scene.open();
    for (const typed of ['GaleraClusterSizeLow', 'galeraclustersizlow', 'GaleraCluster']) {
      await scene.ask(typed);
      equal((await scene.titles())[0], 'Galera has lost its quorum', typed);
    }
  }],
  ['where nothing is found near words are offered', async (scene) => {
    await scene.open();
    await scene.ask('xcephx');
    holds((await scene.status.textContent()) === 'No pages found', await scene.status.textContent());
    equal(await scene.input.getAttribute('aria-expanded'), 'false', 'expanded');
    const words = scene.page.locator('.ob-word');
    await words.first().click();
    await scene.answered();
    holds((await scene.options.count()) > 1, 'no results for the suggestion');
  }],
  ['recent searches are kept in this browser, and forgotten', async (scene) => {
    const { page, options } = scene;
    const stored = () => page.evaluate(() => Object.entries(localStorage));
    await scene.open();
    equal(await options.count(), 0, 'recent searches at first');
    await scene.ask('galera');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => !url.pathname.endsWith(PAGE));
    await scene.open();
    equal(await options.allTextContents(), ['galera'], 'recent searches');
    equal((await stored()).length, 1, 'stored');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await scene.answered();
    equal(await scene.input.inputValue(), 'galera', 'text');
    await scene.ask('');
    await page.locator('.ob-forget').click();
    equal([await options.count(), await stored()], [0, []], 'after forgetting');
  }],
  ['all results are on the search page', async (scene) => {
    await scene.open();
    await scene.ask('ceph');
    await scene.page.keyboard.press('ArrowUp');
    await scene.page.keyboard.press('Enter');
    await scene.page.waitForURL(/\/search\/\?q=ceph$/);
    await scene.found();
  }],
  ['Enter before the answer goes to the search page', async (scene) => {
    await scene.page.route(SHARDS, late(() => 800));
    await scene.open();
    await scene.page.keyboard.type('ceph');
    await scene.page.keyboard.press('Enter');
    await scene.page.waitForURL(/\/search\/\?q=ceph$/);
    await scene.found();
  }],
  ['what is out of date is not shown', async (scene) => {
    await scene.open();
    await scene.ask('galera');
    const wanted = await scene.titles();
    await scene.open();
    let pause = 600;
    await scene.page.route(SHARDS, late(() => (pause /= 2)));
    for (const text of ['c', 'ce', 'ceph', 'cephx', 'disk', 'g', 'galera']) await scene.input.fill(text);
    await scene.answered();
    equal(await scene.titles(), wanted, 'titles');
  }],
  ['the box is loaded when it is opened, and takes what was typed before', async (scene) => {
    const { page, requests } = scene;
    await page.route(BOX_FILES, late(() => 800));
    await scene.goto(PAGE);
    const button = page.locator('main button').first();
    await button.focus();
    const loaded = () => requests.filter((path) => /search-(box|shared)|search\.[0-9a-f]+\.css/.test(path)).length;
    equal(loaded(), 0, 'files before the box is opened');
    await page.keyboard.press('/');
    await page.keyboard.type('cephx', { delay: 10 });
    equal(await scene.input.count(), 0, 'boxes before the script is there');
    await scene.input.waitFor();
    await page.keyboard.type('y');
    equal(await scene.input.inputValue(), 'cephxy', 'query');
    equal(loaded(), 3, 'files after the box is opened');
    await page.keyboard.press('Escape');
    holds(await button.evaluate((element) => element === document.activeElement), 'the focus is lost');
  }],
  ['nothing moves while one types', async (scene) => {
    await scene.page.addInitScript(() => {
      window.shifts = [];
      new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map((entry) => entry.value))).observe({ type: 'layout-shift', buffered: true });
    });
    await scene.open();
    const before = await scene.page.locator('.ob-box').boundingBox();
    for (const text of ['c', 'ceph', 'ceph osd', 'ceph qqqq', 'xcephx', '']) {
      await scene.ask(text);
      await scene.page.waitForTimeout(250);
    }
    equal(await scene.page.locator('.ob-box').boundingBox(), before, 'size');
    const moved = (await scene.page.evaluate(() => window.shifts)).reduce((sum, value) => sum + value, 0);
    holds(moved < 0.01, `layout shift ${moved}`);
  }],
  ['print shows neither the box nor its button', async (scene) => {
    await scene.open();
    await scene.page.emulateMedia({ media: 'print' });
    equal([await scene.input.isVisible(), await scene.page.locator('#ob-search').isVisible()], [false, false], 'visible');
  }],
];

/** How many different words the page marks; all of them must fit. */
export async function foundWords(page, wanted) {
  await page.waitForFunction(() => CSS.highlights.get('ob-found')?.size > 0);
  const words = await page.evaluate(() => [...CSS.highlights.get('ob-found')].map((range) => range.toString().toLowerCase()));
  equal(words.filter((word) => !wanted.test(word)), [], 'marked by mistake');
  return new Set(words).size;
}

const FAILURES = [
  ['a lost index is said in plain words, and a second try may work', (scene) => failing(scene, SHARDS)],
  ['a lost engine is said in plain words, and a second try may work', (scene) => failing(scene, ENGINE)],
  ['a lost box leads to the search page, with what was typed', async (scene) => {
    const { page } = scene;
    await page.route(BOX_FILES, async (route) => {
      await new Promise((done) => setTimeout(done, 400));
      await route.abort();
    });
    await scene.goto(PAGE);
    await page.keyboard.press('/');
    await page.keyboard.type('galera', { delay: 10 });
    await page.waitForURL(/\/search\/\?q=galera$/);
    await scene.found();
    scene.seen.problems.length = 0;
  }],
  ['the search page says so as well', async (scene) => {
    await scene.page.route(SHARDS, (route) => route.abort());
    await scene.find('ceph');
    equal((await scene.shown()).count, 'Search is not available.', 'count');
    holds(await scene.page.locator('#ob-contents').isVisible(), 'the list of all pages is hidden');
    await scene.page.unroute(SHARDS);
    await scene.page.locator('.ob-retry').click();
    await scene.page.locator('.ob-result').first().waitFor();
    scene.seen.problems.length = 0;
  }],
];

async function failing(scene, what) {
  await scene.page.route(what, (route) => route.abort());
  await scene.open();
  await scene.ask('ceph');
  equal(await scene.status.textContent(), 'Search is not available', 'status');
  await scene.page.unroute(what);
  await scene.page.locator('.ob-retry').click();
  await scene.answered();
  holds((await scene.options.count()) > 1, 'no results after the second try');
  // The browser itself reports what could not be loaded.
  scene.seen.problems.length = 0;
}

const RESULTS = [
  ['a link to a question shows its answer', async (scene) => {
    await scene.find('galera');
    holds((await scene.shown()).titles.includes('Galera has lost its quorum'), 'the runbook is missing');
    equal(await scene.page.locator('#ob-query-text').inputValue(), 'galera', 'text');
    holds((await scene.page.title()).startsWith('galera · Search'), await scene.page.title());
    equal(await scene.page.locator('#ob-contents').isVisible(), false, 'the list of all pages');
    await scene.page.locator('.ob-result mark').first().waitFor();
  }],
  ['a link to a question moves nothing', async (scene) => {
    await scene.page.addInitScript(() => {
      window.shift = 0;
      new PerformanceObserver((list) => list.getEntries().forEach((entry) => (window.shift += entry.value))).observe({ type: 'layout-shift', buffered: true });
    });
    await scene.find('ceph');
    await scene.page.locator('.ob-result mark').first().waitFor();
    await scene.page.waitForTimeout(300);
    const moved = await scene.page.evaluate(() => window.shift);
    holds(moved < 0.02, `layout shift ${moved}`);
  }],
  ['each question is one step of the history', async (scene) => {
    const { page } = scene;
    const field = page.locator('#ob-query-text');
    const ask = async (text) => {
      await field.fill('');
      await field.pressSequentially(text);
      await field.press('Enter');
      await page.waitForFunction((text) => document.title.startsWith(`${text} ·`), text);
    };
    await scene.goto('search/');
    for (const text of ['ceph', 'disk', 'quorum']) await ask(text);
    const went = [];
    for (const step of ['goBack', 'goBack', 'goBack', 'goForward', 'goForward']) {
      await page[step]();
      await page.waitForTimeout(200);
      went.push([await field.inputValue(), (await page.title()).split(' · ')[0]]);
    }
    equal(went, [['disk', 'disk'], ['ceph', 'ceph'], ['', 'Search'], ['ceph', 'ceph'], ['disk', 'disk']], 'way');
  }],
  ['filters combine, and the counts beside them are true', async (scene) => {
    const { page } = scene;
    const box = (name, value) => page.locator(`input[name="${name}"][value="${value}"]`);
    const number = async (name, value) => Number(await page.locator('label', { has: box(name, value) }).locator('.ob-number').textContent());
    const shown = async () => Number((await scene.shown()).count.match(/^\d+/)?.[0] ?? 0);
    const reaches = (count) => page.waitForFunction((count) => document.getElementById('ob-count').textContent.startsWith(`${count} page`), count);
    await scene.find('ceph');
    const all = await shown();
    const [runbooks, guides] = [await number('kind', 'runbook'), await number('kind', 'guide')];
    await box('kind', 'runbook').check();
    await reaches(runbooks);
    equal(await number('kind', 'guide'), guides, 'another value of the same group');
    await box('kind', 'guide').check();
    await reaches(runbooks + guides);
    await box('kind', 'guide').uncheck();
    await reaches(runbooks);
    const tagged = await number('tag', 'storage');
    holds(tagged > 0 && tagged < runbooks, `a tag on ${tagged} of ${runbooks}`);
    await box('tag', 'storage').check();
    await reaches(tagged);
    equal(new URL(page.url()).search, '?q=ceph&kind=runbook&tag=storage', 'address');
    equal(await page.evaluate(() => document.activeElement.value), 'storage', 'focus');
    await page.reload();
    await reaches(tagged);
    holds(await box('tag', 'storage').isChecked(), 'the filter is lost by a reload');
    for (const count of [runbooks, runbooks + guides, runbooks, all]) {
      await page.goBack();
      await reaches(count);
    }
  }],
  ['the address may name filters that do not exist', async (scene) => {
    await scene.find('ceph', '&utm_source=x&__proto__=y&constructor=z&kind=nothing');
    equal((await scene.shown()).count, 'No pages found', 'count');
    await scene.find('ceph', '&utm_source=x&__proto__=y&constructor=z');
    holds((await scene.shown()).titles.length > 0, 'no results');
  }],
  ['more results follow on request', async (scene) => {
    await scene.find('the');
    const button = scene.page.locator('.ob-further-button');
    const results = scene.page.locator('.ob-result');
    equal(await results.count(), 20, 'results');
    const before = (await scene.shown()).titles;
    await button.click();
    await scene.page.waitForFunction(() => document.querySelectorAll('.ob-result').length > 20);
    const after = (await scene.shown()).titles;
    equal(after.slice(0, 20), before, 'the first results');
    equal(await scene.page.evaluate(() => document.activeElement.textContent), after[20], 'focus');
    while (await button.isVisible()) await button.click({ timeout: 1000 }).catch(() => {});
    equal(await results.count(), parseInt((await scene.shown()).count), 'all results');
  }],
  ['a wrong address offers what its words may have meant', async ({ page, site }) => {
    const missing = await page.request.get(new URL('404.html', site.url).href);
    await page.route('**/runbooks/galrea-recovery/', (route) => route.fulfill({ response: missing }));
    await page.goto(new URL('runbooks/galrea-recovery/', site.url).href);
    const offered = page.locator('#ob-guess a');
    await offered.first().waitFor();
    equal((await offered.allTextContents())[0], 'Galera has lost its quorum', 'offered');
    equal(await page.locator('#ob-guess-all').evaluate((link) => link.pathname + link.search), '/ops/handbook/search/?q=galrea+recovery', 'search');
    await offered.first().click();
    await page.waitForURL('**/runbooks/galera-recovery/');
  }],
  ['a wrong address with no near page offers nothing and keeps no room', async ({ page, site }) => {
    const missing = await page.request.get(new URL('404.html', site.url).href);
    for (const path of ['nope/nada', 'login.php', 'wp-admin/setup-config.php', 'nothing-here', 'is/it/up', '.env']) {
      await page.route(`**/handbook/${path}`, (route) => route.fulfill({ response: missing }));
      await page.goto(new URL(path, site.url).href);
      await page.locator('#ob-guess').waitFor({ state: 'hidden' });
      equal(await page.locator('#ob-guess a').allTextContents(), [], path);
    }
  }],
  ['a moved page, a slip, an old ending and the name of an alert are near', async ({ page, site }) => {
    const missing = await page.request.get(new URL('404.html', site.url).href);
    const wanted = {
      'old/place/disk-full/': 'A disk is full',
      'runbooks/galera': 'Galera has lost its quorum',
      'runbooks/kubernets-node-not-ready.html': 'A Kubernetes node is not ready',
      'GaleraClusterSizeLow': 'Galera has lost its quorum',
      'processes/incident-respnse/': 'Incident response',
      'change-managment': 'Change management',
    };
    for (const [path, title] of Object.entries(wanted)) {
      await page.route(`**/handbook/${path}`, (route) => route.fulfill({ response: missing }));
      await page.goto(new URL(path, site.url).href);
      await page.locator('#ob-guess a').first().waitFor();
      equal((await page.locator('#ob-guess a').allTextContents())[0], title, path);
    }
  }],
  ['filters say what registers say', async (scene) => {
    await scene.find('the', '&layer=iaas');
    await scene.page.locator('.ob-facets summary').first().click().catch(() => {});
    const names = await scene.page.locator('.ob-facets label:has(input[name=layer]) span:first-of-type').allTextContents();
    holds(names.includes('IaaS') && !names.includes('iaas'), names.join());
    const marked = scene.page.locator('.ob-result').first();
    await scene.find('galera quorum');
    await marked.locator('h2 mark').first().waitFor();
    await marked.locator('h2 a').click();
    await scene.page.waitForURL('**/runbooks/galera-recovery/**');
    holds((await foundWords(scene.page, /^(galera\w*|quorum)$/)) > 1, 'too few words are marked');
  }],
  ['an empty question shows the list of all pages again', async (scene) => {
    await scene.find('ceph');
    await scene.page.locator('#ob-query-text').fill('');
    await scene.page.locator('#ob-contents').waitFor();
    await scene.page.waitForFunction(() => location.search === '' && document.title.startsWith('Search'));
    equal(await scene.page.locator('.ob-result').count(), 0, 'results');
  }],
  ['the search page takes the keys for its own field', async (scene) => {
    await scene.find('ceph');
    await scene.page.locator('#ob-theme').focus();
    await scene.page.keyboard.press('/');
    equal(await scene.page.evaluate(() => document.activeElement.id), 'ob-query-text', 'focus');
    equal(await scene.page.locator('.ob-box').count(), 0, 'boxes');
  }],
];

const pageIndex = (folder) => async (scene) => {
  await scene.goto(PAGE);
  await scene.page.locator('#ob-search').click();
  await scene.page.waitForURL(/\/search\/$/);
  equal(await scene.page.locator('#ob-query').isVisible(), false, 'the form');
  equal(await scene.page.locator('meta[name=robots]').getAttribute('content'), 'noindex', 'robots');
  const { pages } = JSON.parse(await readFile(join(folder, 'handbook.json'), 'utf8'));
  const links = await scene.page.locator('.ob-contents a').evaluateAll((links) => links.map((link) => link.href));
  const wanted = pages.map(({ url }) => new URL(url, scene.site.url).href).filter((url) => url !== scene.site.url);
  equal([...links].sort(), [...wanted].sort(), 'links');
};

async function inSitemap(folder) {
  const map = await readFile(join(folder, 'sitemap.xml'), 'utf8');
  return /handbook\/search\/</.test(map) ? ['it is in it'] : [];
}

/** Looks at every state of box and page with axe. */
async function accessible(scene) {
  await scene.open();
  await look(scene, 'the empty box');
  for (const text of ['ceph kind:runbook', 'ceph', 'xcephx']) {
    await scene.ask(text);
    await scene.page.waitForTimeout(400);
    await look(scene, `the box with ${text}`);
  }
  await scene.ask('galera');
  await scene.page.evaluate(() => localStorage.setItem(`opsbook-searches:${location.pathname.split('runbooks')[0]}`, '["galera"]'));
  await scene.ask('');
  equal(await scene.options.count(), 1, 'recent searches');
  await look(scene, 'the box with recent searches');
  await scene.find('ceph', '&kind=runbook');
  await scene.page.locator('.ob-facets').evaluate((facets) => (facets.open = true));
  await scene.page.waitForTimeout(400);
  await look(scene, 'the search page');
  await scene.find('xcephx');
  await look(scene, 'the search page without results');
}

async function look(scene, what) {
  const wide = await scene.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  holds(wide <= 0, `${what} scrolls ${wide} px sideways`);
  await scene.page.evaluate(AXE);
  const { violations } = await scene.page.evaluate((tags) => window.axe.run(document, { runOnly: tags, resultTypes: ['violations'] }), WCAG);
  const problems = violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}: ${nodes[0].failureSummary}`);
  holds(problems.length === 0, `${what}: ${problems.join('; ')}`);
}
