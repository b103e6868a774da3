// Sets of values, as operators of several regions use them: chosen once, by hand, by a link or by an alert, and never mixed.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { playScenes, same, shifts, sideways, still, violations } from './scenes.mjs';

const REGIONS = `title = "Region"

[[sets]]
name = "eu-1"
title = "Frankfurt"
values = { OS_CLOUD = "eu-1", INVENTORY = "environments/eu-1/hosts", GATEWAY = "192.0.2.1" }

[[sets]]
name = "eu-2"
title = "Berlin"
values = { OS_CLOUD = "eu-2", INVENTORY = "environments/eu 2/hosts" }
`;

const runbook = (title, names) => `---
title: ${title}
kind: runbook
variables:
${names.map((name) => `  - name: ${name}\n    example: an example\n`).join('')}---
## Symptom

${names.map((name) => `\`<${name}>\``).join(' ')}

## Fix

1. Run it:

   \`\`\`bash
   printf '%s' ${names.map((name) => `"<${name}>"`).join(' ')}
   \`\`\`

## Verify

- [ ] All is well
`;

async function writeRegions(folder) {
  await mkdir(join(folder, 'content/runbooks'), { recursive: true });
  await mkdir(join(folder, 'data/values'), { recursive: true });
  await writeFile(join(folder, 'book.toml'), '[book]\ntitle = "Regions"\n');
  await writeFile(join(folder, 'content/_index.md'), '# Home\n');
  await writeFile(join(folder, 'data/values/region.toml'), REGIONS);
  const pages = { one: ['OS_CLOUD', 'INVENTORY', 'GATEWAY', 'HOST'], two: ['HOST', 'OS_CLOUD'], none: ['HOST'] };
  for (const [name, names] of Object.entries(pages)) await writeFile(join(folder, `content/runbooks/${name}.md`), runbook(`Runbook ${name}`, names));
}

/** Builds a handbook with two regions and works with them. */
export function valueSetSession(browser, binary, report) {
  return playScenes(browser, binary, report, { name: 'values', usual: { viewport: { width: 360, height: 740 } }, write: writeRegions, checks: CHECKS });
}

const NAMES = ['OS_CLOUD', 'INVENTORY', 'GATEWAY', 'HOST'];
const FRANKFURT = ['eu-1', 'environments/eu-1/hosts', '192.0.2.1', ''];
const BERLIN = ['eu-2', 'environments/eu 2/hosts', '', ''];
const NOTHING = ['', '', '', ''];

const select = (page) => page.locator('.ob-choice-field select');
const values = (page, names = NAMES) => page.evaluate((names) => names.map((name) => document.getElementById(`ob-value-${name}`).value), names);
const note = (page) => page.locator('.ob-choice .ob-value-note').textContent();
const places = (page) => page.locator('figure.code var').allTextContents();
const hash = (page) => page.evaluate(() => location.hash);
const open = (page, isOpen) => page.evaluate((isOpen) => (document.querySelector('.ob-sheet').open = isOpen), isOpen);

async function visit(page, site, address) {
  await page.goto(`${site.url}runbooks/${address}`);
  await page.locator('.ob-choice-field select').waitFor({ state: 'attached' });
  await page.waitForFunction(() => !document.querySelector('.ob-choice-field').hidden);
}

async function choose(page, name) {
  await open(page, true);
  await select(page).selectOption(name);
  await open(page, false);
}

async function type(page, name, value) {
  await open(page, true);
  await page.locator(`#ob-value-${name}`).fill(value);
  await open(page, false);
}

async function press(page, selector) {
  await open(page, true);
  await page.locator(selector).click();
  await open(page, false);
}

async function log(page) {
  await press(page, '.ob-log');
  await page.waitForFunction(() => document.getElementById('ob-status').textContent === 'Incident log copied');
  return page.evaluate(() => navigator.clipboard.readText());
}

