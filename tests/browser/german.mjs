// What readers of German see: a German page in an English handbook, and a handbook that is German altogether.

import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { serveSite } from './site.mjs';
import { AXE, WCAG, listen, watch } from './visit.mjs';

const BOOK = {
  'book.toml': '[book]\ntitle = "Betriebshandbuch"\nlanguage = "de"\n',
  'content/_index.md': '# Betriebshandbuch\n\nWas hilft.\n',
  'content/runbooks/_index.md': '# Runbooks\n',
  'content/runbooks/platte.md':
    '---\nkind: runbook\nrisk: change\nstatus: stable\nlayer: iaas\ntags: [speicher]\n---\n# Platte voll\n\n' +
    '## Symptome\n\nDie Platte ist voll.\n\n## Beheben\n\n```console\n$ df -h\n```\n\n## Verifizieren\n\nWieder Platz.\n',
  'content/minutes/20261109.md': '---\nkind: minutes\ngroup: Betrieb\n---\n# 2026-11-09\n\n- AI @platform: Platten tauschen\n',
  'content/english.md': '---\nlanguage: en\n---\n# A full disk\n\nThe disk is full.\n',
};

/** Runs every check on the built handbook, then on a German one. */
export async function germanSession(browser, site, binary, report) {
  await run(browser, site, report, 'a German page in an English handbook', germanPage);
  const root = await mkdtemp(join(tmpdir(), 'opsbook-german-'));
  for (const [file, text] of Object.entries(BOOK)) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), text);
  }
  const out = join(root, 'public');
  const build = spawnSync(binary, ['build', '--root', root, '--out', out], { encoding: 'utf8' });
  report.check('German: the handbook builds', build.status === 0 ? [] : [build.stdout, build.stderr]);
  const german = await serveSite(out, '/');
  try {
    await run(browser, german, report, 'search and its filters', searchPage);
    await run(browser, german, report, 'the frame of an English page', englishPage);
    for (const path of ['', 'runbooks/platte/', 'minutes/20261109/', 'registers/', 'registers/actions/', 'tags/', 'english/']) {
      await run(browser, german, report, `/${path} is accessible`, (scene) => accessible(scene, path));
    }
  } finally {
    await german.close();
    await rm(root, { recursive: true, force: true });
  }
}

/** One check in a browser of its own. It fails when it throws, and by whatever the page complains about. */
async function run(browser, site, report, name, check) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const seen = await watch(context, site);
  const page = await context.newPage();
  page.setDefaultTimeout(5000);
  listen(page, seen);
  const goto = (path) => page.goto(new URL(path, site.url).href);
  const thrown = await check({ page, goto }).then(() => [], (error) => [error.stack.split('\n').slice(0, 4).join('\n')]);
  report.check(`German: ${name}`, [...thrown, ...seen.problems]);
  await context.close();
}

function equal(found, wanted, what) {
  const [one, other] = [found, wanted].map((value) => JSON.stringify(value));
  if (one !== other) throw new Error(`${what}: ${one} instead of ${other}`);
}

const text = (page, selector) => page.locator(selector).first().textContent();

/** What axe finds on the page as it is. */
async function sound(page, what) {
  await page.evaluate(AXE);
  const found = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags, resultTypes: ['violations'] }), WCAG);
  equal(found.violations.map(({ id, nodes }) => `${id} ${nodes[0].html}`), [], what);
}

async function germanPage({ page, goto }) {
  await goto('de/');
  equal(await page.locator('html').getAttribute('lang'), 'de', 'language');
  equal(await text(page, '.ob-skip'), 'Zum Inhalt springen', 'the way past the header');
  equal(await page.locator('#ob-theme').getAttribute('aria-label'), 'Farbschema Auto, ändern', 'colour scheme');
  equal(await page.locator('.ob-copy').first().getAttribute('aria-label'), 'Code kopieren', 'copying');
  equal(await page.locator('.ob-nav a').first().getAttribute('lang'), 'en', 'language of an English title');
  await page.locator('#ob-theme').click();
  equal(await text(page, '#ob-theme span'), 'Hell', 'the next scheme');
  await page.keyboard.press('/');
  const input = page.locator('.ob-box-input');
  equal(await input.getAttribute('placeholder'), 'Im Handbuch suchen', 'placeholder');
  equal(await text(page, '.ob-box-close'), 'Schließen', 'closing');
  await sound(page, 'the open box');
  await input.fill('runbooks kind:minutes');
  await page.locator('.ob-box-status').filter({ hasText: /^\d+ Seiten? gefunden$/ }).waitFor();
  equal((await page.locator('.ob-box-option .ob-kind').allTextContents())[0], 'Protokoll', 'a kind in German');
  await sound(page, 'results');
  await input.fill('xyzzyplugh');
  await page.locator('.ob-box-status').filter({ hasText: 'Keine Seiten gefunden' }).waitFor();
}

async function searchPage({ page, goto }) {
  await goto('search/?q=platte');
  await page.locator('#ob-count').filter({ hasText: /^\d+ Seiten? gefunden$/ }).waitFor();
  equal(await page.title(), 'platte · Suche · Betriebshandbuch', 'title');
  const legends = await page.locator('#ob-facets legend').allTextContents();
  equal(legends.slice(0, 2), ['Art', 'Schicht'].filter((name) => legends.includes(name)), 'names of filters');
  const values = await page.locator('#ob-facets label span:first-of-type').allTextContents();
  equal(['Runbook', 'Protokoll'].every((name) => values.includes(name)), true, `kinds among ${values}`);
  await sound(page, 'the search page');
  await page.locator('#ob-facets input[value=runbook]').check();
  await page.locator('#ob-count').filter({ hasText: '1 Seite gefunden' }).waitFor();
}

async function englishPage({ page, goto }) {
  await goto('english/');
  equal(await page.locator('html').getAttribute('lang'), 'en', 'language');
  equal(await text(page, '.ob-skip'), 'Skip to content', 'the way past the header');
  equal(await page.locator('.ob-brand span[lang]').getAttribute('lang'), 'de', 'language of the title');
  await page.keyboard.press('/');
  equal(await page.locator('.ob-box-input').getAttribute('placeholder'), 'Search this handbook', 'placeholder');
}

async function accessible({ page, goto }, path) {
  await goto(path);
  await sound(page, path || 'the home page');
}
