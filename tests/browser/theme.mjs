// The look of pages where a test can tell: what is in sight first, on paper, in high contrast, and what it weighs.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { same, shifts, still } from './scenes.mjs';
import { AXE, COLOURS } from './visit.mjs';

const RCA = 'rcas/2026-09-log-disk-full/';
const RUNBOOK = 'runbooks/ceph-osd-down/';
const PROCESS = 'processes/incident-response/';
const PAGES = ['', RCA, RUNBOOK, PROCESS, 'minutes/20261109/', 'registers/actions/'];
/** At most so many bytes of style sheets a page may load, compressed. */
const MOST_CSS = 20_000;

export async function themeSession(browser, site, folder, report) {
  report.check('the home page leads to what is broken within the first screen', await first(browser, site));
  report.check('the large field opens the search', await field(browser, site));
  report.check('the home page shows one search at a time, and nothing moves', await search(browser, site));
  report.check('an incident is drawn, for each width once', await drawing(browser, site));
  report.check('a step that one jumps to is not hidden by the band', await jump(browser, site));
  report.check('paper shows what an auditor needs', await paper(browser, site));
  report.check('each runbook begins with the symptom, within 300 px on a phone', await symptoms(browser, site, folder));
  report.check('the band stays, with the menu, the title and the search', await band(browser, site));
  report.check('the sidebar shows where the reader is', await sidebar(browser, site));
  report.check('a drawing stands on one sheet with its heading', await sheet(browser, site));
  report.check('pages hold in high contrast', await contrast(browser, site));
  report.check('in forced colours the course, the progress and the strip can be seen', await forced(browser, site));
  report.check('figures lead to the rows that they count, here and on the home page', await figures(browser, site));
  report.check('a row of a register fits a phone', await rows(browser, site));
  report.check('pages load few style sheets', await weight(folder));
  report.check('a runbook needs eight requests and 60 kB at most before it can be used', await requests(browser, site));
  report.check('the poster is one sheet of A3 with all plots', await poster(browser, site));
}

async function first(browser, site) {
  const page = await browser.newPage({ viewport: { width: 360, height: 780 } });
  await page.goto(site.url);
  const titles = await page.locator('.ob-place > h2').evaluateAll((all) => all.map((heading) => heading.textContent.trim()));
  const top = await page.locator('.at-broken > h2').evaluate((heading) => heading.getBoundingClientRect().bottom);
  const links = await page.locator('.at-broken li > a').count();
  await page.close();
  const want = ['Something is broken', 'How we work', 'What we learned', 'What is agreed', 'Who we are'];
  return [
    ...(titles.join() === want.join() ? [] : [`places: ${titles.join()}`]),
    ...(top < 780 ? [] : [`begins at ${top} px`]),
    ...(links > 5 ? [] : [`${links} runbooks`]),
  ];
}

async function field(browser, site) {
  const page = await browser.newPage();
  await page.goto(site.url);
  await page.locator('.ob-find').click();
  const open = await page.locator('dialog.ob-box[open] input').waitFor({ timeout: 5000 }).then(() => true, () => false);
  await page.close();
  return open ? [] : ['no search box'];
}

/** Which links to the search are in sight at the top, and where the reader has scrolled down to. */
async function search(browser, site) {
  const problems = [];
  const [large, own] = ['ob-search ob-find', 'ob-search'];
  for (const [width, height, top, bottom] of [[1280, 800, large, own], [800, 900, large, own], [360, 640, large, own], [640, 360, own, own]]) {
    const page = await browser.newPage({ viewport: { width, height } });
    await page.addInitScript(shifts);
    await page.goto(site.url, { waitUntil: 'networkidle' });
    const seen = (want) =>
      page.waitForFunction((want) => {
        const links = [...document.querySelectorAll('.ob-search')].filter((link) => {
          const { bottom, width } = link.getBoundingClientRect();
          return link.checkVisibility({ visibilityProperty: true }) && bottom > 0 && width > 0;
        });
        return links.map((link) => link.className).join() === want;
      }, want, { timeout: 3_000 }).then(() => [], () => [`${width} × ${height}: not only “${want}”`]);
    problems.push(...(await seen(top)));
    await page.mouse.wheel(0, 2_000);
    problems.push(...(await seen(bottom)), ...(await still(page)));
    await page.keyboard.press('/');
    await page.locator('dialog.ob-box[open] input').waitFor({ timeout: 3_000 }).catch(() => problems.push(`${width} × ${height}: no box`));
    await page.keyboard.press('Escape');
    await page.mouse.wheel(0, -4_000);
    problems.push(...(await seen(top)));
    await page.close();
  }
  return problems;
}

