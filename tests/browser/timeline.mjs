// The timeline of an analysis: marks and rows that lead to each other, and the replay.

import { same, sideways, violations } from './scenes.mjs';

const PAGE = 'rcas/2026-10-etcd-slow-disks/';
const WIDE = { viewport: { width: 1280, height: 860 } };
const NARROW = { viewport: { width: 320, height: 740 } };

const CHECKS = [
  ['a mark leads to its row and the row back, without a script', { ...WIDE, javaScriptEnabled: false }, async (page) => {
    await page.locator('#ob-mark-7').click();
    const row = await inView(page, '#ob-row-7');
    const time = await page.locator('#ob-row-7').innerText();
    await page.locator('#ob-row-7 .ob-nr.wide').click();
    return [...row, ...(await inView(page, '#ob-mark-7')), ...same('row 7', time.split(/\s+/).filter(Boolean).slice(0, 5), ['7', '10-13', '14:40', '+34', 'min']), ...same('replay shown', await page.locator('.ob-replay').isVisible(), false)];
  }],
  ['every mark has a row, and every number of a row a mark', WIDE, async (page) => {
    const broken = await page.evaluate(() => [...document.querySelectorAll('.ob-line a, .ob-nr')].map((link) => link.getAttribute('href')).filter((href) => !document.querySelector(href)));
    return [...same('broken', broken, []), ...same('rows', await page.locator('[data-phase]').count(), 12)];
  }],
  ['on a phone the parts of the drawing lead to rows, which stand below each other', NARROW, async (page) => {
    const wide = await sideways(page);
    await page.locator('#ob-stop-2').click();
    const row = await inView(page, '#ob-row-3');
    const table = page.locator('.table:has([data-phase])');
    const scrolls = await table.evaluate((frame) => frame.scrollWidth - frame.clientWidth);
    await page.locator('#ob-row-3 .ob-nr.narrow').click();
    return [...row, ...same('sideways', [wide, scrolls], [0, 0]), ...(await inView(page, '#ob-stop-2'))];
  }],
  ['the replay goes through the rows with the keyboard alone', WIDE, async (page) => {
    const slider = page.locator('.ob-replay input');
    await slider.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    const said = await slider.getAttribute('aria-valuetext');
    const later = await page.locator('td.ob-later').count();
    await page.keyboard.press('End');
    return [...same('said', said.startsWith('+3 min · 10-13 14:09 · Monitoring'), true), ...same('later', [later, await page.locator('td.ob-later').count()], [10, 0])];
  }],
  ['nothing keeps people from using it', WIDE, (page) => violations(page)],
  ['nothing keeps people with phones from using it', { ...NARROW, colorScheme: 'dark' }, (page) => violations(page)],
];

/** Works with the timeline of an analysis of the handbook. */
export async function timelineSession(browser, site, report) {
  for (const [title, options, play] of CHECKS) {
    const context = await browser.newContext({ ...options, reducedMotion: 'reduce' });
    const page = await context.newPage();
    const problems = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    try {
      await page.goto(`${site.url}${PAGE}`);
      problems.push(...(await play(page)));
    } catch (error) {
      problems.push(String(error));
    }
    report.check(`timeline: ${title}`, problems);
    await context.close();
  }
}

/** A problem unless the element stands in the window. */
async function inView(page, selector) {
  await page.waitForTimeout(100);
  const { y, height } = await page.locator(selector).boundingBox();
  const { height: window } = page.viewportSize();
  return y >= 0 && y + height / 2 <= window ? [] : [`${selector} at ${Math.round(y)} px`];
}
