// Takes pages of several finished sites as one picture: home, runbook, analysis, register, search; on a phone, a laptop
// and a wide screen; light and dark. All cells have the same scale.
//
// usage: node docs/comparison/sheet.mjs OPSBOOK STARLIGHT MATERIAL [PICTURE]     (npm ci --prefix tests/browser, once)

import { createServer } from 'node:http';
import { readFile, stat } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FONTS, launch } from '../../tests/browser/chromium.mjs';

const [opsbook, starlight, material, picture = join(dirname(fileURLToPath(import.meta.url)), 'sheet.jpg')] = process.argv.slice(2);
const TYPES = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.mjs': 'text/javascript', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.json': 'application/json', '.wasm': 'application/wasm' };
const QUERY = 'ceph osd';
const SITES = [
  { name: 'Opsbook', folder: opsbook, open: (page) => page.keyboard.press('/'), box: '.ob-box-input', button: '.ob-search' },
  { name: 'Starlight', folder: starlight, open: (page) => page.keyboard.press('Control+k'), box: '.pagefind-ui__search-input', button: 'button[data-open-modal]' },
  { name: 'Material for MkDocs', folder: material, open: (page) => page.keyboard.press('/'), box: '.md-search__input', button: 'label[for=__search].md-header__button' },
];
const PAGES = [
  { name: 'Home', path: '' },
  { name: 'Runbook', path: 'runbooks/ceph-osd-down/' },
  { name: 'Analysis', path: 'rcas/2026-10-etcd-slow-disks/' },
  { name: 'Register', path: 'registers/incidents/', without: 'rcas/' },
  { name: 'Search', path: 'runbooks/ceph-osd-down/', search: true },
];
const SIZES = [{ width: 360, height: 740 }, { width: 1280, height: 860 }, { width: 1920, height: 860 }];
const SCHEMES = ['light', 'dark'];
const SCALE = 0.27;

const browser = await launch(FONTS[0]);
const rows = [];
for (const site of SITES) site.server = await serve(site.folder);
for (const page of PAGES) {
  for (const site of SITES) {
    const cells = [];
    for (const size of SIZES) for (const scheme of SCHEMES) cells.push(await shot(site, page, scheme, size));
    rows.push(`<tr><th>${page.name}<br><br>${site.name}</th>${cells.join('')}</tr>`);
  }
}
const heads = SIZES.flatMap(({ width }) => SCHEMES.map((scheme) => `<th>${width} px, ${scheme}</th>`)).join('');
const sheet = await browser.newPage({ viewport: { width: 2070, height: 900 } });
await sheet.setContent(`<style>body{margin:8px;background:#ccc;font:14px sans-serif}th{max-width:90px}td{vertical-align:top;padding:2px}img{display:block}</style><table><tr><td></td>${heads}</tr>${rows.join('')}</table>`);
await sheet.screenshot({ path: picture, fullPage: true, type: 'jpeg', quality: 40 });
await browser.close();
for (const site of SITES) site.server.close();
console.log(`${picture}: ${(await stat(picture)).size} bytes`);

async function shot(site, { path, without, search }, colorScheme, { width, height }) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
  const at = `http://127.0.0.1:${site.server.address().port}/`;
  const answer = await page.goto(at + path, { waitUntil: 'load' });
  if (answer.status() !== 200) {
    // Only Opsbook has registers; the nearest page of the others is the section.
    if (!without) throw new Error(`${site.name} has no ${path}`);
    await page.goto(at + without, { waitUntil: 'load' });
  }
  if (search) await searched(page, site);
  await page.waitForTimeout(250);
  const bytes = await page.screenshot();
  await page.close();
  return `<td><img width="${Math.round(width * SCALE)}" src="data:image/png;base64,${bytes.toString('base64')}"></td>`;
}

/** Types into the search of a site. Where no key opens it, the picture shows the page. */
async function searched(page, site) {
  try {
    await page.waitForTimeout(800);
    const button = page.locator(site.button).first();
    if (await button.isVisible()) await button.click();
    else await site.open(page);
    const box = page.locator(site.box).first();
    await box.waitFor({ state: 'visible', timeout: 9000 });
    await box.fill('');
    await box.pressSequentially(QUERY);
    await page.waitForTimeout(2500);
  } catch {
    console.log(`${site.name}: the search did not open at this width`);
  }
}

async function serve(folder) {
  const server = createServer(async (request, response) => {
    let file = join(folder, decodeURIComponent(new URL(request.url, 'http://x').pathname));
    try {
      if ((await stat(file)).isDirectory()) file = join(file, 'index.html');
      const bytes = await readFile(file);
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