/** Which drawing is in sight, and how large its smallest letters are on the screen. */
async function drawing(browser, site) {
  const problems = [];
  for (const [width, wanted] of [[320, 'narrow'], [360, 'narrow'], [1280, 'wide']]) {
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    await page.goto(site.url + RCA);
    const seen = await page.locator('.ob-line > svg:visible').evaluateAll((drawings) =>
      drawings.map((svg) => {
        const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
        const sizes = [...svg.querySelectorAll('text')].map((text) => parseFloat(getComputedStyle(text).fontSize));
        const edge = svg.getBoundingClientRect();
        const out = [...svg.querySelectorAll('text')].filter((text) => {
          const box = text.getBoundingClientRect();
          return box.left < edge.left - 1 || box.right > edge.right + 1;
        });
        return { name: svg.getAttribute('class'), smallest: Math.min(...sizes) * scale, out: out.length };
      }),
    );
    await page.close();
    const [{ name, smallest, out } = {}] = seen;
    if (seen.length !== 1 || name !== `ob-line-${wanted}`) problems.push(`${width} px: ${JSON.stringify(seen)}`);
    if (!(smallest >= 10.5)) problems.push(`${width} px: letters of ${smallest} px`);
    if (out) problems.push(`${width} px: ${out} labels stick out`);
  }
  return problems;
}

async function jump(browser, site) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  await page.goto(site.url + RUNBOOK);
  await page.locator('.ob-next-step').click();
  const [heading, band] = await page.evaluate(() => [
    document.activeElement.closest('[data-step]').getBoundingClientRect().top,
    document.querySelector('.ob-band').getBoundingClientRect().bottom,
  ]);
  await page.close();
  return heading >= band ? [] : [`the step is at ${heading} px, the band ends at ${band} px`];
}

/** Where the text begins on each runbook, also on the German ones, and whether the bar is in sight. */
async function symptoms(browser, site, folder) {
  const { pages } = JSON.parse(await readFile(join(folder, 'handbook.json'), 'utf8'));
  const runbooks = pages.filter(({ kind }) => kind === 'runbook');
  const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
  const tops = [];
  const problems = runbooks.length > 50 && runbooks.some(({ language }) => language === 'de') ? [] : [`only ${runbooks.length} runbooks`];
  for (const { url } of runbooks) {
    await page.goto(new URL(url, site.url).href);
    const { top, title, bar, wide } = await page.evaluate(() => {
      const heading = document.querySelector('.ob-prose h2');
      const bar = document.querySelector('.ob-runbook').getBoundingClientRect();
      return { top: heading.getBoundingClientRect().top, title: heading.textContent.trim(), bar: [bar.bottom, bar.height], wide: document.documentElement.scrollWidth };
    });
    tops.push(top);
    if (!/^Symptom/.test(title) || top > 300) problems.push(`${url}: ${title} at ${top} px`);
    if (bar[0] !== 740 || bar[1] > 60) problems.push(`${url}: the bar ends at ${bar[0]} px and is ${bar[1]} px high`);
    if (wide > 360) problems.push(`${url}: ${wide} px wide`);
  }
  await page.close();
  console.log(`symptoms of ${tops.length} runbooks: from ${Math.min(...tops)} to ${Math.max(...tops)} px`);
  return problems;
}

