// The costs on synthetic handbooks of growing size.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { draw, survey } from './draw.mjs';
import { findAll, firstQueries, score, spread } from './measure.mjs';
import { listPages, readPages } from './pages.mjs';
import { serve } from './site.mjs';
import { build, pagefind, plainPages, sizeOf } from './sites.mjs';
import { writeSynthetic } from './synthetic.mjs';

/** Pagefind takes minutes beyond. */
const PAGEFIND_LIMIT = 10_000;
/** Queries are drawn from some of the pages: enough to choose from, few enough to keep in mind. */
const SAMPLE = 1000;
const DRAWN = { title: 4, heading: 3, typo: 4, prefix: 3, phrase: 3, code: 3 };

/** Hands over one line for each size: `{ pages, build, pagefind, size, cold, found }`, the last three by engine. */
export async function measureScale(browser, work, options, done) {
  for (const pages of options.scale) {
    console.error(`synthetic: ${pages} pages`);
    const root = join(work, `synthetic-${pages}`);
    rmSync(root, { recursive: true, force: true });
    writeSynthetic(pages, root);
    done(await measureSize(browser, root, pages, options));
    rmSync(root, { recursive: true, force: true });
  }
}

async function measureSize(browser, root, pages, options) {
  const builds = [build(options.program, root), build(options.program, root)];
  const quicker = builds.toSorted((a, b) => a.stages.search - b.stages.search)[0];
  const line = { pages, build: quicker, pagefind: null, size: {}, cold: {}, found: {} };
  const folder = join(root, 'public');
  const sample = readPages(folder, SAMPLE);
  const known = survey(sample);
  const queries = Object.entries(DRAWN).flatMap(([kind, count]) => draw(kind, known, `${options.seeds[0]}/synthetic`, count));
  const engines = options.engines.filter((engine) => engine === 'opsbook' || pages <= PAGEFIND_LIMIT);
  if (engines.includes('pagefind')) {
    plainPages(folder, listPages(folder), join(root, 'plain'));
    line.pagefind = pagefind(join(root, 'plain'), join(root, 'pagefind'));
  }
  const site = await serve({ '/': folder, '/pagefind/': join(root, 'pagefind') }, 'en');
  for (const engine of engines) {
    line.size[engine] = sizeOf(engine === 'opsbook' ? join(folder, 'search') : join(root, 'pagefind'));
    line.cold[engine] = await firstQueries(browser, site, engine, 'titles', queries);
    line.found[engine] = await findAll(browser, site, engine, queries);
    print(line, engine);
  }
  await site.close();
  return line;
}

function print(line, engine) {
  const bytes = spread(line.cold[engine].map((cost) => cost.bytes));
  const ms = spread(line.found[engine].map((query) => query.ms));
  const index = engine === 'pagefind' ? line.pagefind : line.build.stages.search;
  const found = score(line.found[engine]);
  console.log(
    `synthetic ${line.pages}, ${engine}: first query ${(bytes.median / 1000).toFixed(0)} kB (most ${(bytes.max / 1000).toFixed(0)}), ` +
      `index ${((index ?? NaN) / 1000).toFixed(2)} s, ${(line.size[engine].bytes / 1e6).toFixed(1)} MB, ` +
      `a query ${ms.median.toFixed(1)} ms (95 % ${ms.p95.toFixed(1)}), found ${found.ten.toFixed(2)}`,
  );
}
