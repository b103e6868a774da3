// The frame of pages with as much in it as settings allow: a wide logo, five links, a long announcement; and what stands in
// it first, on a runbook without commands, on registers and on a home page with one figure.

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { playScenes, same, shifts, sideways, still, violations } from './scenes.mjs';

const LINKS = ['Status', 'Wiki', 'Portal', 'Tickets', 'Timetable'];
const SECTIONS = ['Symptom', 'Impact', 'Diagnose', 'Verify', 'Escalate'];
const ACTIONS = Array.from({ length: 8 }, (_, at) => (at % 2 ? `- AI @ops write page ${at}` : `- ~~AI @ops write page ${at}~~ done`));

const FILES = {
  'book.toml': `[book]
title = "The operations handbook of Example Cloud"
[brand]
logo = "brand/logo.svg"
header_links = [${LINKS.map((text) => `{ text = "${text}", to = "https://${text.toLowerCase()}.example.org/" }`).join(', ')}]
[banner]
text = "Tonight from 20:00 to 22:00 UTC the portal can only be read, because its database moves to another region."
level = "warning"
`,
  'content/brand/logo.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="30" viewBox="0 0 240 30"><rect width="240" height="30" fill="#5b2c91"/></svg>\n',
  'content/_index.md': '# Home\n\nWords.\n',
  'content/still.md': `---\ntitle: A host stands still\nkind: runbook\nowner: Operations\nalerts: [HostStandsStill]\nreviewed: 2026-11-01\n---\n\n${SECTIONS.map((name) => `## ${name}\n\nWords about it.\n`).join('\n')}`,
  'content/answer.md': '---\ntitle: Why does the turbine hum\nkind: faq\nowner: Operations\n---\n\n# Why does the turbine hum\n\nIt is old.\n',
  'content/steps/_index.md': '# Steps\n',
  ...Object.fromEntries([1, 2, 10, 11].map((number) => [`content/steps/s${number}.md`, `# Step ${number}\n\nWords.\n`])),
  'content/tasks/_index.md': '---\ntitle: Tasks\ngroup_by: layer\n---\n',
  ...Object.fromEntries(['hardware', 'iaas'].flatMap((layer) => [1, 2].map((number) => [`content/tasks/${layer}-${number}.md`, `---\ntitle: Task ${layer} ${number}\nlayer: [${layer}]\nkind: faq\nowner: Operations\n---\n\n# Task ${layer} ${number}\n\nWords.\n`]))),
  'content/2026-11-02.md': `---\nkind: minutes\n---\n\n# 2026-11-02\n\n${ACTIONS.join('\n')}\n`,
};

async function write(root) {
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

export async function frameSession(browser, binary, report) {
  await playScenes(browser, binary, report, { name: 'frame', usual: {}, write, checks: CHECKS });
}

/** Plays at each width; problems name it. */
const at = (widths, play) => async (page, site) => {
  const problems = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    problems.push(...(await play(page, site, width)).map((problem) => `${width} px: ${problem}`));
  }
  return problems;
};

/** Which groups of the sidebar are open. */
const openGroups = (page) => page.locator('.ob-group-fold[open] > summary').evaluateAll((all) => all.map((summary) => summary.firstChild.data.trim()));
const group = (page, name) => page.locator('.ob-group-fold > summary', { hasText: name });