/** The band on a phone: its height, what it says after scrolling, its targets, and the menu with and without scripts. */
async function band(browser, site) {
  const problems = [];
  const home = await browser.newPage({ viewport: { width: 360, height: 740 } });
  await home.goto(site.url);
  problems.push(...same('menu of the home page', await home.evaluate(() => document.elementFromPoint(24, 24).closest('summary')?.textContent.trim()), 'Menu'));
  await home.close();
  for (const javaScriptEnabled of [true, false]) {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, javaScriptEnabled });
    const page = await context.newPage();
    await page.goto(site.url + PROCESS);
    await page.mouse.wheel(0, 1500);
    // Without scripts no frame calls back, so a wait for each frame would look once and never again.
    await page.waitForFunction(() => scrollY > 1000, null, { polling: 100 });
    const { top, height } = await page.locator('.ob-band').evaluate((band) => band.getBoundingClientRect().toJSON());
    problems.push(...same('band', [top, height], [0, 48]));
    if (javaScriptEnabled) {
      await page.waitForFunction(() => getComputedStyle(document.querySelector('.ob-here')).opacity === '1', null, { timeout: 3_000 }).catch(() => problems.push('no title in the band'));
      problems.push(...same('title', await page.locator('.ob-here').textContent(), await page.locator('h1').textContent()));
    }
    const targets = ['.ob-side > summary', '.ob-band .ob-search', ...(javaScriptEnabled ? ['.ob-theme'] : [])];
    for (const target of targets) {
      const box = await page.locator(target).boundingBox();
      if (box.width < 44 || box.height < 44) problems.push(`${target}: ${box.width} × ${box.height} px`);
    }
    await page.locator('.ob-side > summary').click();
    const link = page.locator('.ob-nav [aria-current="page"]');
    problems.push(...same('menu', await link.isVisible(), true));
    if (javaScriptEnabled) {
      await page.keyboard.press('Escape');
      problems.push(...same('closed', await link.isVisible(), false));
    }
    await context.close();
  }
  return problems;
}

/** The link to the page itself, on every page that the longest sidebar leads to. */
async function sidebar(browser, site) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 640 } });
  await page.goto(`${site.url}guide/themes/`);
  const links = await page.locator('.ob-nav a').evaluateAll((links) => links.map((link) => link.href));
  const problems = links.length > 25 ? [] : [`only ${links.length} links`];
  for (const link of links) {
    await page.goto(link);
    const { top, bottom, scrolled } = await page.locator('.ob-nav [aria-current="page"]').evaluate((link) => ({
      ...link.getBoundingClientRect().toJSON(),
      scrolled: scrollY,
    }));
    if (top < 0 || bottom > 640 || scrolled > 0) problems.push(`${link}: from ${top} to ${bottom} px, page at ${scrolled}`);
  }
  // A window that becomes wide shows the list for the first time.
  await page.setViewportSize({ width: 700, height: 640 });
  await page.goto(`${site.url}guide/themes/`);
  await page.setViewportSize({ width: 1280, height: 640 });
  await page.waitForFunction(() => document.querySelector('.ob-nav [aria-current="page"]').getBoundingClientRect().bottom < innerHeight, null, { timeout: 3_000 }).catch(() => problems.push('out of sight after the window became wide'));
  await page.close();
  return problems;
}

/** From the heading before a diagram to its end, on paper of A4 with the margins of the style sheet. */
async function sheet(browser, site) {
  const millimetre = 96 / 25.4;
  const page = await browser.newPage({ viewport: { width: Math.floor((210 - 32) * millimetre), height: 1000 } });
  await page.emulateMedia({ media: 'print' });
  await page.goto(site.url + PROCESS);
  const heights = await page.locator('figure.diagram').evaluateAll((figures) =>
    figures.map((figure) => {
      const headings = [...document.querySelectorAll('.ob-prose :is(h2, h3)')];
      const heading = headings.findLast((heading) => heading.compareDocumentPosition(figure) & Node.DOCUMENT_POSITION_FOLLOWING);
      return figure.getBoundingClientRect().bottom - heading.getBoundingClientRect().top;
    }),
  );
  await page.close();
  const room = (297 - 38) * millimetre;
  return [...(heights.length ? [] : ['no diagram']), ...heights.filter((height) => height > room).map((height) => `${height} px, but a sheet has ${room}`)];
}

/** What colour and shadow say otherwise. */
async function forced(browser, site) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, forcedColors: 'active' });
  await page.goto(site.url + RCA);
  const { fills, highlight, strip } = await page.evaluate(() => {
    const probe = document.body.appendChild(document.createElement('span'));
    probe.style.color = 'Highlight';
    const style = (selector) => [...document.querySelectorAll(selector)].map((element) => getComputedStyle(element));
    return {
      fills: [...new Set(style('.ob-phase').map(({ fill }) => fill))],
      highlight: getComputedStyle(probe).color,
      strip: style('.ob-strip > div').map(({ outlineStyle, outlineWidth }) => `${outlineStyle} ${outlineWidth}`),
    };
  });
  await page.goto(site.url + RUNBOOK);
  const progress = page.locator('#ob-progress');
  const track = await progress.evaluate((progress) => {
    const { borderTopStyle, borderTopWidth } = getComputedStyle(progress);
    return `${borderTopStyle} ${borderTopWidth}`;
  });
  const picture = async (share) => {
    await progress.evaluate((progress, share) => (progress.value = share * progress.max), share);
    return (await progress.screenshot()).toString('base64');
  };
  const seen = (await picture(0)) !== (await picture(0.5));
  await page.goto(`${site.url}registers/actions/`);
  const figures = await page.locator('.ob-stats li').evaluateAll((cells) => cells.map((cell) => getComputedStyle(cell).outlineStyle));
  await page.close();
  return [
    ...same('phases', fills, [highlight]),
    ...same('cells', [...new Set(strip)], ['solid 1px']),
    ...same('track', track, 'solid 1px'),
    ...same('what is done is seen', seen, true),
    ...same('figures', [...new Set(figures)], ['solid']),
  ];
}

