// What depends on the reader's font and window: the same pages in several default fonts, and a handbook made to be measured.

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FONTS, fontFor, launch } from './chromium.mjs';
import { ALERTS, writeLook } from './look-fixture.mjs';
import { pagesInFont } from './pages.mjs';
import { playScenes, same, sideways } from './scenes.mjs';

const GUIDE = resolve(fileURLToPath(import.meta.url), '../../../content/guide/themes.md');

export async function lookSession(binary, report) {
  for (const font of FONTS) {
    const browser = await launch(font);
    const write = (folder) => writeLook(folder, GUIDE);
    await playScenes(browser, binary, report, { name: `look in ${font.name}`, usual: {}, write, checks: [theFont(font), ...CHECKS] });
    await browser.close();
  }
}

/** The handbook's own pages, in the fonts that the other sessions do not show them in. */
export async function fontSession(site, folder, report, all) {
  const usual = fontFor('system-ui');
  for (const font of FONTS.filter(({ name }) => name !== usual)) {
    const browser = await launch(font);
    await pagesInFont(browser, site, folder, report, font.name, all);
    await browser.close();
  }
}

/** Whether the browser took the font: two fonts that look alike would test one of them twice. */
const theFont = (font) => ['pages are shown in it', {}, async (page, { url }) => {
  await page.goto(url);
  const [got, want] = await page.evaluate((name) => {
    const width = (family) => {
      const paper = document.createElement('canvas').getContext('2d');
      paper.font = `100px ${family}`;
      return paper.measureText('Widgets wander, 0123456789').width;
    };
    return [width(getComputedStyle(document.body).fontFamily), width(`"${name}"`)];
  }, font.name);
  return same('width', got, want);
}];

/** Plays at each of the widths; what is found names the width. */
const at = (widths, play) => async (page, site) => {
  const problems = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    problems.push(...(await play(page, site, width)).map((problem) => `${width} px: ${problem}`));
  }
  return problems;
};

/** In how many lines each of the elements' texts stands, with the text: `<wbr>` divides it. */
const brokenTexts = (page, selector) =>
  page.locator(selector).evaluateAll((elements) => {
    const lines = (node) => {
      const range = document.createRange();
      range.selectNodeContents(node);
      return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
    };
    const texts = (node) => (node.nodeType === Node.TEXT_NODE ? [node] : [...node.childNodes].flatMap(texts));
    const parts = elements.filter((element) => element.checkVisibility()).flatMap(texts);
    return { count: parts.length, broken: parts.filter((part) => lines(part) > 1).map(({ data }) => data) };
  });

