// What Lighthouse says of the handbook's pages, and what each of them loads.
//
// usage: npm ci --prefix benches/pages && node benches/pages/measure.mjs PROGRAM > benches/PAGES.md
//
// The handbook of this repository is built by PROGRAM (a release build of opsbook) and served compressed. Each page is
// measured three times with the mobile preset of Lighthouse, and the run in the middle counts.

import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { launch } from 'chrome-launcher';
import lighthouse from 'lighthouse';

/** One page of each sort that search engines may list; the search page asks them not to. */
const PAGES = [
  '',
  'runbooks/ceph-osd-down/',
  'rcas/2026-10-etcd-slow-disks/',
  'processes/incident-response/',
  'minutes/20261109/',
  'registers/incidents/',
  'registers/alerts/',
  'registers/poster/',
  'guide/markdown/',
  'services/',
];
const RUNS = 3;
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.xml': 'application/xml',
  '.md': 'text/markdown; charset=utf-8',
};

/** Serves a folder as a web server for static files does: compressed, named files for good. */
function serve(folder) {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, 'http://x').pathname.replace(/\/$/, '/index.html');
    const type = TYPES[extname(path)];
    const body = type && (await readFile(join(folder, decodeURIComponent(path))).catch(() => null));
    if (!body) return response.writeHead(404, { 'content-type': 'text/html' }).end('not found');
    const age = path.startsWith('/assets/') ? 'max-age=31536000, immutable' : 'no-cache';
    response.writeHead(200, { 'content-type': type, 'content-encoding': 'gzip', 'cache-control': age });
    response.end(gzipSync(body));
  });
  return new Promise((ready) => server.listen(0, '127.0.0.1', () => ready(server)));
}

/** The run in the middle of several. */
async function middle(url, port) {
  const runs = [];
  for (let run = 0; run < RUNS; run += 1) {
    const { lhr } = await lighthouse(url, { port, logLevel: 'error' });
    runs.push(lhr);
  }
  return runs.sort((a, b) => a.categories.performance.score - b.categories.performance.score)[(RUNS - 1) / 2];
}

const percent = (category) => Math.round(category.score * 100);

function row(page, { categories, audits }) {
  const size = (type) => {
    const found = audits['resource-summary'].details.items.find((item) => item.resourceType === type);
    return `${((found?.transferSize ?? 0) / 1000).toFixed(1)} kB`;
  };
  const scores = ['performance', 'accessibility', 'best-practices', 'seo'].map((name) => percent(categories[name]));
  const paint = audits['largest-contentful-paint'].displayValue;
  const shift = audits['cumulative-layout-shift'].numericValue.toFixed(3);
  const sizes = ['script', 'stylesheet', 'total'].map(size);
  return `| \`/${page}\` | ${[...scores, paint, shift, ...sizes].join(' | ')} |`;
}

function lost({ categories, audits }) {
  const named = Object.values(categories).flatMap((category) => category.auditRefs);
  const failed = named.filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 0.9);
  return failed.map(({ id }) => `${id} (${audits[id].displayValue ?? audits[id].score})`);
}

const folder = await mkdtemp(join(tmpdir(), 'opsbook-pages-'));
const server = await serve(folder);
const base = `http://127.0.0.1:${server.address().port}/`;
execFileSync(resolve(process.argv[2]), ['build', '--out', join(folder), '--base-url', base], { stdio: 'ignore' });
const chrome = await launch({
  chromePath: process.env.BROWSER ?? '/usr/bin/chromium-headless-shell',
  chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu'],
});
try {
  console.log(`# What Lighthouse says

Made by \`benches/pages/measure.mjs\`: Lighthouse in a local Chromium, mobile preset, the middle of ${RUNS} runs. Sizes are
what goes over the line, compressed.

| page | performance | accessibility | best practices | SEO | largest paint | layout shift | scripts | styles | all |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|`);
  const failures = [];
  for (const page of PAGES) {
    const result = await middle(base + page, chrome.port);
    console.log(row(page, result));
    failures.push(...lost(result).map((problem) => `- \`/${page}\`: ${problem}`));
  }
  if (failures.length > 0) console.log(`\nWhat costs points:\n\n${failures.join('\n')}`);
} finally {
  await chrome.kill();
  server.close();
  await rm(folder, { recursive: true, force: true });
}
