// One session of `run.mjs`, in a process of its own. Ends with `N passed, N failed`.
//
// usage: node session.mjs SESSION FOLDER [--all]     (FOLDER holds the built handbook; OPSBOOK names the program)

import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { boardSession } from './board.mjs';
import { brandSession } from './brand.mjs';
import { bundleSession } from './bundle.mjs';
import { launch } from './chromium.mjs';
import { engineSession } from './engine.mjs';
import { examplesSession } from './examples.mjs';
import { firefoxSession } from './firefox.mjs';
import { frameSession } from './frame.mjs';
import { germanSession } from './german.mjs';
import { hostilePagesSession } from './hostile-pages.mjs';
import { hostileSession } from './hostile.mjs';
import { htmlSession } from './html.mjs';
import { fontSession, lookSession } from './look.mjs';
import { pagesSession } from './pages.mjs';
import { partsSession } from './parts.mjs';
import { printSession } from './print.mjs';
import { Report } from './report.mjs';
import { runbookSession } from './runbook.mjs';
import { searchSession } from './search.mjs';
import { serveSession } from './serve.mjs';
import { serveSite } from './site.mjs';
import { themeSession } from './theme.mjs';
import { timelineSession } from './timeline.mjs';
import { valueSetSession } from './value-sets.mjs';
import { workerSession } from './worker.mjs';

export const root = resolve(fileURLToPath(import.meta.url), '../../..');
export const binary = resolve(process.env.OPSBOOK ?? join(root, 'target/debug/opsbook'));

/** What is played, those first that take longest: then no core waits for the last one. */
export const SESSIONS = {
  pages: ({ browser, site, folder, report, all }) => pagesSession(browser, site, folder, report, all),
  search: ({ browser, site, folder, report }) => searchSession(browser, site, folder, report),
  examples: ({ browser, site, folder, report, all }) => examplesSession(browser, site, folder, report, all),
  look: ({ report }) => lookSession(binary, report),
  font: ({ site, folder, report, all }) => fontSession(site, folder, report, all),
  firefox: ({ site, report }) => firefoxSession(site, report),
  worker: ({ browser, report }) => workerSession(browser, binary, report),
  hostile: ({ browser, report, all }) => hostileSession(browser, binary, report, all),
  theme: ({ browser, site, folder, report }) => themeSession(browser, site, folder, report),
  timeline: ({ browser, site, report }) => timelineSession(browser, site, report),
  runbook: ({ browser, report }) => runbookSession(browser, binary, report),
  values: ({ browser, report }) => valueSetSession(browser, binary, report),
  board: ({ browser, report }) => boardSession(browser, binary, report),
  frame: ({ browser, report }) => frameSession(browser, binary, report),
  brand: ({ browser, report }) => brandSession(browser, binary, root, report),
  bundle: ({ browser, report }) => bundleSession(browser, binary, root, report),
  'hostile-pages': ({ browser, report, all }) => hostilePagesSession(browser, binary, report, all ? 1500 : 150),
  parts: ({ browser, report }) => partsSession(browser, binary, report),
  serve: ({ browser, report }) => serveSession(browser, binary, root, report),
  html: ({ site, folder, report }) => htmlSession(site, folder, report),
  german: ({ browser, site, report }) => germanSession(browser, site, binary, report),
  print: ({ browser, report }) => printSession(browser, binary, report),
  engine: ({ browser, site, report }) => engineSession(browser, site, report),
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name, folder, ...options] = process.argv.slice(2);
  const report = new Report();
  const site = await serveSite(folder, '/ops/handbook/');
  const browser = await launch();
  try {
    await SESSIONS[name]({ browser, site, folder, report, all: options.includes('--all') });
  } finally {
    await browser.close();
    await site.close();
  }
  process.exit(report.close());
}
