// The search engine by itself, as themes and programs use it: the contract of the guide's page on search.

import { readFile } from 'node:fs/promises';
import { listen, watch } from './visit.mjs';

const WORDS = new URL('../../src/emit/search/words.json', import.meta.url);

/** Runs every check in one page of the built handbook. */
export async function engineSession(browser, site, report) {
  const context = await browser.newContext();
  const seen = await watch(context, site);
  const page = await context.newPage();
  listen(page, seen);
  await page.goto(site.url);
  for (const [name, check] of CHECKS) {
    const thrown = await check(page).then(() => [], (error) => [error.stack.split('\n').slice(0, 3).join('\n')]);
    report.check(`engine: ${name}`, [...thrown, ...seen.problems.splice(0)]);
  }
  await context.close();
}

const CHECKS = [
  ['texts are cut and folded as the index was', async (page) => {
    const cases = JSON.parse(await readFile(WORDS, 'utf8'));
    const cut = (texts) => import('/ops/handbook/search/search.js').then(({ words }) => texts.map((text) => words(text).map(({ word }) => word)));
    same(await page.evaluate(cut, cases.map(([text]) => text)), cases.map(([, words]) => words));
  }],
  ['a query is taken apart', async (page) => {
    const parsed = await page.evaluate(async () => {
      const { parse } = await import('/ops/handbook/search/search.js');
      return parse('ceph "osd out" -rook kind:runbook owner:"Storage team" rbd: error -1 http://x -it', undefined, new Set(['-it']));
    });
    same(parsed, {
      words: ['ceph', 'rbd:', 'error', '-1', 'http://x', '-it'],
      phrases: ['osd out'],
      excluded: ['rook'],
      filters: { kind: ['runbook'], owner: ['Storage team'] },
    });
  }],
  ['a result has all that the guide promises', async (page) => {
    const [first, total] = await ask(page, 'ceph osd down');
    same(Object.keys(first).toSorted(), ['excerpt', 'kind', 'language', 'place', 'score', 'section', 'title', 'titleParts', 'url', 'words']);
    if (first.title !== 'A Ceph OSD is down' || first.kind !== 'runbook') throw new Error(JSON.stringify(first));
    if (!first.excerpt.some(({ mark }) => mark) || total < 2) throw new Error(JSON.stringify({ first, total }));
    same(first.place, ['Runbooks']);
  }],
  ['an excerpt has the words of authors, not those of the page around them', async (page) => {
    const body = '<h1>Glossary</h1><main data-body><figure class="code"><figcaption><span class="code-risk">Read-only</span> <span class="code-run-on">Runs on a shell</span></figcaption><pre><code>glossary --all</code></pre><button>Copy</button></figure></main>';
    await page.route('**/glossary/', (route) => route.fulfill({ contentType: 'text/html', body }));
    await page.reload();
    const [first] = await ask(page, 'glossary');
    await page.unroute('**/glossary/');
    await page.reload();
    same(first.excerpt.map(({ text }) => text).join(''), 'glossary --all');
  }],
  ['every page that is asked for by its title has an excerpt, and the title is marked', async (page) => {
    const { pages } = await page.evaluate(() => fetch('/ops/handbook/handbook.json').then((answer) => answer.json()));
    const described = pages.filter(({ title, description }) => title && description && !title.includes('"'));
    const asked = await page.evaluate(async (titles) => {
      const { search } = await import('/ops/handbook/search/search.js');
      return Promise.all(titles.map(async (title) => (await search(title, { limit: 3 })).find((found) => found.title === title)));
    }, described.map(({ title }) => title));
    const text = (parts) => parts.map(({ text }) => text).join('');
    const wrong = asked.filter((found) => !found || !text(found.excerpt).trim() || text(found.titleParts) !== found.title || !found.titleParts.some(({ mark }) => mark) || found.words.length === 0);
    same(wrong, []);
    if (asked.length < 50) throw new Error(`only ${asked.length} pages were asked for`);
  }],
  ['where only the title was found the description stands for the excerpt', async (page) => {
    const { pages } = await page.evaluate(() => fetch('/ops/handbook/handbook.json').then((answer) => answer.json()));
    const [first] = await ask(page, 'glossary');
    same([first.title, first.section], ['Glossary', '']);
    same(first.excerpt.map(({ text }) => text).join(''), pages.find(({ title }) => title === 'Glossary').description);
  }],
  ['what a text leaves out is said once', async (page) => {
    const body = '<h1>Glossary</h1><main data-body><p>The glossary ... ... of</p><p>...</p><p>… words</p></main>';
    await page.route('**/glossary/', (route) => route.fulfill({ contentType: 'text/html', body }));
    await page.reload();
    const [first] = await ask(page, 'glossary');
    await page.unroute('**/glossary/');
    await page.reload();
    same(first.excerpt.map(({ text }) => text).join(''), 'The glossary … of … words');
  }],
  ['one slip in a word finds the same page', (page) => leads(page, 'ceph osd donw', 'A Ceph OSD is down')],
  ['spelled umlauts find umlauts', async (page) => {
    const [one] = await ask(page, 'stoerung');
    const [other] = await ask(page, 'Störung');
    same(one.url, other.url);
  }],
  ['exclusions and filters leave pages out', async (page) => {
    const [, all] = await ask(page, 'ceph');
    const [, runbooks] = await ask(page, 'ceph kind:runbook');
    const [, without] = await ask(page, 'ceph -osd');
    const [, phrase] = await ask(page, 'ceph -"osd is"');
    const counts = { all, runbooks, without, phrase };
    if (!(0 < runbooks && runbooks < all && without < all && without < phrase)) throw new Error(JSON.stringify(counts));
  }],
  ['fields of kinds filter', async (page) => {
    const [first, found] = await ask(page, 'disk severity:SEV2');
    const [, none] = await ask(page, 'disk severity:SEV5');
    const [, causes] = await ask(page, 'disk cause_class:capacity');
    if (first?.kind !== 'rca' || found < 1 || none !== 0 || causes < 1) throw new Error(JSON.stringify({ found, none, causes }));
  }],
  ['a phrase stands in the page word by word', async (page) => {
    const [, words] = await ask(page, 'is down');
    const [first, phrase] = await ask(page, '"is down"');
    if (!(phrase > 0 && phrase < words) || !first) throw new Error(JSON.stringify({ words, phrase }));
  }],
  ['nothing found offers near words', async (page) => {
    const near = await page.evaluate(async () => {
      const { search } = await import('/ops/handbook/search/search.js');
      return (await search('qrrunbookq')).suggestions;
    });
    if (!near.includes('runbook')) throw new Error(JSON.stringify(near));
  }],
];

/** The first result and how many there are. */
function ask(page, query) {
  return page.evaluate(async (query) => {
    const { search } = await import('/ops/handbook/search/search.js');
    const found = await search(query);
    return [found[0], found.total];
  }, query);
}

async function leads(page, query, title) {
  const [first] = await ask(page, query);
  if (first?.title !== title) throw new Error(`${query} leads to ${first?.title}`);
}

function same(got, wanted) {
  const [one, other] = [JSON.stringify(got), JSON.stringify(wanted)];
  if (one !== other) throw new Error(`${one} is not ${other}`);
}
