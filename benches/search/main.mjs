// Measures search over the corpora and writes the report; options.mjs says what can be asked for.

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch } from '../../tests/browser/chromium.mjs';
import { chance, shuffled } from './random.mjs';
import { drawCompounds } from './compounds.mjs';
import { complete } from './earlier.mjs';
import { KINDS, draw, survey } from './draw.mjs';
import { anchoredShare, findAll, firstQueries } from './measure.mjs';
import { readOptions } from './options.mjs';
import { readPages } from './pages.mjs';
import { writeReport } from './report.mjs';
import { measureScale } from './scale.mjs';
import { serve } from './site.mjs';
import { build, layOut, pagefind, plainPages, sizeOf } from './sites.mjs';
import { printScores } from './terminal.mjs';

const COLD_QUERIES = 20;
const INDEX_RUNS = 3;

const options = readOptions();
const work = options.work ?? mkdtempSync(join(tmpdir(), 'opsbook-search-'));
mkdirSync(work, { recursive: true });
const browser = await launch();
try {
  const results = { options, corpora: [], scale: [] };
  for (const corpus of options.corpora) {
    const result = await measureCorpus(corpus);
    if (result) results.corpora.push(result);
  }
  if (options.steps.includes('scale')) results.scale = await measureScale(browser, work, options);
  if (options.with) complete(results, options.with);
  writeDown(results);
} finally {
  await browser.close();
  if (!options.work) rmSync(work, { recursive: true, force: true });
}

async function measureCorpus(name) {
  const root = join(work, name);
  rmSync(root, { recursive: true, force: true });
  if (!layOut(name, root)) {
    console.error(`${name}: not at hand, left out`);
    return null;
  }
  const prepared = prepare(name, root);
  const queries = drawAll(name, prepared.pages);
  const site = await serve({ '/': join(root, 'public'), '/pagefind/': join(root, 'pagefind') }, prepared.language);
  const result = { name, pages: prepared.pages.length, language: prepared.language, index: prepared.index, found: {}, cold: {} };
  try {
    for (const engine of options.engines) await measureEngine(engine, site, queries, result);
  } finally {
    await site.close();
  }
  printScores(result);
  return result;
}

async function measureEngine(engine, site, queries, result) {
  if (options.steps.includes('relevance')) {
    result.found[engine] = await findAll(browser, site, engine, queries);
    if (engine === 'opsbook') result.anchored = await anchoredShare(browser, site, queries);
  }
  if (!options.steps.includes('cold')) return;
  const chosen = shuffled(chance(`${options.seeds}/${result.name}/cold`), queries);
  const some = evenly(chosen, COLD_QUERIES);
  for (const mode of engine === 'opsbook' ? ['titles', 'excerpts'] : ['titles']) {
    result.cold[`${engine} ${mode}`] = await firstQueries(browser, site, engine, mode, some);
  }
}

/** Queries of each kind in turn. */
function evenly(queries, limit) {
  const kinds = [...new Set(queries.map(({ kind }) => kind))].map((kind) => queries.filter((query) => query.kind === kind));
  const turns = kinds.flatMap((list) => list.map((query, turn) => ({ query, turn })));
  return turns.toSorted((a, b) => a.turn - b.turn).slice(0, limit).map(({ query }) => query);
}

/** Builds the site as often as the numbers need it, and Pagefind's index beside it. */
function prepare(name, root) {
  const index = { opsbook: [], pagefind: [], without: [] };
  const runs = options.steps.includes('index') ? INDEX_RUNS : 1;
  if (options.without) {
    for (let at = 0; at <= runs; at += 1) index.without.push(build(options.without, root));
    index.without.shift();
  }
  // The first build fills the highlight cache; it is measured only where nothing else is.
  for (let at = 0; at < (runs === 1 ? 1 : runs + 1); at += 1) index.opsbook.push(build(options.program, root));
  if (runs > 1) index.opsbook.shift();
  const pages = readPages(join(root, 'public'));
  if (options.engines.includes('pagefind')) {
    plainPages(join(root, 'public'), pages, join(root, 'plain'));
    for (let at = 0; at < runs; at += 1) index.pagefind.push(pagefind(join(root, 'plain'), join(root, 'pagefind')));
  }
  index.size = { opsbook: sizeOf(join(root, 'public/search')), pagefind: sizeOf(join(root, 'pagefind')) };
  if (options.engines.includes('opsbook') && !existsSync(join(root, 'public/search/search.js'))) {
    throw new Error(`${name}: the build made no search/search.js`);
  }
  return { pages, index, language: pages[0].language };
}

function drawAll(name, pages) {
  const known = survey(pages);
  const kinds = Object.keys(KINDS).filter((kind) => !options.kinds || options.kinds.includes(kind));
  return options.seeds.flatMap((seed) =>
    kinds.flatMap((kind) => {
      if (kind !== 'compound') return draw(kind, known, `${seed}/${name}`, options.queries);
      return name === 'german' ? drawCompounds(pages, seed, options.queries) : [];
    }),
  );
}

function writeDown(results) {
  if (options.misses) {
    const missed = results.corpora.flatMap(({ name, found }) =>
      Object.entries(found).flatMap(([engine, queries]) =>
        queries.filter(({ rank }) => rank !== 1).map(({ kind, text, wanted, rank, top, error }) => ({ corpus: name, engine, kind, query: text, wanted, rank, top, error })),
      ),
    );
    writeFileSync(options.misses, `[\n${missed.map((miss) => JSON.stringify(miss)).join(',\n')}\n]\n`);
  }
  if (options.json) writeFileSync(options.json, JSON.stringify(results, null, 1));
  if (options.out !== '-') writeReport(results, options.out);
}