async function paper(browser, site) {
  const page = await browser.newPage({ viewport: { width: 700, height: 1000 } });
  await page.emulateMedia({ media: 'print' });
  const problems = [];
  for (const url of [RCA, RUNBOOK, PROCESS]) {
    await page.goto(site.url + url);
    const seen = await page.evaluate(() => {
      const shown = (selector) => [...document.querySelectorAll(selector)].some((e) => e.checkVisibility());
      const bad = ['.ob-side', '.ob-outline', '.ob-turn', '.ob-tools', '.ob-copy', '.ob-backlinks', '.ob-go', '.ob-sheet > summary'].filter(shown);
      const closed = [...document.querySelectorAll('main details > :not(summary)')].filter((e) => e.getClientRects().length === 0);
      const missing = ['.ob-address', '.ob-strip, .ob-about dl', 'h1'].filter((selector) => !shown(selector));
      return { bad, missing, closed: closed.filter((e) => !e.closest('.ob-backlinks, .ob-outline, [hidden]')).length };
    });
    if (seen.bad.length) problems.push(`${url} shows ${seen.bad}`);
    if (seen.missing.length) problems.push(`${url} lacks ${seen.missing}`);
    if (seen.closed) problems.push(`${url}: ${seen.closed} parts are folded`);
  }
  await page.close();
  return problems;
}

async function contrast(browser, site) {
  const problems = [];
  for (const options of [{ contrast: 'more', colorScheme: 'light' }, { contrast: 'more', colorScheme: 'dark' }, { forcedColors: 'active' }]) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
    for (const url of PAGES) {
      await page.goto(site.url + url);
      await page.evaluate(AXE);
      const { violations } = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules, resultTypes: ['violations'] }), COLOURS);
      for (const { id, nodes } of violations) problems.push(`${url} ${JSON.stringify(options)}: ${id} ${nodes[0].html.slice(0, 120)}`);
    }
    await page.close();
  }
  return problems;
}

async function figures(browser, site) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const shown = () => page.locator('.ob-group tbody tr:visible').count();
  await page.goto(`${site.url}registers/reviews/`, { waitUntil: 'networkidle' });
  const all = await shown();
  const problems = [];
  for (const figure of await page.locator('.ob-stats a').all()) {
    const count = Number(await figure.locator('strong').textContent());
    const filter = await figure.getAttribute('href');
    // A value that no row has is not among the choices, and filters nothing.
    if (count === 0) continue;
    await figure.click();
    problems.push(...same(filter, [await shown(), new URL(page.url()).search], [count, filter]));
  }
  await page.goto(site.url, { waitUntil: 'networkidle' });
  await page.locator('.ob-tile', { hasText: 'fresh review' }).click();
  await page.waitForLoadState('networkidle');
  const left = await shown();
  problems.push(...(left > 0 && left < all ? [] : [`${left} of ${all} rows after the tile`]));
  const states = await page.locator('.ob-group tbody tr:visible .ob-state').allTextContents();
  problems.push(...same('states', [...new Set(states)], ['fresh']));
  await page.close();
  return problems;
}

async function rows(browser, site) {
  const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
  const problems = [];
  for (const name of ['actions', 'reviews', 'incidents', 'alerts', 'meetings']) {
    await page.goto(`${site.url}registers/${name}/`, { waitUntil: 'networkidle' });
    const { wide, tall } = await page.evaluate(() => {
      const heights = Array.from(document.querySelectorAll('.ob-table tbody tr'), (row) => row.getBoundingClientRect().height).sort((one, other) => one - other);
      return { wide: document.documentElement.scrollWidth, tall: heights[Math.floor(heights.length / 2)] ?? 0 };
    });
    problems.push(...(wide <= 360 ? [] : [`${name} is ${wide} px wide`]), ...(tall <= 130 ? [] : [`a usual row of ${name} is ${Math.round(tall)} px high`]));
  }
  await page.close();
  return problems;
}

