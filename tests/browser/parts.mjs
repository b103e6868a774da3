// Parts of a page: tabs, steps and cards, as readers with a keyboard, with a mouse and without scripts use them.

import { writeParts } from './parts-fixture.mjs';
import { fill } from './runbook.mjs';
import { playScenes, same, shifts, sideways, still, violations } from './scenes.mjs';

/** Builds a handbook with all parts and works with them. */
export function partsSession(browser, binary, report) {
  const prepare = (context) => context.addInitScript(shifts);
  return playScenes(browser, binary, report, { name: 'parts', usual: { viewport: { width: 1000, height: 740 } }, write: writeParts, checks: CHECKS, prepare });
}

const focused = (page) => page.evaluate(() => document.activeElement.textContent.trim());
const open = (page) => page.locator('.tab:visible').evaluateAll((all) => all.filter((tab) => !tab.hasAttribute('hidden')).map((tab) => tab.innerText.trim().split('\n')[0]));
const chosen = (page) => page.locator('[role=tab][aria-selected=true]').allTextContents();
const said = (page) => page.waitForFunction(() => document.getElementById('ob-status').textContent).then((handle) => handle.jsonValue());

/** Presses Tab until something with a text has the focus. */
async function reach(page, text) {
  for (let step = 0; step < 80 && (await focused(page)) !== text; step += 1) await page.keyboard.press('Tab');
  return same('reached', await focused(page), text);
}

