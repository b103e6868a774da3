// Takes the screenshots of the README again. Start `opsbook serve` first, and run `npm ci --prefix tests/browser` once.
//
// usage: node docs/screenshots/take.mjs [URL]     (default: http://127.0.0.1:4567/)

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from '../../tests/browser/chromium.mjs';

const base = process.argv[2] ?? 'http://127.0.0.1:4567/';
const folder = dirname(fileURLToPath(import.meta.url));

const SHOTS = [
  { name: 'home', path: '', width: 1280, height: 800, colorScheme: 'light' },
  { name: 'home-dark', path: '', width: 1280, height: 800, colorScheme: 'dark' },
  { name: 'runbook', path: 'runbooks/ceph-osd-down/', width: 1280, height: 640, colorScheme: 'light' },
  { name: 'analysis', path: 'rcas/2026-09-log-disk-full/', width: 1280, height: 900, colorScheme: 'light' },
  { name: 'registers', path: 'registers/', width: 1280, height: 900, colorScheme: 'light' },
  { name: 'search', path: 'runbooks/ceph-osd-down/', width: 1280, height: 720, colorScheme: 'light', type: 'ceph osd' },
  { name: 'runbook-narrow', path: 'runbooks/ceph-osd-down/', width: 360, height: 740, colorScheme: 'light' },
];

const browser = await launch();
for (const { name, path, width, height, colorScheme, type } of SHOTS) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
  await page.goto(new URL(path, base).href);
  if (type) await search(page, type);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.close();
}
await browser.close();

/** Opens the search box and types. */
async function search(page, text) {
  await page.keyboard.press('/');
  await page.keyboard.type(text);
  await page.locator('.ob-box-option mark').first().waitFor();
  await page.waitForTimeout(500);
}
