// Scenes on a small handbook of a test's own: built, served, and for each scene a browser that knows nothing yet.

import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveSite } from './site.mjs';
import { AXE, WCAG, listen, watch } from './visit.mjs';

/**
 * Builds the handbook that `write` makes and plays each check, `[name, options of the context, play]`, on a page of its own.
 * `play` gets the page, the site and what was seen; problems are what it returns and what happens that never should.
 * `usual` are options of every context, `arguments` go to the build; `prepare` adds to a context; `after` checks the site's folder.
 */
export async function playScenes(browser, binary, report, { name, usual, write, checks, arguments: more = [], prepare, after }) {
  const folder = await mkdtemp(join(tmpdir(), `opsbook-${name}-`));
  await write(folder);
  const build = spawnSync(binary, ['build', '--root', folder, ...more], { encoding: 'utf8' });
  const words = build.stdout + build.stderr;
  report.check(`${name}: the handbook builds without a problem`, build.status === 0 && !/warning|error/.test(words) ? [] : [words]);
  const site = await serveSite(join(folder, 'public'), '/ops/');
  try {
    for (const [title, own, play] of checks) {
      const problems = await scene(browser, site, { ...usual, ...own }, prepare, play);
      report.check(`${name}: ${title}`, problems);
    }
    await after?.(join(folder, 'public'));
  } finally {
    await site.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function scene(browser, site, options, prepare, play) {
  const context = await browser.newContext(options);
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: site.origin });
  const seen = await watch(context, site);
  await prepare?.(context, seen);
  const page = await context.newPage();
  listen(page, seen);
  page.setDefaultTimeout(10_000);
  page.on('dialog', (dialog) => (seen.problems.push(`a dialog: ${dialog.message()}`), dialog.dismiss()));
  const thrown = await play(page, site, seen).then((problems) => problems ?? [], (error) => [error.stack]);
  await context.close();
  return [...thrown, ...seen.problems];
}

/** A problem where two things differ. */
export function same(what, got, want) {
  const [one, other] = [got, want].map((value) => JSON.stringify(value));
  return one === other ? [] : [`${what}: ${one} instead of ${other}`];
}

/** What keeps people from using the page. */
export async function violations(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate((tags) => axe.run(document, { runOnly: tags }), WCAG);
  return violations.map(({ id, nodes: [{ html, failureSummary }] }) => `axe ${id}: ${html.slice(0, 160)}: ${failureSummary.replace(/\s+/g, ' ').slice(0, 160)}`);
}

/** Counts how far things move without being asked; for `context.addInitScript`. */
export function shifts() {
  window.shifted = 0;
  const count = (list) => list.getEntries().forEach((entry) => (window.shifted += entry.hadRecentInput ? 0 : entry.value));
  new PerformanceObserver(count).observe({ type: 'layout-shift', buffered: true });
}

export const still = (page) => page.evaluate(() => window.shifted).then((shifted) => same('moved', shifted, 0));

/** How far the page can be scrolled to the side. */
export const sideways = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
