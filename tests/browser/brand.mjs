// The guide's page "Make it look like yours", followed word by word in a new handbook; then what readers see of it.

import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, readdir, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { same } from './scenes.mjs';
import { serveSite } from './site.mjs';
import { AXE } from './visit.mjs';

const GUIDE = 'content/guide/how-to/make-it-yours.md';
/** The accent of the guide, then some that need the most help: too light, no colour at all, too dark. */
const ACCENTS = ['#5b2c91', '#ffd400', '#fdfdfd', '#050505', '#00c8ff'];
const PAGES = ['', 'runbooks/disk-full/', 'registers/', 'registers/reviews/', 'search/', 'imprint/'];
const LOGO = (ink) => `<svg xmlns="http://www.w3.org/2000/svg" width="240" height="60" viewBox="0 0 240 60"><rect width="240" height="60" fill="${ink}"/></svg>\n`;

/** The blocks of a page by their info string: `[language, title, text]`. */
function blocks(page) {
  return Array.from(page.matchAll(/^```(\w+)(?: title="([^"]*)")?\n(.*?)^```$/gms), ([, language, title, text]) => [language, title, text]);
}

/** What a run of the program must not do. */
function ran({ status, stdout, stderr }) {
  return status === 0 ? [] : [`${stdout}${stderr}`];
}

