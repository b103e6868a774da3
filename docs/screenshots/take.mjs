// Takes the screenshots of the README again. Start `opsbook serve` first, and run `npm ci --prefix tests/browser` once.
//
// usage: node docs/screenshots/take.mjs [URL [FOLDER]]     (default: http://127.0.0.1:4567/)
//
// With a folder, every page is taken whole at every width and on paper, into that folder: for looking, not for committing.

import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FONTS, launch } from '../../tests/browser/chromium.mjs';

const [base = 'http://127.0.0.1:4567/', everything] = process.argv.slice(2);
const folder = everything ?? dirname(fileURLToPath(import.meta.url));

const PAGES = [
  { name: 'home', path: '' },
  { name: 'runbook', path: 'runbooks/ceph-osd-down/' },
  { name: 'analysis', path: 'rcas/2026-09-log-disk-full/' },
  { name: 'process', path: 'processes/incident-response/' },
  { name: 'minutes', path: 'minutes/20261109/' },
  { name: 'search', path: 'runbooks/ceph-osd-down/', type: 'ceph osd' },
  { name: 'controls', path: 'registers/controls/c5-2020/' },
];
/** The pictures of the README. */
const README = ['home', 'runbook', 'runbook-narrow', 'analysis', 'process-dark', 'search', 'controls'];
/** Only for looking. */
const MORE = [
  { name: 'section', path: 'runbooks/' },
  { name: 'short-runbook', path: 'runbooks/disk-full/' },
  { name: 'guide', path: 'guide/themes/' },
  { name: 'diagrams', path: 'guide/diagrams/' },
  { name: 'registers', path: 'registers/' },
  { name: 'alerts', path: 'registers/alerts/' },
  { name: 'actions', path: 'registers/actions/' },
];
const WIDTHS = [
  { end: '-narrow', width: 360, height: 740 },
  { end: '-768', width: 768, height: 900 },
  { end: '', width: 1280, height: 860 },
  { end: '-1440', width: 1440, height: 860 },
  { end: '-1920', width: 1920, height: 1080 },
];

await mkdir(folder, { recursive: true });
// One font, so that pictures are alike on all machines.
const browser = await launch(FONTS[0]);
for (const colorScheme of ['light', 'dark']) {
  for (const { end, width, height } of WIDTHS) {
    for (const { name, path, type } of everything ? [...PAGES, ...MORE] : PAGES) {
      const picture = `${name}${end}${colorScheme === 'dark' ? '-dark' : ''}`;
      if (!everything && !README.includes(picture)) continue;
      const page = await browser.newPage({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
      await page.goto(new URL(path, base).href);
      if (type) await search(page, type);
      await page.screenshot({ path: join(folder, `${picture}.png`), fullPage: Boolean(everything) && !type });
      await page.close();
    }
  }
}
if (everything) await paper();
await browser.close();

/** Opens the search box and types. */
async function search(page, text) {
  await page.keyboard.press('/');
  await page.keyboard.type(text);
  await page.locator('.ob-box-option mark').first().waitFor();
  await page.waitForTimeout(500);
}

/** All sheets of each page on paper. */
async function paper() {
  const page = await browser.newPage({ viewport: { width: 720, height: 1018 } });
  for (const { name, path, type } of [...PAGES, ...MORE]) {
    if (type) continue;
    await page.goto(new URL(path, base).href);
    await page.pdf({ path: join(folder, `${name}.pdf`), preferCSSPageSize: true });
  }
  await page.close();
}
