// Every page once, narrow, in between and wide; and axe, in both schemes, on so many pages that everything the site is made of is on
// one of them.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pagesIn, urlOf } from './html.mjs';
import { AXE, COLOURS, LAY_OUT, WCAG, listen, watch } from './visit.mjs';

/** The narrowest window, a wide one, and the same at 200 %. */
const WIDTHS = [320, 640, 1280];
/** What a font can change of what axe finds. */
const SIZES = ['target-size'];
/** An attribute with more values than that holds text or names, not one of a few states. */
const MOST_VALUES = 12;
/** Pages that the program makes of the same parts as others. */
const MADE = /^(registers|tags|guide\/kinds|guide\/rules)\//;

/**
 * Opens every page but those that are made of the same parts as others; with `all` every page, and axe runs on each, with
 * every rule in every scheme.
 */
export async function pagesSession(browser, site, folder, report, all) {
  const parts = await partsIn(folder);
  const urls = [...parts.keys()];
  const chosen = all ? urls : cover(parts);
  const opened = urls.filter((url) => !MADE.test(url) || chosen.includes(url));
  await openAll(browser, site, opened, report, 'the usual font');
  await followAnchors(browser, site, folder, opened, report);
  console.log(`axe looks at ${chosen.length} of ${urls.length} pages: ${chosen.map((url) => url || '(home)').join(' ')}`);
  const rules = [...WCAG, 'best-practice'];
  for (const [colorScheme, runOnly] of [['light', rules], ['dark', all ? rules : COLOURS]]) {
    await axeAll(browser, site, chosen, report, { colorScheme, runOnly, name: colorScheme });
  }
}

/** The same in another font, which `browser` has as its default: without `all` only the pages on which axe runs are opened. */
export async function pagesInFont(browser, site, folder, report, font, all) {
  const parts = await partsIn(folder);
  const chosen = cover(parts);
  await openAll(browser, site, all ? [...parts.keys()] : chosen, report, font);
  await axeAll(browser, site, chosen, report, { colorScheme: 'light', runOnly: SIZES, name: font });
}

/** What each page is made of, by its URL; without the pages that only lead elsewhere. */
async function partsIn(folder) {
  const parts = new Map();
  for (const file of await pagesIn(folder)) {
    const text = await readFile(join(folder, file), 'utf8');
    if (!text.includes('http-equiv="refresh"')) parts.set(urlOf(file), partsOf(text));
  }
  await addKinds(parts, folder);
  return parts;
}

/** Opens each page once, narrow, then makes the window wide. */
async function openAll(browser, site, urls, report, font) {
  const { context, page, seen } = await open(browser, site, 'light');
  for (const url of urls) {
    seen.problems.length = 0;
    await page.setViewportSize({ width: WIDTHS[0], height: 900 });
    await page.goto(new URL(url, site.url).href, { waitUntil: 'load' });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      const { wide, element } = await page.evaluate(overflow);
      if (wide > 0) seen.problems.push(`scrolls ${wide} px sideways at ${width} px: ${element}`);
    }
    report.check(`${url || '(home)'} in ${font}`, [...new Set(seen.problems)]);
  }
  await context.close();
}

/** Opens the longest page at each of its headings: what is above is laid out later, and must not move the heading. */
async function followAnchors(browser, site, folder, urls, report) {
  const folders = urls.filter((url) => url.endsWith('/'));
  const sizes = await Promise.all(folders.map(async (url) => (await readFile(join(folder, url, 'index.html'))).length));
  const longest = folders[sizes.indexOf(Math.max(...sizes))];
  const context = await browser.newContext({ viewport: { width: WIDTHS[0], height: 900 } });
  const page = await context.newPage();
  const address = new URL(longest, site.url).href;
  await page.goto(address, { waitUntil: 'load' });
  const ids = await page.evaluate(() => [...document.querySelectorAll('.ob-prose > :is(h2, h3)[id]')].map(({ id }) => id));
  const tops = new Map();
  for (const id of ids) {
    await page.goto('about:blank');
    await page.goto(`${address}#${id}`, { waitUntil: 'load' });
    // Two frames lay out what came near the window, and one paints it.
    const { top, isEnd } = await page.evaluate(async (id) => {
      for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
      const { top } = document.getElementById(id).getBoundingClientRect();
      return { top: Math.round(top), isEnd: scrollY + innerHeight >= document.documentElement.scrollHeight - 1 };
    }, id);
    // Where the page ends, a heading may be below its place.
    if (!isEnd) tops.set(top, [...(tops.get(top) ?? []), id]);
  }
  await context.close();
  const [, ...moved] = [...tops].sort((one, other) => other[1].length - one[1].length);
  const problems = moved.map(([top, found]) => `${found} at ${top} px`);
  report.check(`${longest} opens at each of its ${ids.length} headings`, ids.length > 5 ? problems : ['too few headings']);
}