async function weight(folder) {
  const problems = [];
  for (const url of PAGES) {
    const text = await readFile(join(folder, url, 'index.html'), 'utf8');
    // What is in a template is loaded when a reader asks for it.
    const loaded = text.replace(/<template.*?<\/template>/gs, '');
    const sheets = [...loaded.matchAll(/rel="stylesheet"[^>]*href="([^"]+)"/g)].map((found) => join(folder, url, found[1]));
    const sizes = await Promise.all(sheets.map(async (sheet) => gzipSync(await readFile(sheet)).length));
    const size = sizes.reduce((sum, size) => sum + size, 0);
    if (size > MOST_CSS || sheets.length === 0) problems.push(`${url}: ${size} bytes in ${sheets.length} style sheets`);
    else console.log(`style sheets of ${url || '(home)'}: ${size} bytes compressed`);
  }
  return problems;
}

/** What a runbook loads before the reader does anything, as a server with compression would send it. */
async function requests(browser, site) {
  const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
  const answers = [];
  page.on('response', (response) => answers.push(response));
  await page.goto(site.url + RUNBOOK, { waitUntil: 'networkidle' });
  const sizes = await Promise.all(answers.map(async (answer) => gzipSync(await answer.body()).length));
  const size = sizes.reduce((sum, size) => sum + size, 0);
  console.log(`${RUNBOOK}: ${answers.length} requests, ${size} bytes compressed`);
  await page.close();
  return [...(answers.length <= 8 ? [] : [`${answers.length} requests: ${answers.map((answer) => answer.url()).join(' ')}`]), ...(size <= 60_000 ? [] : [`${size} bytes`])];
}

async function poster(browser, site) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`${site.url}registers/poster/`);
  const plots = await page.locator('.ob-poster svg.ob-plot').count();
  const problems = plots >= 10 ? [] : [`only ${plots} drawings`];
  const inSight = await page.locator('.ob-poster svg.ob-plot >> visible=true').count();
  problems.push(...same('in sight without a click', inSight, plots));
  const text = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  const sheets = text.match(/\/Type\s*\/Page\b(?!s)/g) ?? [];
  const [, width, height] = /MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)/.exec(text) ?? [];
  // A3 in points.
  problems.push(...same('sheets', sheets.length, 1), ...same('size', [Math.round(width), Math.round(height)], [1191, 842]));
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width: 1497, height: 1032 });
  const cut = await page.locator('.ob-poster .ob-figure').evaluateAll((figures) => figures.filter((figure) => figure.scrollHeight > figure.clientHeight + 1).map((figure) => figure.querySelector('h2').textContent));
  problems.push(...same('cut off', cut, []), ...(await drawnPoster(page, site, plots)));
  await page.close();
  return problems;
}

/** The poster as a drawing: alone in a window, under the policy of the site, with its own style and all plots on the sheet. */
async function drawnPoster(page, site, plots) {
  await page.emulateMedia({ media: 'screen' });
  await page.goto(`${site.url}registers/poster.svg`);
  const { paper, drawings, named, outside } = await page.evaluate(() => {
    const sheet = document.documentElement.getBoundingClientRect();
    const drawings = [...document.querySelectorAll('svg.ob-plot')];
    const isOutside = ({ left, top, right, bottom }) => left < sheet.left || top < sheet.top || right > sheet.right + 1 || bottom > sheet.bottom + 1;
    return {
      paper: getComputedStyle(document.querySelector('.paper')).fill,
      drawings: drawings.length,
      named: drawings.every((drawing) => document.getElementById(drawing.getAttribute('aria-describedby'))?.textContent),
      outside: Array.from(document.querySelectorAll('text, rect'), (shape) => [shape.textContent, shape.getBoundingClientRect()]).filter(([, box]) => isOutside(box)).map(([text]) => text),
    };
  });
  return [...same('style', paper, 'rgb(255, 255, 255)'), ...same('drawings', drawings, plots), ...same('described', named, true), ...same('outside of the sheet', outside, [])];
}
