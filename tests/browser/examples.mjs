// The handbook's own runbooks, with nothing, half, wrong and all values filled in: no copy and no log holds an example. Each
// runbook is played in one of these ways, with `--all` in each. And what warns of danger can be read on paper, by night and in the
// reader's own colours.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { same } from './scenes.mjs';
import { listen, watch } from './visit.mjs';

export async function examplesSession(browser, site, folder, report, all) {
  const { pages } = JSON.parse(await readFile(join(folder, 'handbook.json'), 'utf8'));
  // What buttons and logs say is compared in English.
  const runbooks = pages.filter(({ kind, language }) => kind === 'runbook' && language === 'en');
  const counts = { copied: 0, held: 0, logs: 0, examples: 0 };
  let turn = 0;
  for (const { url, fields } of runbooks) {
    // Without a field there is nothing to fill in.
    const modes = fields.variables ? MODES : MODES.slice(0, 1);
    for (const [mode, values] of all ? modes : [modes[turn++ % modes.length]]) {
      const play = (page) => tryAll(page, fields.variables ?? [], values, counts);
      report.check(`${url}: no example is copied with ${mode}`, await onPage(browser, site, url, {}, play));
    }
  }
  // Otherwise the checks above had nothing to look at.
  report.check('the runbooks have examples, blocks of all sorts and logs', Object.entries(counts).filter(([, count]) => count < 10).map(([name, count]) => `${name}: ${count}`));
  const incident = pages.find(({ fields }) => fields.severity);
  const dangerous = runbooks.find(({ fields }) => fields.risk === 'destructive' && fields.variables);
  for (const [name, media, check] of MEDIA) {
    for (const { url } of [incident, dangerous]) {
      report.check(`${url}: what warns can be read ${name}`, await onPage(browser, site, url, media, (page) => check(page)));
    }
  }
}

async function onPage(browser, site, url, media, play) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: site.origin });
  const seen = await watch(context, site);
  const page = await context.newPage();
  listen(page, seen);
  page.setDefaultTimeout(10_000);
  await page.emulateMedia(media);
  await page.goto(new URL(url, site.url).href);
  const problems = await play(page).catch((error) => [error.stack]);
  await context.close();
  return [...problems, ...seen.problems];
}

// Copies and logs

/**
 * A value of the same form that no example is: as many other digits and letters as the pattern takes, or another one of the
 * values that the pattern lists.
 */
function other({ example, pattern }) {
  const fits = (text) => !pattern || new RegExp(`^(?:${pattern})$`, 'u').test(text);
  const signs = [...example];
  for (const [at, sign] of signs.entries()) {
    const choice = /\d/.test(sign) ? ['7', '8'] : /[a-z]/i.test(sign) ? ['e', 'f'] : [];
    const changed = choice.filter((text) => text !== sign).find((text) => fits(signs.with(at, text).join('')));
    if (changed) signs[at] = changed;
  }
  const text = signs.join('');
  if (text !== example || !pattern) return text;
  const listed = pattern.split('|').map((choice) => choice.replace(/\[(.)\]|\\(.)/g, '$1$2'));
  return listed.find((choice) => choice !== example && fits(choice)) ?? text;
}
/** One that holds the example and does not fit. */
const wrong = ({ example, pattern }) => (pattern ? `!${example}` : `${example}\u200b`);

const MODES = [
  ['nothing filled in', () => ''],
  ['half of the values filled in', (variable, at) => (at % 2 === 0 ? other(variable) : '')],
  ['the other half wrong', (variable, at) => (at % 2 === 0 ? wrong(variable) : other(variable))],
  ['wrong values filled in', wrong],
  ['all values filled in', other],
];

async function tryAll(page, variables, values, counts) {
  // A text that is the variable's name stands for no host. An example that no value replaces may stand anywhere, such as `/`.
  const examples = [...new Set(variables.flatMap(({ name, replaces = [] }) => replaces.filter((text) => text !== name)))];
  counts.examples += examples.length;
  for (const [at, variable] of variables.entries()) await page.locator(`#ob-value-${variable.name}`).fill(values(variable, at));
  const problems = [];
  const look = (what, text) => problems.push(...examples.filter((example) => holds(text, example)).map((example) => `${what} holds ${example}: ${text}`));
  for (const { copied, shown, risk, open, label } of await page.evaluate(pressAll, NOTHING)) {
    const careful = ['change', 'disruptive', 'destructive'].includes(risk);
    look('the clipboard', copied);
    look('the dialog', shown);
    counts[copied === NOTHING ? 'held' : 'copied'] += 1;
    if (careful && open > 0 && copied !== NOTHING) problems.push(`${open} values are missing, and it is copied: ${copied}`);
    if ((copied === NOTHING) !== label.startsWith('Fill in')) problems.push(`the button says ${label}, and this is copied: ${copied}`);
  }
  await page.evaluate(() => document.querySelectorAll('.ob-tick:not(:checked)').forEach((box) => box.click()));
  const log = page.locator('.ob-log');
  if ((await log.count()) > 0) {
    await page.evaluate((text) => navigator.clipboard.writeText(text), NOTHING);
    await log.click();
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
    for (let tries = 0; tries < 100 && (await clipboard()) === NOTHING; tries += 1) await page.waitForTimeout(50);
    // Times and counts are numbers of their own.
    const text = (await page.evaluate(() => navigator.clipboard.readText())).replace(/\d{4}-\d\d-\d\dT\S+|^- \d+ of \d+ steps done$/gm, '');
    look('the log', text);
    counts.logs += 1;
    const missing = variables.filter((variable, at) => values(variable, at) !== other(variable)).map(({ name }) => `\`<${name}>\``);
    if (!(missing.length > 0 ? text.includes(`Not filled in: ${missing.join(', ')}.`) : !text.includes('Not filled in'))) problems.push(`the log does not say what is missing: ${text}`);
  }
  return problems;
}