const CHECKS = [
  ['tabs show one section, and nothing moves', {}, async (page, { url }) => {
    await page.goto(`${url}parts/`, { waitUntil: 'networkidle' });
    const tabs = page.locator('.tabs').first().locator('[role=tab]');
    const panels = await page.locator('[role=tab]').evaluateAll((all) => all.map((tab) => document.getElementById(tab.getAttribute('aria-controls'))?.getAttribute('role')));
    return [
      ...same('names', await tabs.allTextContents(), ['Ubuntu', 'Fedora', 'Staff Internal']),
      ...same('open', await open(page), ['Words about Ubuntu.', 'Debian again.']),
      ...same('panels', panels, Array(5).fill('tabpanel')),
      ...same('steps', await page.locator('.steps > ol > li').evaluateAll((all) => all.map((item) => getComputedStyle(item, '::before').content)), ['counter(list-item)', 'counter(list-item)']),
      ...(await still(page)),
      ...(await violations(page)),
    ];
  }],
  ['tabs are used with the keyboard alone', {}, async (page, { url }) => {
    await page.goto(`${url}parts/`);
    const problems = await reach(page, 'Ubuntu');
    for (const [key, want] of [['ArrowRight', 'Fedora'], ['ArrowRight', 'Staff Internal'], ['ArrowRight', 'Ubuntu'], ['ArrowLeft', 'Staff Internal'], ['Home', 'Ubuntu'], ['End', 'Staff Internal'], ['ArrowLeft', 'Fedora']]) {
      await page.keyboard.press(key);
      problems.push(...same(key, [await focused(page), (await chosen(page))[0]], [want, want]));
    }
    problems.push(...same('elsewhere', await open(page), ['Words about Fedora, a zebra among them.', 'Fedora again.']));
    await page.keyboard.press('Tab');
    problems.push(...same('then', await page.evaluate(() => document.activeElement.getAttribute('role')), 'tabpanel'));
    return [...problems, ...(await violations(page))];
  }],
  ['a chosen name holds on other pages, in this browser', {}, async (page, { url }) => {
    await page.goto(`${url}parts/`);
    const tab = page.getByRole('tab', { name: 'Fedora' }).last();
    await tab.scrollIntoViewIfNeeded();
    const before = await tab.boundingBox();
    await tab.click();
    const after = await tab.boundingBox();
    const problems = same('the tab stays in its place', Math.round(after.y - before.y), 0);
    await page.goto(`${url}next/`, { waitUntil: 'networkidle' });
    problems.push(...same('next page', (await chosen(page)).slice(0, 2), ['Fedora', 'x']), ...(await still(page)));
    for (const state of ['no JSON', '{}', '7', 'null', '[7, null, {"a": 1}, "__proto__"]', `["${'x'.repeat(9000)}", "Debian"]`]) {
      await page.evaluate((state) => localStorage.setItem('opsbook-tabs', state), state);
      await page.reload();
      problems.push(...same(state.slice(0, 40), (await chosen(page))[0], 'Debian'));
    }
    return problems;
  }],
  ['a link into a hidden section opens it', {}, async (page, { url }) => {
    await page.goto(`${url}parts/#deep`);
    const problems = same('from outside', await chosen(page), ['Fedora', 'Debian']);
    problems.push(...same('in sight', await page.locator('#deep').evaluate((heading) => heading.getBoundingClientRect().top >= 0 && heading.getBoundingClientRect().top < innerHeight), true));
    await page.goto(`${url}parts/`);
    await page.getByRole('link', { name: 'Fedora', exact: true }).click();
    problems.push(...same('to the name of a tab', await chosen(page), ['Fedora', 'Debian']));
    await page.goto(`${url}next/#inner`);
    problems.push(...same('in tabs in tabs', (await chosen(page)).slice(0, 2), ['Fedora', 'y']));
    await page.goto('about:blank');
    await page.goto(`${url}next/#%E0%A4%A`);
    return [...problems, ...same('no address', (await chosen(page))[0], 'Debian')];
  }],
  ['names are only ever text', {}, async (page, { url }) => {
    await page.goto(`${url}next/`);
    const names = (await page.locator('[role=tab]').allTextContents()).slice(4);
    return [
      ...same('names', names, [`"quoted' & <b>code</b>`, '__proto__', '${alert(1)} {{ 7 * 7 }}']),
      ...same('elements', await page.locator('.tabs :is(img, script, b, [onerror])').count(), 0),
      ...(await violations(page)),
    ];
  }],
  ['without scripts tabs are sections with headings', { javaScriptEnabled: false }, async (page, { url }) => {
    await page.goto(`${url}parts/#tab-fedora`);
    const headings = await page.locator('.ob-prose :is(h2, h3)').allTextContents();
    return [
      ...same('headings', headings, ['Install', 'Ubuntu', 'Fedora', 'Deep', 'Staff Internal', 'Again', 'Debian', 'Fedora', 'Steps', 'Cards', 'Long', 'Short', 'Last']),
      ...same('sections', await page.locator('.tab:visible').count(), 5),
      ...same('rows of tabs', await page.locator('[role=tablist]').count(), 0),
    ];
  }],
  ['on paper every section stands beneath its name', {}, async (page, { url }) => {
    await page.goto(`${url}parts/`);
    await page.emulateMedia({ media: 'print' });
    const heights = await page.locator('.tab').evaluateAll((all) => all.filter((tab) => tab.offsetHeight > 30).length);
    return [...same('sections', heights, 5), ...same('names', await page.locator('.tab-name:visible').count(), 5), ...same('rows', await page.locator('.tab-list:visible').count(), 0)];
  }],
  ['steps of a runbook are ticked, tabs in them or not', {}, async (page, { url }) => {
    await page.goto(`${url}runbooks/restart/`);
    await page.getByRole('tab', { name: 'Fedora' }).click();
    await page.locator('.ob-tick').nth(1).check();
    await page.reload();
    return [
      ...same('ticks', await page.locator('.ob-tick').evaluateAll((all) => all.map((box) => box.checked)), [false, true]),
      ...same('tab', await chosen(page), ['Fedora']),
      ...(await violations(page)),
    ];
  }],
  ['a register is sorted with the keyboard, and filtered', {}, async (page, { url }) => {
    await page.goto(`${url}registers/actions/`, { waitUntil: 'networkidle' });
    const column = (name) => page.locator(name === 'Due' ? 'tbody time' : 'tbody th a').allTextContents();
    const problems = [...(await still(page)), ...(await reach(page, 'Action'))];
    const before = await column('Action');
    const numbers = (texts) => texts.map((text) => Number(text.split(' ')[1]));
    const upwards = Array.from({ length: 16 }, (_, at) => at);
    await page.keyboard.press('Enter');
    problems.push(...same('said', await said(page), 'Sorted by Action, ascending'), ...same('upwards', numbers(await column('Action')), upwards));
    await page.keyboard.press(' ');
    problems.push(...same('downwards', numbers(await column('Action')), upwards.toReversed()));
    problems.push(...same('told', await page.locator('th[aria-sort=descending]').allTextContents(), ['Action']), ...same('focus', await focused(page), 'Action'));
    await page.keyboard.press('Enter');
    problems.push(...same('as before', await column('Action'), before));
    await page.locator('.ob-group thead button', { hasText: 'Due' }).click();
    const days = await column('Due');
    problems.push(...same('days', days, days.toSorted()), ...(await violations(page)));
    await page.getByRole('searchbox').fill(' 2026-12-28  ÁCTION');
    problems.push(...same('left', await page.locator('.ob-group tbody tr:visible').count(), 1), ...same('counted', await page.locator('.ob-rows [role=status]').textContent(), '1 of 16 rows'));
    await page.getByRole('searchbox').fill('');
    return [...problems, ...same('all again', await page.locator('.ob-group tbody tr:visible').count(), 16)];
  }],
  ['what a register is filtered and sorted by stands in its address', {}, async (page, { url }) => {
    await page.goto(`${url}registers/actions/?owner=%40night&sort=-due&state=nonsense&__proto__=x`, { waitUntil: 'networkidle' });
    const rows = () => page.locator('.ob-group tbody tr:visible');
    const days = await page.locator('.ob-group tbody tr:visible time').allTextContents();
    const address = () => new URL(page.url()).search;
    const status = page.locator('.ob-rows [role=status]');
    const problems = [
      ...same('left', [await rows().count(), await status.textContent()], [4, '4 of 16 rows']),
      ...same('days', days, days.toSorted().reverse()),
      ...same('told', await page.locator('th[aria-sort=descending]').allTextContents(), ['Due']),
      ...same('options', await page.getByRole('combobox', { name: 'Owner' }).locator('option').allTextContents(), ['all', '@Night (4)', '@team (12)']),
    ];
    problems.push(...(await reach(page, 'Show all')));
    await page.keyboard.press('Enter');
    problems.push(...same('all', [await rows().count(), address(), await status.textContent()], [16, '', '']));
    await page.getByRole('combobox', { name: 'Owner' }).focus();
    await page.keyboard.type('@t');
    problems.push(...same('by keyboard', [await rows().count(), address()], [12, '?owner=%40team']));
    await page.getByRole('searchbox').fill('2026-12-27');
    problems.push(...same('both', [await rows().count(), address()], [1, '?q=2026-12-27&owner=%40team']));
    await page.reload({ waitUntil: 'networkidle' });
    problems.push(...same('kept', [await page.getByRole('searchbox').inputValue(), await rows().count()], ['2026-12-27', 1]));
    await page.getByRole('searchbox').fill('nothing has this');
    return [...problems, ...same('none', [await page.locator('.ob-group:visible').count(), await status.textContent()], [0, '0 of 16 rows']), ...(await violations(page))];
  }],
  ['on a narrow screen a register is sorted from a list, with the keyboard', { viewport: { width: 360, height: 740 } }, async (page, { url }) => {
    await page.goto(`${url}registers/actions/`, { waitUntil: 'networkidle' });
    const list = page.getByRole('combobox', { name: 'Order', exact: true });
    const days = () => page.locator('.ob-group tbody time').allTextContents();
    const before = await days();
    const problems = [...(await still(page)), ...same('heads', await page.locator('.ob-group thead').isVisible(), false)];
    const { height } = await list.boundingBox();
    problems.push(...(height >= 24 ? [] : [`a target ${height} px high`]), ...same('sideways', await sideways(page), 0));
    for (let step = 0; step < 80 && !(await list.evaluate((list) => list === document.activeElement)); step += 1) await page.keyboard.press('Tab');
    await page.keyboard.type('Due, asc');
    problems.push(...same('said', await said(page), 'Sorted by Due, ascending'), ...same('upwards', await days(), before.toSorted()));
    await page.keyboard.press('ArrowDown');
    problems.push(...same('downwards', await days(), before.toSorted().reverse()), ...(await violations(page)));
    await page.setViewportSize({ width: 1000, height: 740 });
    problems.push(...same('told by the head', await page.locator('th[aria-sort=descending]').allTextContents(), ['Due']), ...same('the list', await list.isVisible(), false));
    await page.locator('.ob-group thead button', { hasText: 'Due' }).click();
    await page.setViewportSize({ width: 360, height: 740 });
    problems.push(...same('as before', await days(), before), ...same('chosen', await list.inputValue(), ''));
    await page.emulateMedia({ media: 'print' });
    return [...problems, ...same('on paper', await list.isVisible(), false)];
  }],
  ['a register reads without scripts', { javaScriptEnabled: false }, async (page, { url }) => {
    await page.goto(`${url}registers/actions/`);
    return [...same('rows', await page.locator('.ob-group tbody tr').count(), 16), ...same('field', await page.locator('.ob-rows').isVisible(), false), ...same('narrow', (await page.setViewportSize({ width: 360, height: 740 }), await page.locator('.ob-rows').isVisible()), false), ...same('keys', await page.locator('#ob-keys').isVisible(), false)];
  }],
  ['pictures open in full with the keyboard, and give the focus back', {}, async (page, { url }) => {
    await page.goto(`${url}parts/`, { waitUntil: 'networkidle' });
    const problems = [];
    for (const picture of ['.ob-prose img', '.ob-enlarge']) {
      await page.locator(picture).focus();
      await page.keyboard.press('Enter');
      const shown = page.locator('dialog[open]');
      const width = await shown.locator('img, svg').first().evaluate((element) => element.getBoundingClientRect().width);
      problems.push(...(width > 100 ? [] : [`${picture} is ${width} wide`]), ...same('focus in it', await focused(page), 'Close'), ...(await violations(page)));
      await page.keyboard.press('Escape');
      problems.push(...same('closed', await shown.count(), 0), ...same('focus back', await page.locator(picture).evaluate((element) => element === document.activeElement), true));
    }
    return [...problems, ...same('the drawing is back', await page.locator('figure.diagram svg').count(), 1), ...(await still(page))];
  }],
  ['a link to a section is copied, and that is said', {}, async (page, { url }) => {
    await page.goto(`${url}parts/`);
    await page.locator('#steps a.anchor').focus();
    await page.keyboard.press('Enter');
    const text = await said(page);
    return [...same('said', text, 'Copied the link to this section'), ...same('copied', await page.evaluate(() => navigator.clipboard.readText()), `${url}parts/#steps`), ...same('address', page.url(), `${url}parts/#steps`)];
  }],
  ['? lists the keys of the page', {}, async (page, { url }) => {
    await page.goto(`${url}parts/`);
    await page.keyboard.press('?');
    const keys = await page.locator('dialog[open] dd').allTextContents();
    const problems = [...same('of tabs', keys.includes('move between tabs'), true), ...same('of registers', keys.some((text) => text.includes('column')), false), ...(await violations(page))];
    await page.keyboard.press('Escape');
    problems.push(...same('closed', await page.locator('dialog[open]').count(), 0));
    await page.goto(`${url}runbooks/restart/`);
    await page.locator('.ob-sheet > summary').click();
    await page.locator('#ob-value-HOST').press('?');
    problems.push(...same('typed', await page.locator('#ob-value-HOST').inputValue(), '?'), ...same('while writing', await page.locator('dialog[open]').count(), 0));
    await page.keyboard.press('Escape');
    await page.locator('#ob-keys').click();
    return [...problems, ...same('of steps', (await page.locator('dialog[open] dd').allTextContents()).includes('tick a step'), true)];
  }],
  ['the list of headings follows the reader', {}, async (page, { url }) => {
    await page.setViewportSize({ width: 1300, height: 700 });
    await page.goto(`${url}parts/`);
    const here = (text) => page.waitForFunction((text) => document.querySelector('.ob-outline [aria-current]')?.textContent === text, text).then(() => [], () => page.locator('.ob-outline [aria-current]').allTextContents().then((got) => same('section', got, [text])));
    await page.locator('.ob-outline a', { hasText: 'Short' }).click();
    const problems = await here('Short');
    await page.mouse.move(400, 300);
    await page.mouse.wheel(0, 5000);
    problems.push(...(await here('Last')));
    await page.locator('#steps').evaluate((heading) => scrollTo(0, heading.getBoundingClientRect().top + scrollY - 20));
    return [...problems, ...(await here('Steps'))];
  }],
  ['no pattern makes the page wait, and each means what it says', {}, async (page, { url }) => {
    await page.goto(`${url}runbooks/restart/`);
    const problems = [];
    const tries = { SLOW: [['a'.repeat(199), false], ['aab', true], ['b', false]], PLACE: [['r12-s3', true], ['r123-s', false], ['ü😀-s', true], ['ü-s', false], ['rr-s', false], ['r1-s٣', false], ['xr1-s', false]] };
    const start = Date.now();
    for (const [name, values] of Object.entries(tries)) {
      for (const [value, valid] of values) {
        await fill(page, name, value);
        problems.push(...same(`${name} ${value}`, await page.locator(`#ob-value-${name}`).getAttribute('aria-invalid'), String(!valid)));
      }
    }
    return Date.now() - start < 4_000 ? problems : [...problems, `it took ${Date.now() - start} ms`];
  }],
  ['search, form and steps are used with the keyboard alone', {}, async (page, { url }) => {
    await page.goto(`${url}`);
    await page.keyboard.press('/');
    await page.keyboard.type('restart');
    await page.locator('[role=option][aria-selected=true]', { hasText: 'Restart it' }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(`${url}runbooks/restart/**`);
    const at = (selector) => page.evaluate((selector) => document.activeElement.matches(selector), selector);
    for (let step = 0; step < 60 && !(await at('.ob-sheet > summary')); step += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    for (let step = 0; step < 5 && !(await at('[name=HOST]')); step += 1) await page.keyboard.press('Tab');
    await page.keyboard.type('node7');
    const problems = same('value', await page.locator('var[data-var=HOST]').first().textContent(), 'node7');
    for (let step = 0; step < 60 && (await page.evaluate(() => document.activeElement.className)) !== 'ob-tick'; step += 1) await page.keyboard.press('Tab');
    await page.keyboard.press(' ');
    problems.push(...same('ticked', await page.locator('.ob-tick').first().isChecked(), true));
    // What is done is folded: its button unfolds it.
    for (const name of ['ob-more', 'ob-copy']) {
      if (name === 'ob-copy') await page.keyboard.press('Enter');
      for (let step = 0; step < 5 && (await page.evaluate(() => document.activeElement.className)) !== name; step += 1) await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await page.locator('.ob-copy[data-state=done]').waitFor();
    return [...problems, ...same('copied', (await page.evaluate(() => navigator.clipboard.readText())).split(' ').slice(0, 3), ['ssh', 'node7', 'stop'])];
  }],
  ['feedback knows the page', {}, async (page, { url }) => {
    await page.goto(`${url}parts/`);
    const link = new URL(await page.getByRole('link', { name: 'Report a problem with this page' }).getAttribute('href'));
    return [
      ...same('where', `${link.origin}${link.pathname}`, 'https://git.example/ops/-/issues/new'),
      ...same('title', link.searchParams.get('issue[title]'), 'Page “Parts”'),
      ...same('body', link.searchParams.get('issue[description]').split('\r\n').slice(0, 2), ['Page: /parts/', 'Source: content/parts.md']),
    ];
  }],
  ['a long table scrolls beneath its head, and on paper it does not', {}, async (page, { url }) => {
    await page.goto(`${url}next/`);
    const table = page.locator('.table').first();
    await table.focus();
    await page.keyboard.press('End');
    await page.waitForFunction(() => document.querySelector('.table').scrollTop > 300);
    const apart = await table.evaluate((frame) => frame.querySelector('th').getBoundingClientRect().top - frame.getBoundingClientRect().top);
    await page.emulateMedia({ media: 'print' });
    const cut = await table.evaluate((frame) => frame.scrollHeight > frame.clientHeight + 2);
    return [...same('the head', Math.round(apart), 0), ...same('cut off', cut, false)];
  }],
];