export async function brandSession(browser, binary, root, report) {
  const folder = await mkdtemp(join(tmpdir(), 'opsbook-brand-'));
  const book = join(folder, 'handbook');
  const opsbook = (...args) => spawnSync(binary, args, { cwd: book, encoding: 'utf8' });
  try {
    const init = spawnSync(binary, ['init', '--yes', book], { encoding: 'utf8' });
    report.check('a new handbook is there', [...ran(init), ...ran(opsbook('build', '--out', '../before'))]);
    const page = await readFile(join(root, GUIDE), 'utf8');
    report.check('the steps of the guide can be followed', await follow(page, book, opsbook));
    await cp(join(book, 'public'), join(folder, 'after'), { recursive: true });
    report.check('every page links the imprint, as the guide verifies', verified(page, book));
    await looks(browser, folder, report);
    for (const accent of ACCENTS) {
      await setAccent(book, accent);
      const problems = ran(opsbook('build', '--out', '../accent'));
      report.check(`text in ${accent} can be read in both schemes`, [...problems, ...(await contrast(browser, join(folder, 'accent')))]);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes the files that the page prints, and runs its first command. */
async function follow(page, book, opsbook) {
  await mkdir(join(book, 'content/brand'), { recursive: true });
  for (const [name, ink] of [['logo', '#5b2c91'], ['logo-dark', '#e9ddf7'], ['icon', '#5b2c91']]) await writeFile(join(book, `content/brand/${name}.svg`), LOGO(ink));
  let written = 0;
  for (const [, title, text] of blocks(page).filter(([, title]) => title)) {
    const file = join(book, title);
    await mkdir(dirname(file), { recursive: true });
    const before = title === 'book.toml' ? `${await readFile(file, 'utf8')}\n` : '';
    await writeFile(file, before + text);
    written += 1;
  }
  const checked = opsbook('check', '--deny-warnings');
  return [...same('files', written, 4), ...ran(checked), ...ran(opsbook('build'))];
}

/** Runs what stands under *Verify*. */
function verified(page, book) {
  const [, , text] = blocks(page.slice(page.indexOf('## Verify')))[0];
  const grep = text.split('\n').find((line) => line.includes('grep')).replace(/^\$ /, '');
  return same('pages without it', spawnSync('sh', ['-c', grep], { cwd: book, encoding: 'utf8' }).stdout, '');
}

async function setAccent(book, accent) {
  const file = join(book, 'book.toml');
  await writeFile(file, (await readFile(file, 'utf8')).replace(/^accent = .*$/m, `accent = "${accent}"`));
}

/** What readers see, before and after. */
async function looks(browser, folder, report) {
  const sites = await Promise.all(['before', 'after'].map((name) => serveSite(join(folder, name), '/ops/')));
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    const see = async (site, url, colorScheme) => {
      await page.emulateMedia({ colorScheme });
      await page.goto(`${site.url}${url}`, { waitUntil: 'networkidle' });
      return { picture: await page.screenshot(), ...(await page.evaluate(() => {
        const colour = (name) => {
          const probe = document.body.appendChild(document.createElement('i'));
          probe.className = 'ob-probe';
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(`.ob-probe { color: var(${name}) }`);
          document.adoptedStyleSheets = [sheet];
          const { color } = getComputedStyle(probe);
          probe.remove();
          return color;
        };
        const logo = [...document.querySelectorAll('.ob-brand img')].filter((image) => image.checkVisibility() && image.naturalWidth > 0);
        return {
          accent: colour('--accent'),
          band: getComputedStyle(document.querySelector('.ob-band')).backgroundImage,
          logos: logo.map((image) => new URL(image.src).pathname.split('/').pop()),
          width: logo[0]?.getBoundingClientRect().width,
          header: [...document.querySelectorAll('.ob-links a')].map((link) => link.textContent),
          footer: [...document.querySelectorAll('.ob-foot a')].map((link) => link.textContent),
          sidebar: [...document.querySelectorAll('.ob-nav a')].map((link) => link.textContent.trim()),
          banner: document.querySelector('.ob-banner')?.textContent.trim(),
        };
      })) };
    };
    for (const url of PAGES.slice(0, 4)) {
      const [before] = [await see(sites[0], url, 'light')];
      const [light, dark] = [await see(sites[1], url, 'light'), await see(sites[1], url, 'dark')];
      report.check(`${url || 'the home page'} has the brand`, [
        ...same('accent', light.accent, 'rgb(91, 44, 145)'),
        ...(before.accent !== light.accent && dark.accent !== light.accent ? [] : ['the accent is the same']),
        ...(light.band.includes('rgb(91, 44, 145)') ? [] : [`the band is ${light.band}`]),
        ...same('logo', [light.logos, dark.logos], [['logo.svg'], ['logo-dark.svg']]),
        ...same('width', light.width, 120),
        ...same('header', light.header, ['Registers', 'Status']),
        ...same('footer', light.footer.slice(0, 3), ['Contact', 'Imprint', 'Privacy']),
        ...same('in the sidebar', light.sidebar.filter((name) => /Imprint|Privacy/.test(name)), []),
        ...same('banner', light.banner, 'The portal is read-only on 28 November, 20:00 to 22:00 UTC.'),
        ...(before.picture.equals(light.picture) ? ['the picture is the same'] : []),
      ]);
    }
    report.check('no page sort is without the imprint', await withoutImprint(join(folder, 'after')));
  } finally {
    await context.close();
    await Promise.all(sites.map((site) => site.close()));
  }
}

/** The pages whose footer does not link the imprint. */
async function withoutImprint(folder) {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.html') && !file.startsWith('status/'));
  const missing = [];
  for (const file of files) {
    const text = await readFile(join(folder, file), 'utf8');
    const redirect = text.includes('http-equiv="refresh"');
    if (!redirect && !/<footer class="ob-foot">[^]*href="[^"]*imprint\/"/.test(text)) missing.push(`${file} does not link the imprint`);
  }
  return missing.concat(files.length > 10 ? [] : [`only ${files.length} pages`]);
}

/** What axe finds of the contrast, in both schemes. */
async function contrast(browser, folder) {
  const site = await serveSite(folder, '/ops/');
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, bypassCSP: true });
  const problems = [];
  try {
    const page = await context.newPage();
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      for (const url of PAGES) {
        await page.goto(`${site.url}${url}`, { waitUntil: 'networkidle' });
        await page.evaluate(AXE);
        const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }, resultTypes: ['violations'] }));
        for (const { id, nodes } of violations) problems.push(`${colorScheme} ${url || 'home'}: ${id}: ${nodes.map(({ html, any }) => `${html.slice(0, 120)} ${any[0]?.message ?? ''}`).slice(0, 3).join(' | ')}`);
      }
    }
  } finally {
    await context.close();
    await site.close();
  }
  return problems;
}
