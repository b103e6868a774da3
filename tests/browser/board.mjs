// The board of a lean coffee, as moderators use it: with the keyboard, with a mouse, on a phone, and without scripts.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { playScenes, same, sideways, violations } from './scenes.mjs';

const COFFEE = `---
title: Coffee
kind: lean-coffee
date: 2026-11-09
topics:
  - {title: "Broker *and* clients", votes: 2, state: to-discuss}
  - {title: "<img src=x onerror=alert(1)>", votes: 5, state: to-discuss}
  - {title: Locks, votes: 1, state: discussed}
---
# Coffee, 2026-11-09

Nothing was said.
`;

async function writeBoard(folder) {
  await mkdir(join(folder, 'content'));
  await writeFile(join(folder, 'book.toml'), '[book]\ntitle = "Board"\n');
  await writeFile(join(folder, 'content/_index.md'), '# Home\n');
  await writeFile(join(folder, 'content/coffee.md'), COFFEE);
}

/** Builds a handbook with a session and works with its board. */
export function boardSession(browser, binary, report) {
  return playScenes(browser, binary, report, { name: 'board', usual: { viewport: { width: 1000, height: 740 } }, write: writeBoard, checks: CHECKS });
}

/** The topics of each column that has some, in their order. */
const columns = (page) =>
  page.locator('.ob-board-columns > div').evaluateAll((all) =>
    all.map((column) => [column.querySelector('h4').firstChild.textContent.trim(), ...[...column.querySelectorAll('li')].map((card) => card.dataset.title)]).filter(({ length }) => length > 1),
  );
const card = (page, title) => page.locator('.ob-board-columns li').filter({ hasText: title });
const said = (page, text) => page.waitForFunction((text) => document.getElementById('ob-status').textContent === text, text);

const HOSTILE = '<img src=x onerror=alert(1)>';
const FIRST = [['To discuss', HOSTILE, 'Broker *and* clients'], ['Discussed', 'Locks']];

const CHECKS = [
  ['topics stand in their columns, those with the most votes first', {}, async (page, { url }) => {
    await page.goto(`${url}coffee/`);
    return [...same('columns', await columns(page), FIRST), ...(await violations(page))];
  }],
  ['the keyboard moves a topic, votes, and keeps the focus', {}, async (page, { url }) => {
    await page.goto(`${url}coffee/`);
    await card(page, 'Broker').getByRole('button', { name: 'One vote more' }).focus();
    for (const key of ['+', '+', '+', '+', '-', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
    await said(page, 'Broker *and* clients: Discussed');
    const focus = await page.evaluate(() => document.activeElement.closest('li')?.dataset.title);
    const problems = [...same('focus', focus, 'Broker *and* clients'), ...same('columns', await columns(page), [['To discuss', HOSTILE], ['Discussed', 'Broker *and* clients', 'Locks']])];
    await page.reload();
    problems.push(...same('after a reload', (await columns(page))[1], ['Discussed', 'Broker *and* clients', 'Locks']));
    await page.getByRole('button', { name: 'Topics of the page again' }).click();
    return [...problems, ...same('reset', await columns(page), FIRST)];
  }],
  ['a new topic is added, and the board is copied as Markdown', {}, async (page, { url }) => {
    await page.goto(`${url}coffee/`);
    await page.getByLabel('New topic').fill('A | pipe');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Copy as Markdown' }).click();
    await said(page, 'Copied the board');
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    const wanted = ['| Topic | Votes | State |', '| --- | --- | --- |', '| \\<img src=x onerror=alert(1)\\> | 5 | To discuss |', '| Broker \\*and\\* clients | 2 | To discuss |', '| Locks | 1 | Discussed |', '| A \\| pipe | 0 | To discuss |', ''];
    return same('copied', copied.split('\n'), wanted);
  }],
  ['what is stored is checked', {}, async (page, { url }) => {
    await page.goto(`${url}coffee/`);
    const problems = [];
    const key = await page.evaluate(() => `opsbook-board ${location.pathname} topics`);
    for (const state of ['no JSON', '{}', '7', '[7, null, {"title": "", "votes": 1, "state": "discussed"}]', '[{"title": "A", "votes": 1e9, "state": "discussed"}]', '[{"title": "A", "votes": 1, "state": "__proto__"}]']) {
      await page.evaluate(([key, state]) => localStorage.setItem(key, state), [key, state]);
      await page.reload();
      problems.push(...same(state, await columns(page), FIRST));
    }
    return problems;
  }],
  ['the timer counts down and says when time is up', {}, async (page, { url }) => {
    await page.clock.install();
    await page.goto(`${url}coffee/`);
    await page.getByLabel('Minutes').fill('1');
    await page.getByRole('button', { name: 'Start the timer' }).click();
    await page.clock.runFor(30_000);
    const problems = same('half', await page.locator('.ob-board output').textContent(), '0:30');
    await page.clock.runFor(31_000);
    return [...problems, ...same('over', await page.locator('.ob-board output').textContent(), 'Time is up: go on, or the next topic?')];
  }],
  ['it fits a phone', { viewport: { width: 360, height: 740 } }, async (page, { url }) => {
    await page.goto(`${url}coffee/`);
    return [...same('to the side', await sideways(page), 0), ...same('columns', await columns(page), FIRST)];
  }],
  ['dark pages can be read', { colorScheme: 'dark' }, async (page, { url }) => {
    await page.goto(`${url}coffee/`);
    return violations(page);
  }],
  ['without scripts the topics are a table', { javaScriptEnabled: false }, async (page, { url }) => {
    await page.goto(`${url}coffee/`);
    const rows = await page.locator('tbody tr td:first-child').allTextContents();
    return [...same('rows', rows, [HOSTILE, 'Broker *and* clients', 'Locks']), ...same('board', await page.locator('.ob-board').count(), 0)];
  }],
  ['other pages load neither its script nor its style', {}, async (page, { url }) => {
    await page.goto(url);
    return same('loaded', await page.locator('[src*="/board."], [href*="/board."]').count(), 0);
  }],
];
