// Builds the handbook, opens it in Chromium and checks it. Ends with `N passed, N failed`.
//
// usage: node run.mjs [ROOT]     (default: the repository; OPSBOOK names the program)

import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleSession } from './bundle.mjs';
import { launch } from './chromium.mjs';
import { engineSession } from './engine.mjs';
import { examplesSession } from './examples.mjs';
import { germanSession } from './german.mjs';
import { hostilePagesSession } from './hostile-pages.mjs';
import { hostileSession } from './hostile.mjs';
import { followLinks, pagesIn, urlOf, validate } from './html.mjs';
import { lookSession } from './look.mjs';
import { partsSession } from './parts.mjs';
import { printSession } from './print.mjs';
import { Report } from './report.mjs';
import { runbookSession } from './runbook.mjs';
import { searchSession } from './search.mjs';
import { serveSession } from './serve.mjs';
import { serveSite } from './site.mjs';
import { themeSession } from './theme.mjs';
import { visitAll } from './visit.mjs';
import { workerSession } from './worker.mjs';

const repository = resolve(fileURLToPath(import.meta.url), '../../..');
const root = resolve(process.argv[2] ?? repository);
const binary = resolve(process.env.OPSBOOK ?? join(repository, 'target/debug/opsbook'));
const report = new Report();

const temporary = await mkdtemp(join(tmpdir(), 'opsbook-browser-'));
const folder = join(temporary, 'site');
const build = spawnSync(binary, ['build', '--root', root, '--out', folder, '--base-url', 'https://handbook.example/ops/handbook/'], { encoding: 'utf8' });
report.check('the handbook builds without a problem', build.status === 0 ? [] : [build.stdout, build.stderr]);

const files = await pagesIn(folder);
const site = await serveSite(folder, '/ops/handbook/');
const browser = await launch();
try {
  await validate(folder, files, report);
  await followLinks(site, folder, files, report);
  const aliases = new Set(await redirects(folder));
  const urls = files.map(urlOf).filter((url) => !aliases.has(url));
  await visitAll(browser, site, urls, report);
  await themeSession(browser, site, folder, report);
  await lookSession(site, binary, report);
  await engineSession(browser, site, report);
  await searchSession(browser, site, folder, report);
  await germanSession(browser, site, binary, report);
  await hostileSession(browser, binary, report);
  await hostilePagesSession(browser, binary, report);
  await runbookSession(browser, binary, report);
  await examplesSession(browser, site, folder, report);
  await partsSession(browser, binary, report);
  await printSession(browser, binary, report);
  await bundleSession(browser, binary, root, report);
  await workerSession(browser, binary, report);
  await serveSession(browser, binary, root, report);
} finally {
  await browser.close();
  await site.close();
  await rm(temporary, { recursive: true, force: true });
}
process.exit(report.close());

/** Pages that only lead elsewhere. */
async function redirects(folder) {
  const found = [];
  for (const file of files) {
    if ((await readFile(join(folder, file), 'utf8')).includes('http-equiv="refresh"')) found.push(urlOf(file));
  }
  return found;
}