const CHECKS = [
  ['groups of the sidebar fold, stay as the reader left them, and show the current page', {}, async (page, { url }) => {
    await page.goto(`${url}tasks/hardware-1/`);
    const problems = same('at first', await openGroups(page), ['Hardware']);
    await group(page, 'IaaS').click();
    await page.goto(`${url}tasks/hardware-2/`);
    problems.push(...same('opened', await openGroups(page), ['Hardware', 'IaaS']), ...(await violations(page)), ...same('sideways', await sideways(page), 0));
    await group(page, 'Hardware').focus();
    await page.keyboard.press('Enter');
    problems.push(...same('folded', [await openGroups(page), await page.locator('.ob-nav [aria-current]').isVisible()], [['IaaS'], false]));
    await page.goto(`${url}tasks/iaas-1/`);
    problems.push(...same('elsewhere', await openGroups(page), ['IaaS']));
    await page.goto(`${url}tasks/hardware-1/`);
    problems.push(...same('the current page is in sight', await page.locator('.ob-nav [aria-current]').isVisible(), true));
    const section = page.getByLabel('Pages of Tasks');
    await section.click();
    problems.push(...same('the section folds', await page.locator('.ob-nav [aria-current]').isVisible(), false));
    await section.click();
    return [...problems, ...same('and unfolds', await page.locator('.ob-nav [aria-current]').isVisible(), true)];
  }],
  ['remembered folds move nothing, however late the script of the page is', {}, async (page, { url }) => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(`${url}tasks/hardware-1/`);
    await group(page, 'IaaS').click();
    await page.addInitScript(shifts);
    // The page is painted before.
    await page.route('**/assets/page.*.js', (route) => new Promise((done) => setTimeout(done, 700)).then(() => route.continue()));
    await page.goto(`${url}tasks/hardware-2/`, { waitUntil: 'networkidle' });
    return [...same('open', await openGroups(page), ['Hardware', 'IaaS']), ...(await still(page))];
  }],
  ['sections and groups fold without scripts', { javaScriptEnabled: false }, async (page, { url }) => {
    await page.goto(`${url}tasks/hardware-1/`);
    await group(page, 'IaaS').click();
    const problems = same('open', await openGroups(page), ['Hardware', 'IaaS']);
    await page.getByLabel('Pages of Tasks').click();
    return [...problems, ...same('folded', await group(page, 'IaaS').isVisible(), false)];
  }],
  ...['none', 'active'].map((forcedColors) => [`kinds have an icon that nobody hears, forced colours: ${forcedColors}`, { forcedColors }, async (page, { url }) => {
    await page.goto(`${url}answer/`);
    const drawn = (selector) => page.locator(selector).first().evaluate((element) => {
      const { clipPath, width, backgroundColor } = getComputedStyle(element, '::before');
      return { clipPath, width, seen: backgroundColor !== getComputedStyle(document.documentElement).backgroundColor };
    });
    const [task, registers] = [await drawn('.ob-nav a[data-kind="faq"]'), await drawn('.ob-nav a[data-kind="registers"]')];
    const different = task.clipPath !== registers.clipPath && [task, registers].every(({ clipPath, width }) => clipPath.startsWith('path(') && width === '16px');
    return [...same('drawings', different, true), ...same('seen', [task.seen, registers.seen], [true, true]), ...same('name', await page.getByRole('link', { name: /^Tasks/ }).count(), 1)];
  }]),
  ['search shows the icon of a kind', {}, async (page, { url }) => {
    await page.goto(`${url}search/?q=turbine`, { waitUntil: 'networkidle' });
    return same('kind', await page.locator('.ob-result .ob-kind').first().getAttribute('data-kind'), 'faq');
  }],
  ['the owner of a page leads to what it owns', {}, async (page, { url }) => {
    await page.goto(`${url}still/`);
    await page.locator('.ob-owner').first().click();
    // Before the jump: after it a row may be half below the head of its table, which stays in sight.
    const problems = [...same('title', await page.locator('h1').textContent(), 'Operations'), ...(await violations(page))];
    const rows = await page.locator('section[aria-labelledby="pages"] tbody th a').allTextContents();
    await page.locator('.ob-stats a', { hasText: 'pages' }).click();
    problems.push(...same('its pages', rows.length, 6), ...same('address', new URL(page.url()).hash, '#pages'));
    return [...problems, ...same('sideways', await sideways(page), 0)];
  }],
  ['where a finger points, a row of a register is its title and one line', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }, async (page, { url }) => {
    await page.goto(`${url}registers/actions/`, { waitUntil: 'networkidle' });
    const heights = await page.locator('.ob-table tbody tr').evaluateAll((rows) => rows.map((row) => Math.round(row.getBoundingClientRect().height - row.cells[0].getBoundingClientRect().height)));
    const wrong = heights.filter((height) => height > 44);
    return [...(heights.length > 3 ? [] : [`only ${heights.length} rows`]), ...same('more lines', wrong, []), ...same('sideways', await sideways(page), 0)];
  }],
  ['a runbook without commands begins with its symptom, also below an announcement', {}, at([320, 360, 414], async (page, { url }) => {
    await page.goto(`${url}still/`);
    const { top, banner, glance } = await page.evaluate(() => ({
      top: document.querySelector('.ob-prose h2').getBoundingClientRect().top,
      banner: document.querySelector('.ob-banner').getBoundingClientRect().height,
      glance: getComputedStyle(document.querySelector('.ob-glance')).display,
    }));
    return [...(top <= 300 ? [] : [`the symptom is at ${top} px`]), ...(banner <= 44 ? [] : [`the announcement is ${banner} px high`]), ...same('head', glance, 'flex'), ...same('sideways', await sideways(page), 0), ...(await violations(page))];
  })],
  ['below the title a link leads back to the top, above what stays at the bottom', {}, at([360, 1280], async (page, { url }) => {
    await page.goto(`${url}steps/`);
    const link = page.locator('.ob-top');
    const problems = same('at the top', await link.isVisible(), false);
    await page.evaluate(() => document.querySelector('main').style.setProperty('padding-block-end', '4000px'));
    await page.mouse.wheel(0, 2_000);
    await link.waitFor({ state: 'visible' });
    const { width, height } = await link.boundingBox();
    await link.click();
    await page.waitForFunction(() => scrollY === 0);
    await link.waitFor({ state: 'hidden' });
    return [...problems, ...same('size', [width, height], [44, 44]), ...same('focus', await page.evaluate(() => document.activeElement.id), 'ob-skip')];
  })],
  ...[['UTC', '2027-05-02T00:30:00Z', 'yesterday'], ['Pacific/Kiritimati', '2027-05-01T23:30:00Z', 'today'], ['Pacific/Pago_Pago', '2027-03-01T00:00:00Z', 'in 2 months']].map(([timezoneId, now, words]) => [`a day says how far away it is: ${words}`, { timezoneId }, async (page, { url }) => {
    await page.clock.setFixedTime(new Date(now));
    await page.goto(`${url}still/`);
    const said = await page.locator('.ob-meta time[datetime="2027-05-01"]').first().evaluate((time) => [time.textContent, time.dataset.away, getComputedStyle(time, '::after').content.replaceAll('"', '')]);
    await page.goto(`${url}2026-11-02/`);
    const tips = await page.locator('.ob-strip time').evaluateAll((times) => times.map((time) => time.title !== ''));
    return [...same('among the facts', said, ['until 2027-05-01', words, ` · ${words}`]), ...same('in a tip elsewhere', tips, [true])];
  }]),
  ['an announcement begins where the content does', {}, at([360, 1280, 1440, 1920], async (page, { url }, width) => {
    await page.goto(`${url}answer/`);
    const [text, content] = await page.evaluate((width) => ['.ob-banner p', width < 1024 ? '.ob-content' : '.ob-brand'].map((selector) => document.querySelector(selector).getBoundingClientRect().left), width);
    return same('left', text, content);
  })],
  ['the header is one line', {}, at([1024, 1100, 1280, 1440], async (page, { url }) => {
    await page.goto(`${url}answer/`);
    const { height, tops } = await page.evaluate(() => ({
      height: document.querySelector('.ob-band').getBoundingClientRect().height,
      tops: [...new Set(Array.from(document.querySelectorAll('.ob-links a'), (link) => link.getBoundingClientRect().top))].length,
    }));
    const last = page.locator('.ob-links a').last();
    await last.focus();
    const [link, list] = [await last.boundingBox(), await page.locator('.ob-links').boundingBox()];
    const seen = link.x + link.width <= list.x + list.width + 1;
    return [...(height <= 64 ? [] : [`the band is ${height} px high`]), ...same('rows', tops, 1), ...same('the last link is seen', seen, true), ...same('sideways', await sideways(page), 0)];
  })],
  ['one figure alone is no wider than among others', {}, at([360, 1024, 1440, 1920], async (page, { url }) => {
    await page.goto(url);
    const widths = await page.locator('.ob-tile').evaluateAll((tiles) => tiles.map((tile) => Math.round(tile.getBoundingClientRect().width)));
    return widths.length > 0 && Math.max(...widths) <= 330 ? [] : [`tiles of ${widths} px`];
  })],
  ['a figure of nothing leads nowhere', {}, async (page, { url }) => {
    await page.goto(`${url}registers/actions/`, { waitUntil: 'networkidle' });
    const figures = await page.locator('.ob-stats li').evaluateAll((all) => all.map((figure) => [figure.querySelector('strong').textContent, Boolean(figure.querySelector('a'))]));
    const wrong = figures.filter(([count, isLink]) => count === '0' && isLink);
    return [...(figures.some(([count]) => count === '0') ? [] : ['no such figure']), ...same('links', wrong, [])];
  }],
  ['titles with numbers are in the order of their numbers', {}, async (page, { url }) => {
    await page.goto(`${url}steps/`);
    return same('order', await page.locator('.ob-listing a').allTextContents(), ['Step 1', 'Step 2', 'Step 10', 'Step 11']);
  }],
  ['search names kinds as the handbook does', {}, async (page, { url }) => {
    await page.goto(`${url}search/?q=turbine`, { waitUntil: 'networkidle' });
    return same('kind', await page.locator('.ob-result .ob-kind').first().textContent(), 'Questions and answers');
  }],
  ['on a phone a register begins with its rows, and nothing moves', {}, async (page, { url }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.addInitScript(shifts);
    await page.goto(`${url}registers/actions/`, { waitUntil: 'networkidle' });
    const { toolbar, row } = await page.evaluate(() => ({
      toolbar: document.querySelector('.ob-rows').getBoundingClientRect().height,
      row: document.querySelector('.ob-table tbody tr').getBoundingClientRect().top,
    }));
    return [...(toolbar <= 180 ? [] : [`the toolbar is ${toolbar} px high`]), ...(row <= 900 ? [] : [`the first row is at ${row} px`]), ...(await still(page))];
  }],
];