const CHECKS = [
  ['a region is chosen once, stands in all commands, in the address and in the log, and survives a reload', {}, async (page, site) => {
    await visit(page, site, 'one/');
    await choose(page, 'eu-1');
    const problems = [
      ...same('values', await values(page), FRANKFURT),
      ...same('places', await places(page), ['eu-1', 'environments/eu-1/hosts', '192.0.2.1', '<HOST>']),
      ...same('address', await hash(page), '#region=eu-1'),
      ...same('sideways', await sideways(page), 0),
    ];
    const copied = await log(page);
    if (!copied.includes('\n- Region: `eu-1`\n')) problems.push(`no region in ${copied}`);
    // Without the address, the browser knows the choice.
    await page.goto('about:blank');
    await visit(page, site, 'one/');
    problems.push(...same('kept', [await values(page), await select(page).inputValue(), await hash(page)], [FRANKFURT, 'eu-1', '#region=eu-1']));
    return problems;
  }],
  ['another region takes the place of the whole one before, and leaves what the reader typed', {}, async (page, site) => {
    await visit(page, site, 'one/');
    await choose(page, 'eu-1');
    await type(page, 'HOST', 'node7');
    await choose(page, 'eu-2');
    const problems = same('Berlin', await values(page), ['eu-2', 'environments/eu 2/hosts', '', 'node7']);
    problems.push(...same('a value with a space is one word', (await places(page))[1], `"'environments/eu 2/hosts'"`));
    await type(page, 'OS_CLOUD', 'eu-9');
    problems.push(...same('note', await note(page), 'Other than in this choice: OS_CLOUD'));
    const copied = await log(page);
    if (!copied.includes('\n- Region: `eu-2`; Other than in this choice: OS\\_CLOUD\n')) problems.push(`no difference in ${copied}`);
    await choose(page, '');
    problems.push(...same('none', [await values(page), await hash(page), await note(page)], [['eu-9', '', '', 'node7'], '', '']));
    return problems;
  }],
  ['a link or an alert chooses a region, but takes no place of a choice or a value of the reader', {}, async (page, site) => {
    await visit(page, site, 'one/#verify&region=eu-2&HOST=node7');
    const problems = same('link', [await values(page), await select(page).inputValue()], [['eu-2', 'environments/eu 2/hosts', '', 'node7'], 'eu-2']);
    problems.push(...same('stored', await page.evaluate(() => JSON.stringify({ ...localStorage }).includes('eu-2')), false));
    await page.evaluate(() => (location.hash = '#region=eu-1'));
    await page.waitForFunction(() => document.getElementById('ob-value-OS_CLOUD').value === 'eu-1');
    problems.push(...same('another link', await values(page), [...FRANKFURT.slice(0, 3), 'node7']));
    await choose(page, 'eu-2');
    await page.evaluate(() => (location.hash = '#region=eu-1'));
    await page.locator('.ob-choice .ob-value-note button').waitFor();
    problems.push(...same('the choice stays', (await values(page)).slice(0, 3), BERLIN.slice(0, 3)));
    await press(page, '.ob-choice .ob-value-note button');
    problems.push(...same('until a click', [(await values(page)).slice(0, 3), await hash(page), await note(page)], [FRANKFURT.slice(0, 3), '#region=eu-1', '']));
    for (const odd of ['region=eu-3', 'region=', 'region=%E0%A4', 'region=<img%20src=x%20onerror=alert(1)>', 'REGION=eu-2', 'region']) {
      await page.evaluate((odd) => (location.hash = odd), odd);
      await page.evaluate(() => new Promise((done) => setTimeout(done, 20)));
      problems.push(...same(odd, (await values(page)).slice(0, 3), FRANKFURT.slice(0, 3)));
    }
    return problems;
  }],
  ['an alert brings its host and its region', {}, async (page, site) => {
    await visit(page, site, 'one/#alert=ApiDown&host=node7&region=eu-2&gateway=198.51.100.1');
    await page.locator('.ob-alert li').first().waitFor();
    await page.waitForFunction(() => document.getElementById('ob-value-OS_CLOUD').value === 'eu-2');
    return same('values', await values(page), ['eu-2', 'environments/eu 2/hosts', '198.51.100.1', 'node7']);
  }],
  ['another runbook offers the region; start again clears it, and undo brings it back', {}, async (page, site) => {
    await visit(page, site, 'one/');
    await choose(page, 'eu-1');
    await visit(page, site, 'two/');
    const offered = await note(page);
    const problems = offered.includes('Frankfurt') && offered.includes('Runbook one') ? [] : [`offered: ${offered}`];
    problems.push(...same('only offered', await values(page, ['HOST', 'OS_CLOUD']), ['', '']));
    await press(page, '.ob-choice .ob-value-note button');
    problems.push(...same('taken', [await values(page, ['HOST', 'OS_CLOUD']), await hash(page)], [['', 'eu-1'], '#region=eu-1']));
    await press(page, '.ob-restart');
    problems.push(...same('cleared', [await values(page, ['OS_CLOUD']), await select(page).inputValue(), await hash(page)], [[''], '', '']));
    await press(page, '.ob-undo');
    problems.push(...same('brought back', [await values(page, ['OS_CLOUD']), await select(page).inputValue(), await hash(page)], [['eu-1'], 'eu-1', '#region=eu-1']));
    return problems;
  }],
  ['without scripts the regions are a table', { javaScriptEnabled: false }, async (page, site) => {
    await page.goto(`${site.url}runbooks/one/`);
    await page.locator('.ob-sets > summary').click();
    const text = (await page.locator('.ob-sets').innerText()).replace(/\s+/g, ' ');
    const wanted = 'Region: all values Frankfurt eu-1 OS_CLOUD eu-1 INVENTORY environments/eu-1/hosts GATEWAY 192.0.2.1 Berlin eu-2 OS_CLOUD eu-2 INVENTORY environments/eu 2/hosts';
    return [...same('table', text, wanted), ...same('choice', await select(page).isVisible(), false), ...same('sideways', await sideways(page), 0)];
  }],
  ['a page without sets loads nothing of them', {}, async (page, site) => {
    const asked = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`${site.url}runbooks/none/`, { waitUntil: 'networkidle' });
    return same('asked', asked.filter((url) => url.includes('value-sets')), []);
  }],
  ['forbidden storage spoils nothing', {}, async (page, site) => {
    await page.addInitScript(() => Object.defineProperty(window, 'localStorage', { get: () => { throw new DOMException('no', 'SecurityError'); } }));
    await visit(page, site, 'one/');
    await choose(page, 'eu-1');
    return same('values', await values(page), FRANKFURT);
  }],
  ['beside the text nothing moves when the choice comes', { viewport: { width: 1440, height: 900 } }, async (page, site) => {
    await page.addInitScript(shifts);
    await visit(page, site, 'one/');
    return still(page);
  }],
  ...[360, 1440].flatMap((width) => ['light', 'dark'].map((colorScheme) => [`a chosen region at ${width} px, ${colorScheme}, is accessible`, { viewport: { width, height: 900 }, colorScheme }, async (page, site) => {
    await visit(page, site, 'one/');
    await choose(page, 'eu-1');
    await type(page, 'OS_CLOUD', 'eu-9');
    await open(page, true);
    return [...(await violations(page)), ...same('sideways', await sideways(page), 0)];
  }])),
];