async function open(browser, site, colorScheme) {
  const context = await browser.newContext({ viewport: { width: WIDTHS[0], height: 900 }, colorScheme });
  await context.addInitScript({ content: LAY_OUT });
  const seen = await watch(context, site);
  const page = await context.newPage();
  listen(page, seen);
  return { context, page, seen };
}

/** How far the page can be scrolled to the side, and the element that sticks out furthest. */
async function overflow() {
  await new Promise(requestAnimationFrame);
  const edge = document.documentElement.clientWidth;
  const wide = document.documentElement.scrollWidth - edge;
  if (wide <= 0) return { wide };
  const out = [...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > edge + 1);
  return { wide, element: out.at(-1)?.outerHTML.slice(0, 120) ?? '' };
}

const TAG = /<([a-z][a-z0-9-]*)((?:\s+[^\s=>"/]+(?:="[^"]*")?)*)\s*\/?>/g;
const ATTRIBUTE = /([^\s=>"/]+)(?:="([^"]*)")?/g;

/** Elements, classes and attributes of a page, and short values of attributes that may be states. */
function partsOf(text) {
  const parts = new Set();
  for (const [, name, written] of text.matchAll(TAG)) {
    parts.add(name);
    for (const [, attribute, value = ''] of written.matchAll(ATTRIBUTE)) {
      if (attribute === 'id') continue;
      if (attribute === 'class') {
        for (const one of value.split(' ')) parts.add(`${name}.${one}`);
        continue;
      }
      parts.add(`${name}[${attribute}]`);
      if (/^(data-|aria-|role$|type$|lang$)/.test(attribute) && value.length < 24) parts.add(`${name}[${attribute}=${value}`);
    }
  }
  return parts;
}

async function addKinds(parts, folder) {
  const { pages } = JSON.parse(await readFile(join(folder, 'handbook.json'), 'utf8'));
  for (const { url, kind } of pages) {
    const path = new URL(url, 'https://handbook.example/').pathname.replace(/^\/(ops\/handbook\/)?/, '');
    parts.get(path)?.add(`kind ${kind}`);
  }
}

/** So few pages that each part is on one of them: always the page with the most parts that are still missing. */
function cover(parts) {
  const values = new Map();
  for (const part of new Set([...parts.values()].flatMap((of) => [...of]))) {
    const [attribute, value] = part.split('=', 2);
    if (value !== undefined) values.set(attribute, (values.get(attribute) ?? 0) + 1);
  }
  const counts = (part) => !part.includes('=') || values.get(part.split('=', 1)[0]) <= MOST_VALUES;
  const missing = new Set([...parts.values()].flatMap((of) => [...of].filter(counts)));
  const chosen = [];
  while (missing.size > 0) {
    const gain = (url) => [...parts.get(url)].filter((part) => missing.has(part)).length;
    const [best] = [...parts.keys()].map((url) => [url, gain(url)]).reduce((one, other) => (other[1] > one[1] ? other : one));
    for (const part of parts.get(best)) missing.delete(part);
    chosen.push(best);
  }
  return chosen;
}

/** Runs axe on pages, narrow and wide; `runOnly` are rules or tags of rules. */
async function axeAll(browser, site, urls, report, { colorScheme, runOnly, name }) {
  const practice = new Map();
  const { context, page, seen } = await open(browser, site, colorScheme);
  for (const url of urls) {
    seen.problems.length = 0;
    await page.setViewportSize({ width: WIDTHS[0], height: 900 });
    await page.goto(new URL(url, site.url).href, { waitUntil: 'load' });
    // What the browser evaluates for the driver is not bound by the page's policy.
    await page.evaluate(AXE);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      const run = (runOnly) => window.axe.run(document, { runOnly, resultTypes: ['violations'] });
      const { violations } = await page.evaluate(run, runOnly);
      for (const violation of violations) {
        if (violation.tags.some((tag) => WCAG.includes(tag))) seen.problems.push(`at ${width} px: ${described(violation)}`);
        else practice.set(violation.id, (practice.get(violation.id) ?? new Set()).add(url));
      }
    }
    report.check(`${url || '(home)'} is accessible, ${name}`, [...new Set(seen.problems)]);
  }
  await context.close();
  for (const [rule, places] of practice) console.log(`best practice: ${rule}: ${places.size} pages, first ${[...places][0]}`);
}

function described({ id, nodes }) {
  const summary = nodes[0].failureSummary.replace(/\s+/g, ' ').slice(0, 200);
  return `axe ${id}: ${nodes[0].html.slice(0, 200)} (${nodes.length} places): ${summary}`;
}
