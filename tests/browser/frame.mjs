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

const CHECKS = [
  ['a runbook without commands begins with its symptom, also below an announcement', {}, at([320, 360, 414], async (page, { url }) => {
    await page.goto(`${url}still/`);
    const { top, banner, glance } = await page.evaluate(() => ({
      top: document.querySelector('.ob-prose h2').getBoundingClientRect().top,
      banner: document.querySelector('.ob-banner').getBoundingClientRect().height,
      glance: getComputedStyle(document.querySelector('.ob-glance')).display,
    }));
    return [...(top <= 300 ? [] : [`the symptom is at ${top} px`]), ...(banner <= 44 ? [] : [`the announcement is ${banner} px high`]), ...same('head', glance, 'flex'), ...same('sideways', await sideways(page), 0), ...(await violations(page))];
  })],
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
