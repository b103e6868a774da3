// A section as one long page: on a screen, where its links are followed, and on paper, where nothing else is in sight.

import { pagesIn, validate } from './html.mjs';
import { writePrinted } from './print-fixture.mjs';
import { playScenes, same, sideways, violations } from './scenes.mjs';

const PAGE = 'processes/print/';
const SIZE = { width: 1000, height: 740 };

export function printSession(browser, binary, report) {
  const after = async (folder) => validate(folder, (await pagesIn(folder)).filter((file) => file.startsWith(PAGE)), report);
  const more = ['--print', 'processes'];
  return playScenes(browser, binary, report, { name: 'print', usual: { viewport: SIZE }, write: writePrinted, checks: CHECKS, arguments: more, after });
}

/** What each entry of the table of contents says, and the heading that it leads to. */
const entries = (page) =>
  page.locator('.ob-parts a').evaluateAll((links) =>
    links.map((link) => {
      const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      return [link.textContent, target && `${target.localName} ${target.firstChild.textContent}`, link.closest('[lang]').lang];
    }),
  );

const CONTENTS = [
  ['Processes', 'h2'], ['Overview', 'h3'],
  ['Change', 'h2'], ['Overview', 'h3'], ['Roles & "rights" <1>', 'h3'],
  ['Incident', 'h2'], ['Overview', 'h3'], ['Roles & "rights" <1>', 'h3'],
  ['Page change', 'h2'],
  ['Overview', 'h2'], ['Overview', 'h3'],
  ['Übergabe', 'h2', 'de'], ['Überblick', 'h3', 'de'],
];

const CHECKS = [
  ['the table of contents names every page and leads to its headings', {}, async (page, { url }) => {
    await page.goto(url + PAGE);
    const problems = same('entries', await entries(page), CONTENTS.map(([text, tag, lang = 'en']) => [text, `${tag} ${text}`, lang]));
    const links = page.locator('.ob-parts a');
    const places = new Set();
    for (let at = 0; at < (await links.count()); at += 1) {
      await links.nth(at).click();
      const { text, top } = await page.evaluate(() => {
        const target = document.querySelector(':target');
        return { text: target?.firstChild.textContent, top: Math.round(target?.getBoundingClientRect().top ?? -1) };
      });
      problems.push(...same('landed at', text, CONTENTS[at]?.[0]), ...(top >= 0 && top < SIZE.height ? [] : [`${text} is ${top} px down`]));
      places.add(page.url());
    }
    return [...problems, ...same('places', places.size, CONTENTS.length)];
  }],
  ['ids are unique, and all that names one finds it', {}, async (page, { url }) => {
    await page.goto(url + PAGE);
    return page.evaluate(() => {
      const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
      const twice = ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `twice: ${id}`);
      const named = ['aria-labelledby', 'aria-describedby', 'aria-controls', 'headers', 'for'].flatMap((name) =>
        [...document.querySelectorAll(`[${name}]`)].flatMap((element) => element.getAttribute(name).split(' ')),
      );
      const painted = [...document.querySelectorAll('svg *')].flatMap((element) => [...element.attributes].flatMap(({ value }) => [...value.matchAll(/url\(#([^)]+)\)/g)].map((match) => match[1])));
      const links = [...document.querySelectorAll('a[href^="#"]')].map((link) => decodeURIComponent(link.hash.slice(1)));
      const missing = [...named, ...painted, ...links].filter((id) => !ids.includes(id));
      const few = named.length > 8 && painted.length > 0 && links.length > 30 ? [] : [`only ${named.length}, ${painted.length}, ${links.length}`];
      return [...twice, ...missing.map((id) => `not there: ${id}`), ...few];
    });
  }],
  ['links stay on the page where they can, and none leads nowhere', {}, async (page, { url }) => {
    await page.goto(url + PAGE);
    const part = page.locator('#page-incident + *').locator('xpath=..');
    const problems = [];
    for (const [name, want] of [['the overview', '#page-incident--overview'], ['the other', '#page-change--overview'], ['all', '#page-processes'], ['this one', '#page-incident'], ['what is not printed', '../../other/#far']]) {
      problems.push(...same(name, await part.getByRole('link', { name, exact: true }).getAttribute('href'), want));
    }
    problems.push(...same('in German', await page.getByRole('link', { name: 'die Änderung' }).getAttribute('href'), '#page-change--deep'));
    await part.locator('.footnote-ref a').click();
    problems.push(...same('footnote', await page.evaluate(() => document.querySelector(':target').textContent.trim().startsWith('A footnote of Incident.')), true));
    const hrefs = await page.locator('a[href]').evaluateAll((links, origin) => [...new Set(links.map((link) => link.href).filter((href) => href.startsWith(origin)).map((href) => href.split('#')[0]))], new URL(url).origin);
    const statuses = await page.evaluate((hrefs) => Promise.all(hrefs.map((href) => fetch(href).then(({ status }) => [href, status]))), hrefs);
    return [...problems, ...statuses.filter(([, status]) => status !== 200).map(([href, status]) => `${status}: ${href}`)];
  }],
  ['the section leads to it', {}, async (page, { url }) => {
    await page.goto(`${url}processes/`);
    await page.locator('a[href$="print/"]').first().click();
    return same('address', page.url(), url + PAGE);
  }],
  ['paper shows the pages and nothing of the frame', {}, async (page, { url }) => {
    await page.goto(url + PAGE);
    await page.emulateMedia({ media: 'print' });
    const frame = ['.ob-skip', '.ob-tools', '.ob-search', '.ob-side', '.ob-crumbs', '.ob-copy', 'a.anchor', '.ob-turn', '.tab-list'];
    const shown = await page.evaluate((frame) => frame.filter((name) => [...document.querySelectorAll(name)].some((element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length)), frame);
    const there = await page.evaluate((frame) => frame.filter((name) => document.querySelector(name)).length, frame);
    const words = ['Folded words.', 'Words about Debian.', 'Words about Fedora.', 'A footnote of Incident.', 'Mehr Worte.'];
    const hidden = await page.evaluate((words) => words.filter((words) => !document.body.innerText.includes(words)), words);
    return [...shown.map((name) => `in sight: ${name}`), ...(there > 5 ? [] : [`only ${there} parts of a frame are there`]), ...hidden.map((text) => `not in sight: ${text}`), ...same('contents', await page.locator('.ob-parts').isVisible(), true)];
  }],
  ['each page begins on a sheet of its own, and links work in a PDF', {}, async (page, { url }) => {
    await page.goto(url + PAGE);
    const text = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    const sheets = (text.match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length;
    const pages = CONTENTS.filter(([, tag]) => tag === 'h2').length;
    const links = (text.match(/\/Dest\b/g) ?? []).length;
    return [...(sheets > pages && sheets < 2 * pages + 3 ? [] : [`${sheets} sheets for ${pages} pages`]), ...(links >= CONTENTS.length ? [] : [`${links} links within`])];
  }],
  ['it reads without scripts', { javaScriptEnabled: false }, async (page, { url }) => {
    await page.goto(url + PAGE);
    return [...same('parts', await page.locator('.ob-part:visible').count(), 6), ...same('contents', await page.locator('.ob-parts a').count(), CONTENTS.length)];
  }],
  ...['light', 'dark'].flatMap((colorScheme) =>
    [320, 1280].map((width) => [`nothing keeps people from reading it at ${width} px, ${colorScheme}`, { viewport: { width, height: 740 }, colorScheme }, async (page, { url }) => {
      await page.goto(url + PAGE);
      return [...(await violations(page)), ...same('sideways', await sideways(page), 0)];
    }]),
  ),
];
