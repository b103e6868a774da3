// Takes the screenshots of the README and of NOTES.md again. Start `opsbook serve` first, and run `npm ci --prefix tests/browser` once.
//
// usage: node docs/screenshots/take.mjs [URL]     (default: http://127.0.0.1:4567/)

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from '../../tests/browser/chromium.mjs';

const base = process.argv[2] ?? 'http://127.0.0.1:4567/';
const folder = dirname(fileURLToPath(import.meta.url));

const PAGES = [
  { name: 'home', path: '' },
  { name: 'runbook', path: 'runbooks/ceph-osd-down/' },
  { name: 'analysis', path: 'rcas/2026-09-log-disk-full/' },
  { name: 'process', path: 'processes/incident-response/' },
  { name: 'minutes', path: 'minutes/20261109/' },
  { name: 'search', path: 'runbooks/ceph-osd-down/', type: 'ceph osd' },
  { name: 'controls', path: 'registers/controls/c5-2020/' },
];
const WIDTHS = [
  { end: '', width: 1280, height: 860 },
  { end: '-narrow', width: 360, height: 740 },
];

const browser = await launch();
for (const colorScheme of ['light', 'dark']) {
  for (const { end, width, height } of WIDTHS) {
    for (const { name, path, type } of PAGES) {
      const page = await browser.newPage({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
      await page.goto(new URL(path, base).href);
      if (type) await search(page, type);
      const dark = colorScheme === 'dark' ? '-dark' : '';
      await page.screenshot({ path: join(folder, `${name}${end}${dark}.png`) });
      await page.close();
    }
  }
}
await paper();
await browser.close();

/** Opens the search box and types. */
async function search(page, text) {
  await page.keyboard.press('/');
  await page.keyboard.type(text);
  await page.locator('.ob-box-option mark').first().waitFor();
  await page.waitForTimeout(500);
}

/** The first page of an analysis on paper. */
async function paper() {
  const page = await browser.newPage({ viewport: { width: 720, height: 1018 } });
  await page.emulateMedia({ media: 'print' });
  await page.goto(new URL('rcas/2026-09-log-disk-full/', base).href);
  await page.screenshot({ path: join(folder, 'analysis-paper.png') });
  await page.close();
}