const NOTHING = 'nothing is copied';

/**
 * Presses each copy button, and in the dialog the one that copies; gives what was shown and copied. All of it happens in the
 * page: some hundred buttons are pressed, and a driver takes ten times as long.
 */
async function pressAll(nothing) {
  const until = async (holds) => {
    for (let frame = 0; !holds(); frame += 1) {
      if (frame > 600) throw new Error('a copy button does not answer');
      await new Promise(requestAnimationFrame);
    }
  };
  const pressed = [];
  for (const button of document.querySelectorAll('.ob-copy')) {
    await navigator.clipboard.writeText(nothing);
    const figure = button.closest('figure');
    const { risk } = figure.dataset;
    const open = figure.querySelectorAll('pre [data-in]:not([data-state="filled"])').length;
    const label = button.getAttribute('aria-label');
    button.click();
    const dialog = () => document.querySelector('dialog[open]');
    await until(() => dialog() || button.dataset.state);
    let shown = '';
    if (dialog()) {
      const parts = dialog().querySelectorAll('h2, p:not(.ob-value-help, .ob-value-note), pre');
      shown = [...parts].map((part) => part.textContent).join('\n');
      dialog().querySelector('[value="copy"]').click();
      await until(() => (dialog() ? document.activeElement.tagName === 'INPUT' : button.dataset.state));
      // As the Escape key does.
      dialog()?.requestClose();
    }
    pressed.push({ copied: await navigator.clipboard.readText(), shown, risk, open, label });
  }
  return pressed;
}

/** Whether a text stands in another as a word or number of its own. */
function holds(text, word) {
  const literal = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const part = String.raw`[\p{L}\p{N}_-]`;
  return new RegExp(`(?<!${part}|\\d\\.)${literal}(?!${part}|\\.\\d)`, 'u').test(text.replace(/<\w+>|\\<\w+\\>/g, ''));
}

// What warns of danger

const SIGNS = '.ob-risk, .ob-severity, figcaption > .code-risk';

/** Each sign in each of its degrees: its colours, its frame and their contrast, on paper without grounds. */
function signs(page, printed) {
  return page.evaluate(
    ([selector, printed]) => {
      const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
      const read = (colour) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
      };
      const light = (colour) => colour.slice(0, 3).map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)).reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
      const ground = (element) => {
        if (printed) return [255, 255, 255];
        for (let at = element; at; at = at.parentElement) {
          const colour = read(getComputedStyle(at).backgroundColor);
          if (colour[3] === 255) return colour;
        }
        return read('Canvas');
      };
      return [...document.querySelectorAll(selector)].flatMap((element) => {
        const degrees = element.matches('.ob-severity') ? ['SEV1', 'SEV2', 'SEV3', 'SEV4', 'SEV5'] : ['read-only', 'change', 'disruptive', 'destructive'];
        return degrees.map((degree) => {
          element.className = `${element.classList[0]} ${degree}`;
          const style = getComputedStyle(element);
          const [ink, behind] = [read(style.color), ground(element)];
          const [low, high] = [light(ink), light(behind)].sort((a, b) => a - b);
          return { name: `${element.classList[0]} ${degree}`, contrast: (high + 0.05) / (low + 0.05), frame: style.borderTopStyle !== 'none' && parseFloat(style.borderTopWidth) > 0, behind };
        });
      });
    },
    [SIGNS, printed],
  );
}

const said = ({ name, contrast, frame, behind }) => `${name}: contrast ${contrast.toFixed(2)}, frame ${frame}, on ${behind.slice(0, 3)}`;

/** All can be read; those that stand on a ground elsewhere have a frame instead. */
async function framed(page, printed) {
  const found = await signs(page, printed);
  return [...same('signs', found.length > 0, true), ...found.filter(({ contrast, frame }) => contrast < 4.5 || !frame).map(said)];
}

/** All can be read, and the worst stands on a red that is no pastel. */
async function red(page) {
  const found = await signs(page, false);
  const worst = found.filter(({ name }) => /destructive|SEV1/.test(name));
  const isRed = ({ behind: [red, green, blue] }) => red > 150 && green < red / 3 && blue < red / 3;
  return [...same('signs', worst.length > 0, true), ...found.filter(({ contrast }) => contrast < 4.5).map(said), ...worst.filter((sign) => !isRed(sign)).map(said)];
}

const MEDIA = [
  ['on paper', { media: 'print', colorScheme: 'dark' }, (page) => framed(page, true)],
  ['in forced colours', { forcedColors: 'active' }, (page) => framed(page, false)],
  ['in forced colours by night', { forcedColors: 'active', colorScheme: 'dark' }, (page) => framed(page, false)],
  ['by day', { colorScheme: 'light' }, red],
  ['by night', { colorScheme: 'dark' }, red],
];