const CHECKS = [
  ['dates and short cells stay on one line', {}, at([320, 768, 1280, 1920], async (page, { url }, width) => {
    await page.goto(`${url}night/`);
    const { count, broken } = await brokenTexts(page, '.ob-prose .tight');
    const [first, scrolls] = await page.locator('table:has(th:text-is("Due"))').evaluate((table) => [table.querySelector('td').offsetWidth, table.parentElement.scrollWidth > table.parentElement.clientWidth]);
    return [
      ...(count > 8 ? [] : [`only ${count} such cells`]),
      ...broken.map((text) => `in two lines: ${text}`),
      ...(first < 50 ? [] : [`the column of numbers is ${first} px wide`]),
      ...(scrolls && width >= 1280 ? ['the table scrolls'] : []),
    ];
  })],
  ['names of alerts break between their words only', {}, at([320, 360, 768, 1280, 1920], async (page, { url }) => {
    const problems = [];
    for (const [path, selector] of [['', '.at-broken code'], ['disk/', '.ob-about dd code']]) {
      await page.goto(url + path);
      const { count, broken } = await brokenTexts(page, selector);
      const names = await page.locator(selector).evaluateAll((names) => names.map((name) => {
        getSelection().selectAllChildren(name);
        return getSelection().toString();
      }));
      problems.push(...broken.map((text) => `${path}: “${text}” is broken`), ...same('copied', names, path ? ALERTS : ALERTS.slice(0, 2)), ...same('sideways', await sideways(page), 0));
      if (count < 10) problems.push(`${path}: only ${count} parts`);
    }
    return problems;
  })],
  ['labels of a course lie in its drawing', {}, at([320, 768, 1280], async (page, { url }) => {
    await page.goto(`${url}night/`);
    return page.locator('.ob-line > svg:visible').evaluate((svg) => {
      const edge = svg.getBoundingClientRect();
      const texts = [...svg.querySelectorAll('text')];
      const out = texts.filter((text) => {
        const { left, right, top, bottom } = text.getBoundingClientRect();
        return left < edge.left || right > edge.right || top < edge.top || bottom > edge.bottom;
      });
      return [...out.map(({ textContent }) => `cut off: ${textContent}`), ...(texts.length > 8 ? [] : [`only ${texts.length} labels`])];
    });
  })],
  ['a diagram fits its frame, or it clearly goes on', {}, async (page, { url }) => {
    await page.goto(`${url}diagrams/`);
    const seen = await page.locator('.ob-prose').evaluate((prose) => {
      const [frames, texts] = ['.diagram-frame', '.drawing text'].map((selector) => [...prose.querySelectorAll(selector)]);
      const seen = { frames: frames.length, fit: 0, smallest: Infinity, cut: [] };
      for (let width = 288; width < 1200; width += 4) {
        prose.style.width = prose.style.maxWidth = `${width}px`;
        const over = frames.map(({ scrollWidth, clientWidth }) => (scrollWidth - clientWidth) / clientWidth);
        seen.fit += over.filter((share) => share <= 0).length;
        if (over.some((share) => share > 0 && share < 0.1)) seen.cut.push(`at ${width} px the end of a drawing is cut off`);
        const sizes = texts.map((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a);
        seen.smallest = Math.min(seen.smallest, ...sizes);
      }
      return seen;
    });
    const { frames, fit, smallest, cut } = seen;
    return [...cut, ...same('diagrams', frames, 6), ...(fit > 200 ? [] : [`only ${fit} fit`]), ...(smallest > 10.5 ? [] : [`letters of ${smallest} px`])];
  }],
  ['texts of diagrams lie in their boxes', {}, async (page, { url }) => {
    await page.goto(`${url}diagrams/`);
    return page.locator('.drawing text').evaluateAll((texts) =>
      texts.flatMap((text) => {
        const { left, right, top } = text.getBoundingClientRect();
        const boxes = [...text.closest('svg').querySelectorAll('rect')].map((box) => box.getBoundingClientRect());
        const own = boxes.filter((box) => box.top <= top && box.bottom > top && box.left < (left + right) / 2 && box.right > (left + right) / 2);
        return own.some((box) => box.left <= left && box.right >= right) ? [] : [`sticks out: ${text.textContent}`];
      }),
    );
  }],
  ['the footer that the guide shows looks like the footer of the theme', {}, async (page, { url }) => {
    await page.goto(url);
    const names = (await page.locator('footer, footer *').evaluateAll((all) => all.flatMap((element) => [...element.classList])));
    const [text, content] = await Promise.all(['footer li', '.ob-content'].map((selector) => page.locator(selector).first().evaluate((element) => element.getBoundingClientRect().left)));
    const style = await page.locator('footer').evaluate((footer) => getComputedStyle(footer).borderTopStyle);
    return [...same('classes', names, ['ob-foot']), ...same('edge', text, content), ...same('line', style, 'solid'), ...same('links', await page.locator('footer a').allTextContents(), ['Legal notice'])];
  }],
  ['the head of the home page is as wide as the window', {}, at([320, 1024, 1344, 1440, 1920, 2560], async (page, { url }, width) => {
    await page.goto(url);
    const { sides, heading, brand } = await page.evaluate(() => {
      const hero = document.querySelector('.ob-hero');
      const { top, height } = hero.getBoundingClientRect();
      const end = document.documentElement.clientWidth - 1;
      const left = (selector) => document.querySelector(selector).getBoundingClientRect().left;
      return { sides: [0, end].map((x) => document.elementFromPoint(x, top + height / 2) === hero), heading: left('.ob-hero h1'), brand: left('.ob-brand') };
    });
    return [...same('paper at both sides', sides, [true, true]), // On a narrow screen the menu stands before the name.
      ...same('heading', heading, width < 1024 ? 16 : brand), ...same('sideways', await sideways(page), 0), ...same('lead', await page.locator('.ob-hero .ob-lead').textContent(), 'A handbook to be looked at.')];
  })],
];
