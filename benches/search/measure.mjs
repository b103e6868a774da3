// Runs queries in Chromium: what is found, how long it takes, what a first query loads.

import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from './engines.mjs';
import { HOST } from './site.mjs';

/** Longer than anything that an engine loads after it has answered. */
const SETTLE = 200;

/** Opens an empty page where the engine can be loaded; nothing is in its cache. */
async function fresh(browser, site, engine) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${site.origin}/${HOST}?engine=${engine}`);
  return { page, close: () => context.close() };
}

/**
 * Adds `rank` (1 to 10, or 0), `top` and `ms` to a copy of each query. All queries run twice in one page; the time is
 * that of the second round, where a space at the end keeps an engine from remembering the answer by its text.
 */
export async function findAll(browser, site, engine, queries) {
  const { page, close } = await fresh(browser, site, engine);
  try {
    const texts = queries.map((query) => query.text);
    const first = await page.evaluate(ask, { engine, mode: 'titles', texts });
    const again = await page.evaluate(ask, { engine, mode: 'titles', texts: texts.map((text) => `${text} `) });
    return queries.map((query, at) => judged(query, first[at], again[at], site.origin));
  } finally {
    await close();
  }
}

function judged(query, { urls, error }, again, origin) {
  const paths = urls.map((url) => pathOf(url, origin));
  const wanted = new Set(query.wanted);
  const shown = paths.filter((path) => !query.alsoRight?.includes(path));
  const rank = shown.findIndex((path) => wanted.has(path)) + 1;
  return { ...query, rank, top: paths.slice(0, 3), ms: again.ms, error: error ?? again.error };
}

/** The page's URL as handbook.json has it. */
function pathOf(url, origin) {
  const { pathname } = new URL(url, `${origin}/`);
  return decodeURIComponent(pathname.slice(1).replace(/index\.html$/, ''));
}

/** Of the headings that are found, the share whose link leads to the heading itself. Only opsbook is asked. */
export async function anchoredShare(browser, site, queries) {
  const headings = queries.filter((query) => query.anchor).slice(0, 100);
  const { page, close } = await fresh(browser, site, 'opsbook');
  const answers = await page.evaluate(ask, { engine: 'opsbook', mode: 'excerpts', texts: headings.map((query) => query.text) });
  await close();
  const hashes = headings.map((query, at) => {
    const url = answers[at].urls.find((found) => query.wanted.includes(pathOf(found, site.origin)));
    return url && { got: decodeURIComponent(new URL(url).hash.slice(1)), wanted: query.anchor };
  });
  const found = hashes.filter(Boolean);
  return found.length ? found.filter(({ got, wanted }) => got === wanted).length / found.length : null;
}

/** What the first query of a visit costs: bytes, requests and milliseconds, one line for each query. */
export async function firstQueries(browser, site, engine, mode, queries) {
  const costs = [];
  for (const { text } of queries) {
    const { page, close } = await fresh(browser, site, engine);
    site.sent.length = 0;
    const [{ ms, error }] = await page.evaluate(ask, { engine, mode, texts: [text] });
    await sleep(SETTLE);
    await close();
    const bytes = site.sent.reduce((sum, answer) => sum + answer.bytes, 0);
    costs.push({ text, bytes, requests: site.sent.length, ms, error, sent: [...site.sent] });
  }
  return costs;
}

/** Median, the value that 95 % stay below, and the largest. */
export function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { median: at(0.5), p95: at(0.95), max: at(1) };
}

/** Share found first and in the first ten, and the mean reciprocal rank, of judged queries. */
export function score(judgedQueries) {
  const share = (test) => judgedQueries.filter(test).length / judgedQueries.length;
  return {
    queries: judgedQueries.length,
    mrr: judgedQueries.reduce((sum, { rank }) => sum + (rank ? 1 / rank : 0), 0) / judgedQueries.length,
    first: share(({ rank }) => rank === 1),
    ten: share(({ rank }) => rank > 0),
  };
}
