// Runbook mode: values, ticks, copies and the log, as an operator uses them at night, and as an attacker would.

import { spawnSync } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { addressesOf } from './alert-link.mjs';
import { REFUSED, VALUES, writeRunbooks } from './runbook-fixture.mjs';
import { playScenes, same, sideways, violations } from './scenes.mjs';

/** At most so many bytes of scripts, compressed: the form, the checklist, the questions, the bar and focus mode. */
const MOST_SCRIPT = 10 * 1024;
/** The same for the alert that a page is opened from: its script and its style sheet, which other readers do not load. */
const MOST_ALERT = 4 * 1024;

/** Builds a handbook of runbooks and works with them. */
export function runbookSession(browser, binary, report) {
  const after = async (folder) => {
    report.check('runbooks: the scripts are small', await sizes(join(folder, 'assets'), /^runbook.*\.js$/, MOST_SCRIPT));
    report.check('runbooks: the alert is small', await sizes(join(folder, 'assets'), /^alert-link.*\.(js|css)$/, MOST_ALERT));
  };
  return playScenes(browser, binary, report, { name: 'runbooks', usual: { viewport: { width: 360, height: 740 }, timezoneId: 'Europe/Berlin' }, write: writeRunbooks, checks: CHECKS, prepare, after });
}

/** Everything that may show that a text ran, or that a value left the browser. */
async function prepare(context, seen) {
  Object.assign(seen, { requests: [], bytes: 0 });
  context.on('request', (request) => seen.requests.push(request.url()));
  context.on('response', async (response) => {
    const body = await response.body().catch(() => '');
    seen.bytes += body.length;
  });
  await context.exposeFunction('reportTrap', (text) => seen.problems.push(text));
  await context.addInitScript(() => {
    for (const name of ['alert', 'confirm', 'prompt', 'print']) window[name] = () => window.reportTrap(`${name} was called`);
  });
}

const field = (page, name) => page.locator(`#ob-value-${name}`);
/** Opens or closes the sheet of the bar, which holds the fields on a narrow screen. */
const sheet = (page, open) => page.evaluate((open) => (document.querySelector('.ob-sheet').open = open), open);

export async function fill(page, name, value) {
  await sheet(page, true);
  await field(page, name).fill(value);
  await sheet(page, false);
}

/** Presses a button of the sheet. */
async function press(page, selector) {
  await sheet(page, true);
  await page.locator(selector).click();
  await sheet(page, false);
}

const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());
const stored = (page) => page.evaluate(() => JSON.stringify({ ...localStorage }));

/** Presses the copy button of the block that holds a text; gives what is then in the clipboard. */
async function copy(page, text) {
  await page.evaluate(() => navigator.clipboard.writeText('nothing'));
  const figure = page.locator('figure.code', { hasText: text });
  await figure.locator('.ob-copy:not(.ob-copy-one)').click();
  const open = await page.locator('dialog[open]').count();
  if (!open) await figure.locator('.ob-copy[data-state="done"]').waitFor();
  return clipboard(page);
}

/** Elements that are neither ours nor the page's. */
function foreign(page) {
  return page.evaluate(() => {
    const found = [...document.querySelectorAll('.ob-prose :is(img, script, iframe, svg), .ob-runbook :is(img, script, a:not(.ob-next-step)), dialog :is(img, script), var var, [onerror]')];
    return found.map((element) => `a foreign element: ${element.outerHTML.slice(0, 120)}`);
  });
}

async function sizes(folder, names, most) {
  const files = (await readdir(folder)).filter((name) => names.test(name));
  const lengths = await Promise.all(files.map(async (name) => gzipSync(await readFile(join(folder, name)), { level: 9 }).length));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  console.log(`${names}: ${total} bytes compressed`);
  return total > 0 && total <= most ? [] : [`${total} bytes compressed: ${files.join(' ')}`];
}

export const SESSION = `ceph osd tree down \\
  --format plain
ssh node7.example.org uptime
select 1
from amphora;
cat <<EOF > /tmp/hosts
node7.example.org
EOF
print("testbed-node-01")`;

async function fillHost(page, site) {
  await page.goto(`${site.url}runbooks/osd/`);
  await fill(page, 'HOST', 'node7.example.org');
}

const CHECKS = [
  ['a host is filled in once and stands in every command', {}, async (page, site, seen) => {
    await page.goto(`${site.url}runbooks/osd/`, { waitUntil: 'networkidle' });
    const problems = seen.bytes <= 150_000 ? [] : [`the page loads ${seen.bytes} bytes`];
    console.log(`runbook page with everything it loads: ${seen.bytes} bytes`);
    const before = seen.requests.length;
    await fill(page, 'HOST', 'node7.example.org');
    const places = await page.locator('var[data-var="HOST"]').allTextContents();
    problems.push(...same('places', new Set(places).size, 1), ...same('first place', places[0], 'node7.example.org'));
    if (places.length !== 13) problems.push(`${places.length} places`);
    problems.push(...same('other text', await page.getByText('the text testbed-node-0 stays').count(), 1));
    problems.push(...same('commands', await copy(page, 'ceph osd tree'), SESSION));
    problems.push(...same('requests since', seen.requests.length - before, 0));
    problems.push(...same('sideways', await sideways(page), 0));
    return problems;
  }],
  ['values and ticks survive a reload, secrets do not', {}, async (page, site) => {
    await fillHost(page, site);
    await fill(page, 'TOKEN', 's3cret');
    const masked = await page.locator('var[data-var="TOKEN"]').first().textContent();
    const copied = await copy(page, 'X-Auth-Token');
    const boxes = page.locator('.ob-tick');
    await boxes.nth(0).check();
    await boxes.nth(2).check();
    const kept = await stored(page);
    await page.reload();
    const line = await page.locator('.ob-progress').textContent();
    const zone = await page.locator('time').first().textContent();
    return [
      ...same('shown', masked, '••••••'),
      ...same('copied', copied.split('\n')[1], "curl -H 'X-Auth-Token: s3cret' http://node7.example.org:8080/"),
      ...(kept.includes('s3cret') ? ['the secret is stored'] : []),
      ...same('host', await field(page, 'HOST').inputValue(), 'node7.example.org'),
      ...same('place', await page.locator('var[data-var="HOST"]').first().textContent(), 'node7.example.org'),
      ...same('token', await field(page, 'TOKEN').inputValue(), ''),
      ...same('ticks', (await boxes.evaluateAll((all) => all.map((box) => +box.checked))).join(''), '101000'),
      ...(/^2 of 6 steps done, the last at \d\d:\d\d /.test(line.trim()) ? [] : [line]),
      ...(/^\d\d:\d\d (GMT\+\d|CES?T) $/.test(zone) ? [] : [`time ${zone}`]),
    ];
  }],
  ['a step that is done folds, unfolds at will, and never hides anything on paper or in focus mode', {}, async (page, site) => {
    await page.goto(`${site.url}runbooks/osd/`);
    const step = page.locator('.ob-prose li[data-step]').first();
    const more = step.locator('.ob-more');
    const seen = async () => [await step.locator('pre').isVisible(), await step.locator('p').first().isVisible()];
    const problems = same('open', [await seen(), await more.isVisible()], [[true, true], false]);
    await step.locator('.ob-tick').check();
    problems.push(...same('folded', [await seen(), await more.textContent(), await more.getAttribute('aria-expanded')], [[false, true], 'Show', 'false']), ...(await violations(page)));
    await more.click();
    problems.push(...same('unfolded', [await seen(), await more.textContent(), await more.getAttribute('aria-expanded')], [[true, true], 'Fold', 'true']));
    await page.reload();
    problems.push(...same('after a reload', await seen(), [false, true]));
    await page.emulateMedia({ media: 'print' });
    problems.push(...same('on paper', [await seen(), await more.isVisible()], [[true, true], false]));
    await page.emulateMedia({ media: 'screen' });
    await page.goto(`${site.url}runbooks/osd/#ob-focus=1`);
    problems.push(...same('in focus mode', await page.locator('dialog.ob-one[open] pre').first().isVisible(), true));
    await page.keyboard.press('Escape');
    await step.locator('.ob-tick').uncheck();
    return [...problems, ...same('not done any more', [await seen(), await more.isVisible()], [[true, true], false]), ...same('sideways', await sideways(page), 0)];
  }],
  ['a destructive command asks before it is copied', {}, async (page, site) => {
    await fillHost(page, site);
    const problems = same('at once', await copy(page, 'ceph osd purge'), 'nothing');
    problems.push(...same('focus', await page.evaluate(() => document.activeElement.textContent), 'Close'));
    const text = await page.locator('dialog[open]').textContent();
    if (!text.includes('ceph osd purge node7.example.org') || !text.includes('Not possible')) problems.push(text);
    await page.keyboard.press('Escape');
    problems.push(...same('after Escape', await clipboard(page), 'nothing'));
    problems.push(...same('focus after', await page.evaluate(() => document.activeElement.className), 'ob-copy'));
    await copy(page, 'ceph osd purge');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('.ob-copy[data-state="done"]').waitFor();
    return [...problems, ...same('after the answer', await clipboard(page), 'ceph osd purge node7.example.org')];
  }],
  ['what is not filled in is marked, and named in a copy', {}, async (page, site) => {
    await page.goto(`${site.url}runbooks/osd/`);
    const marked = await page.locator('var[data-var="HOST"]').evaluateAll((all) => all.every((place) => place.dataset.state === 'open' && place.title.includes('storage03.example.org')));
    const copied = await copy(page, 'dig +short');
    const note = await page.locator('.ob-code-note').textContent();
    return [
      ...same('marked', marked, true),
      ...same('copied', copied, '# whether <HOST> answers\ndig +short <HOST>'),
      ...same('note', note, 'Not filled in: HOST. The copy holds these names in angle brackets.'),
      ...same('session', await copy(page, 'ceph osd tree'), SESSION.replaceAll('node7.example.org', '<HOST>')),
    ];
  }],
  ['a command that changes something waits for its values, and the dialog takes them', {}, async (page, site) => {
    await page.goto(`${site.url}runbooks/osd/`);
    const button = page.locator('figure.code', { hasText: 'ping -c 1' }).locator('.ob-copy');
    const labels = [[await button.innerText(), await button.getAttribute('aria-label'), await page.locator('figure.code', { hasText: 'ceph osd purge' }).locator('.ob-copy').innerText()]];
    const problems = same('at once', await copy(page, 'ping -c 1'), 'nothing');
    const dialog = page.locator('dialog[open]');
    const shown = async () => [await dialog.locator('h2').textContent(), await dialog.locator('p').first().textContent(), await dialog.locator('pre').textContent()];
    problems.push(...same('asked', await shown(), ['Fill in 2 values', 'Not filled in: HOST, TOKEN.', "ping -c 1 <HOST>\ncurl -H 'X-Auth-Token: <TOKEN>' http://<HOST>:8080/"]));
    problems.push(...same('fields', await dialog.locator('input').evaluateAll((all) => all.map(({ name }) => name)), ['HOST', 'TOKEN']));
    problems.push(...same('focus', await page.evaluate(() => document.activeElement.name), 'HOST'));
    await page.keyboard.press('Enter');
    problems.push(...same('Enter with nothing', [await clipboard(page), await page.evaluate(() => document.activeElement.name)], ['nothing', 'HOST']));
    await page.keyboard.type('Node <1>');
    await page.keyboard.press('Enter');
    problems.push(...same('a value that does not fit', [await clipboard(page), await field(page, 'HOST').getAttribute('aria-invalid')], ['nothing', 'true']));
    problems.push(...same('reason', [(await shown())[1], await dialog.locator('#ob-note-HOST').textContent()], ['Not filled in: TOKEN. The value in the field HOST does not fit.', 'This does not look like HOST. It has to match [a-z0-9][a-z0-9.-]*']));
    await fill(page, 'HOST', 'node7');
    await page.keyboard.press('Enter');
    problems.push(...same('half', [await clipboard(page), await page.evaluate(() => document.activeElement.name)], ['nothing', 'TOKEN']));
    await page.keyboard.type('s3cret');
    problems.push(...same('ready', (await shown()).slice(1), ['All values are filled in.', "ping -c 1 node7\ncurl -H 'X-Auth-Token: ••••••' http://node7:8080/"]));
    await page.keyboard.press('Enter');
    await page.locator('.ob-copy[data-state="done"]').waitFor();
    problems.push(...same('copied', await clipboard(page), "ping -c 1 node7\ncurl -H 'X-Auth-Token: s3cret' http://node7:8080/"));
    problems.push(...same('home', await page.locator('.ob-values input').evaluateAll((all) => all.map(({ name, value }) => `${name} ${value}`)), ['HOST node7', 'VOLUME ', 'TOKEN s3cret']));
    problems.push(...same('stored', [(await stored(page)).includes('node7'), (await stored(page)).includes('s3cret')], [true, false]));
    await press(page, '.ob-restart');
    await fill(page, 'TOKEN', 's3cret');
    await button.locator('text=Fill in').waitFor();
    labels.push([await button.innerText(), await button.getAttribute('aria-label')]);
    await fill(page, 'HOST', 'node8');
    labels.push([await button.innerText(), await button.getAttribute('aria-label')]);
    return [...problems, ...same('labels', labels, [['Fill in 2 values', 'Fill in 2 values', 'Fill in 1 value'], ['Fill in 1 value', 'Fill in 1 value'], ['Copy', 'Copy code']])];
  }],
  ['a question that follows another at once has its fields', {}, async (page, site) => {
    await page.goto(`${site.url}runbooks/osd/`);
    // A browser reports that a dialog was closed in a later task.
    const asked = await page.evaluate(() => {
      const press = (text) => [...document.querySelectorAll('figure.code')].find((figure) => figure.textContent.includes(text)).querySelector('.ob-copy').click();
      press('ping -c 1');
      document.querySelector('dialog[open]').requestClose();
      press('token revoke');
      return document.querySelector('dialog[open] pre')?.textContent;
    });
    await page.waitForTimeout(200);
    const fields = () => page.locator('dialog[open] input').evaluateAll((all) => all.map(({ name }) => name));
    const problems = [...same('asked', asked?.includes('token revoke'), true), ...same('fields', await fields(), ['TOKEN', 'HOST'])];
    await page.keyboard.type('s3cret');
    await page.keyboard.press('Tab');
    await page.keyboard.type('node7');
    await page.keyboard.press('Enter');
    await page.locator('.ob-copy[data-state="done"]').waitFor();
    const home = await page.locator('.ob-values input').evaluateAll((all) => all.map(({ name }) => name));
    return [...problems, ...same('copied', (await clipboard(page)).includes('s3cret'), true), ...same('home', home, ['HOST', 'VOLUME', 'TOKEN'])];
  }],
  ['a refused value is in no command, and keeps each block back', {}, async (page, site) => {
    await page.goto(`${site.url}runbooks/osd/`);
    await fill(page, 'TOKEN', 's3cret');
    await fill(page, 'HOST', 'Storage07');
    const states = await page.locator('var[data-var="HOST"]').evaluateAll((all) => [...new Set(all.map(({ dataset }) => dataset.state))]);
    const problems = same('states', states, ['refused']);
    for (const text of ['ping -c 1', 'dig +short', 'ceph osd purge', 'token revoke', 'ceph osd tree']) {
      problems.push(...same(text, await copy(page, text), 'nothing'));
      const dialog = page.locator('dialog[open]');
      problems.push(...same(`${text} asks for`, await dialog.locator('input').evaluateAll((all) => all.map(({ name }) => name)), ['HOST']));
      if ((await dialog.locator('pre').textContent()).includes('torage07')) problems.push(`${text}: the dialog shows it`);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
    }
    // Where nothing changes, a reader may do without the value.
    await copy(page, 'dig +short');
    await fill(page, 'HOST', '');
    await page.keyboard.press('Enter');
    await page.locator('.ob-copy[data-state="done"]').waitFor();
    return [...problems, ...same('without it', await clipboard(page), '# whether <HOST> answers\ndig +short <HOST>')];
  }],
  ['a selection within a block holds no example', {}, async (page, site) => {
    await page.goto(`${site.url}runbooks/osd/`);
    const code = page.locator('figure.code', { hasText: 'ceph osd purge' }).locator('code');
    const select = async (choose) => {
      await page.evaluate(() => navigator.clipboard.writeText('nothing'));
      await choose();
      await page.keyboard.press('Control+c');
      return clipboard(page);
    };
    const whole = () => code.evaluate((code) => getSelection().selectAllChildren(code));
    const word = () => code.locator('var').dblclick();
    const end = () => code.click({ clickCount: 3 });
    const problems = [...same('whole', (await select(whole)).trim(), 'ceph osd purge <HOST>'), ...same('word', await select(word), '<HOST>'), ...same('line', (await select(end)).trim(), 'ceph osd purge <HOST>')];
    await fill(page, 'HOST', 'node7');
    return [...problems, ...same('filled in', (await select(whole)).trim(), 'ceph osd purge node7')];
  }],
  ['without the script that guards them, dangerous blocks have no button', {}, async (page, site) => {
    await page.route('**/runbook*.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
    await page.goto(`${site.url}runbooks/osd/`);
    const buttons = async (text) => page.locator('figure.code', { hasText: text }).locator('.ob-copy').count();
    const found = await Promise.all(['ping -c 1', 'ceph osd purge', 'token revoke', 'dig +short'].map(buttons));
    return [...same('buttons', found, [0, 0, 0, 1]), ...same('copied', await copy(page, 'dig +short'), '# whether <HOST> answers\ndig +short <HOST>')];
  }],
  ...[true, false].map((javaScriptEnabled) => [`on paper an open place shows its name, ${javaScriptEnabled ? 'with' : 'without'} scripts`, { javaScriptEnabled }, async (page, site) => {
    await page.goto(`${site.url}runbooks/osd/`);
    if (javaScriptEnabled) await fill(page, 'TOKEN', 's3cret');
    await page.emulateMedia({ media: 'print' });
    const shown = await page.locator('pre var').evaluateAll((all) => all.map((place) => [place.dataset.var, parseFloat(getComputedStyle(place).fontSize) > 0, getComputedStyle(place, '::after').content]));
    const wrong = shown.filter(([name, sized, after]) => (javaScriptEnabled && name === 'TOKEN' ? !sized || after !== 'none' : sized || !after.includes(name)));
    return [...same('places', shown.length > 15, true), ...wrong.map((place) => JSON.stringify(place))];
  }]),
  ['the log names what was not filled in, and holds no example', {}, async (page, site) => {
    await page.goto(`${site.url}runbooks/osd/`);
    await fill(page, 'VOLUME', 'vol1');
    await fill(page, 'HOST', 'Storage07');
    for (const step of [1, 2]) await page.locator('.ob-tick').nth(step).check();
    await press(page, '.ob-log');
    await page.waitForFunction(() => document.getElementById('ob-status').textContent === 'Incident log copied');
    const log = await clipboard(page);
    const parts = [
      '  - `HOST` is not filled in: the value in the field does not fit\n  - `VOLUME` = `vol1`\n  - `TOKEN` is not filled in\n- Not filled in: `<HOST>`, `<TOKEN>`. Commands',
      '## Done\n\nThe steps that were ticked, with their commands as the page shows them now. Whether a command was run is not recorded.\n\n- [x] ',
      'Restart it on \\<HOST\\>:', "ping -c 1 <HOST>\n  curl -H 'X-Auth-Token: <TOKEN>' http://<HOST>:8080/", 'ceph osd purge <HOST>', '- [ ] Name the volume:\n- [ ]',
    ];
    const unwanted = ['testbed-node-0', 'storage03', 'Storage07', 't0ken'];
    return [...parts.filter((part) => !log.includes(part)).map((part) => `${part} is not in ${log}`), ...unwanted.filter((part) => log.includes(part)).map((part) => `${part} is in ${log}`)];
  }],
  [`${VALUES.length} values stay values in a real shell`, {}, async (page, site) => {
    const problems = [];
    await page.goto(`${site.url}runbooks/osd/`);
    for (const value of VALUES) {
      await fill(page, 'VOLUME', value);
      const script = await copy(page, 'printf');
      // The shell finds no program, and expands its history as at a terminal.
      const input = `set -o history -o histexpand\n${script}\n`;
      const shell = spawnSync('/bin/bash', ['--norc'], { input, encoding: 'utf8', env: { PATH: '/nowhere', VOLUME: 'unset', LC_ALL: 'C.UTF-8' } });
      const want = `[${value}][x${value}y][a ${value} b][c ${value} d][${value}][${value}]`;
      problems.push(...same(`${value} became`, shell.stdout, want), ...same(`${value} said`, shell.stderr, ''));
      problems.push(...(await foreign(page)));
    }
    return problems;
  }],
  ['where a value would be read twice only harmless ones stand', {}, async (page, site) => {
    const problems = [];
    await page.goto(`${site.url}runbooks/osd/`);
    for (const value of VALUES) {
      await fill(page, 'VOLUME', value);
      const harmless = /^[\w.\/:@%+,=-]+$/.test(value);
      const copied = await copy(page, 'mysql');
      const want = harmless ? `mysql -e "select * from volumes where name = '${value}'"` : 'nothing';
      problems.push(...same(value, copied, want));
      if (!harmless) await page.locator('dialog[open] button').first().click();
      const settled = /^[\p{L}\p{N}_ .\/:@%+,=~-]+$/u.test(value);
      problems.push(...same(value, await copy(page, 'settings.yml'), settled ? `cat > settings.yml <<EOF\ne ${value} f\nEOF` : 'nothing'));
      if (!settled) await page.locator('dialog[open] button').first().click();
    }
    await fill(page, 'VOLUME', 'Größe 2');
    return [...problems, ...same('settings', await copy(page, 'volume: '), 'volume: Größe 2')];
  }],
  ['what is no line, or does not match, goes nowhere', {}, async (page, site) => {
    const problems = [];
    await page.goto(`${site.url}runbooks/osd/`);
    for (const value of REFUSED.slice(2)) {
      // A field of one line drops line ends by itself, and a limit of length holds only for typing.
      await field(page, 'VOLUME').evaluate((input, value) => {
        input.value = value;
        input.dispatchEvent(new Event('input'));
      }, value);
      problems.push(...same(JSON.stringify(value), await page.locator('var[data-var="VOLUME"][data-state="refused"]').count(), 9));
    }
    await fill(page, 'HOST', 'Node <1>');
    problems.push(...same('invalid', await field(page, 'HOST').getAttribute('aria-invalid'), 'true'));
    problems.push(...same('place', await page.locator('var[data-var="HOST"]').first().textContent(), 'testbed-node-0'));
    if ((await stored(page)).includes('<1>')) problems.push('it is stored');
    await field(page, 'HOST').press('Enter');
    return [...problems, ...same('address', page.url(), `${site.url}runbooks/osd/`), ...(await foreign(page))];
  }],
  ['saved state is read as if anybody had written it', {}, async (page, site) => {
    const problems = [];
    const now = new Date().toISOString();
    const states = [
      'no JSON', '[]', '"x"', 'null', '7', `{"values":["a"],"steps":"x","at":{}}`, `{"values":{"HOST":{"a":1},"VOLUME":["x"],"TOKEN":"stolen"},"at":"${now}"}`,
      `{"values":{"HOST":"<img src=x onerror=alert(1)>","__proto__":{"x":1},"constructor":"y","toString":"z"}}`,
      JSON.stringify({ values: { HOST: 'a b', VOLUME: 'x'.repeat(500) }, at: now }), JSON.stringify({ values: { VOLUME: 'a\nreboot' }, at: now }),
      JSON.stringify({ steps: { nope: now, __proto__: now, toString: now }, at: '<b>' }), 'x'.repeat(100_000), `{"values":${'['.repeat(5000)}${']'.repeat(5000)}}`,
    ];
    for (const state of states) {
      await page.goto(`${site.url}runbooks/headings/`);
      await page.evaluate((state) => {
        localStorage.clear();
        localStorage.setItem('opsbook-runbook /ops/ runbooks/osd/', state);
        localStorage.setItem('opsbook-values /ops/', state);
      }, state);
      await page.goto(`${site.url}runbooks/osd/`);
      const filled = await page.locator('var:not([data-state="open"])').count();
      const ticked = await page.locator('.ob-tick:checked').count();
      problems.push(...same(state.slice(0, 60), `${filled} ${ticked}`, '0 0'), ...(await foreign(page)));
    }
    const offer = { value: 'node9', title: '<img src=x onerror=alert(1)>', at: now, page: 'other' };
    await page.evaluate((offer) => localStorage.setItem('opsbook-values /ops/', JSON.stringify({ HOST: offer, VOLUME: { ...offer, value: 'a\nb' } })), offer);
    await page.reload();
    problems.push(...same('offers', await page.locator('.ob-value-note button').count(), 1));
    return [...problems, ...(await foreign(page))];
  }],
  ['ticks with a wrong time are left out, a right one is shown', {}, async (page, site) => {
    await page.goto(`${site.url}runbooks/osd/`);
    const ids = await page.locator('[data-step]').evaluateAll((all) => all.map((step) => step.dataset.step));
    const times = ['2026-01-01T10:00:00.000Z', '2999-01-01T10:00:00.000Z', '<b>', '2026-13-01T10:00:00.000Z', 7];
    const steps = Object.fromEntries(times.map((time, at) => [ids[at], time]));
    await page.evaluate((state) => localStorage.setItem('opsbook-runbook /ops/ runbooks/osd/', state), JSON.stringify({ at: times[0], values: { HOST: 'node3' }, steps }));
    await page.reload();
    const stale = await page.locator('.ob-stale').textContent();
    return [
      ...same('ticks', await page.locator('.ob-tick:checked').count(), 1),
      ...same('time', (await page.locator('time').first().textContent()).replace(/\s+/g, ' '), 'Jan 1, 2026, 11:00 GMT+1 '),
      ...(stale.includes('2026') ? [] : [`old values are not told: ${stale}`]),
    ];
  }],
  ['a link brings values, and no more', {}, async (page, site) => {
    const url = `${site.url}runbooks/osd/`;
    const problems = [];
    const hostile = ['HOST=<img src=x onerror=alert(1)>', 'VOLUME=$(reboot)', 'VOLUME=-rf', 'VOLUME=a b', 'HOST=%00', 'HOST=%E0%A4%A', 'VOLUME=a%0Areboot', 'TOKEN=stolen', '__proto__=x', 'constructor=x', '=', 'HOST', 'HOST=', '&&&=', 'VOLUME=`x`', "VOLUME='"];
    for (const hash of hostile) {
      await page.goto('about:blank');
      await page.goto(`${url}#${hash}`);
      problems.push(...same(hash, await page.locator('var:not([data-state="open"])').count(), 0), ...(await foreign(page)));
    }
    await page.goto('about:blank');
    await page.goto(`${url}#HOST=node7&VOLUME=vol1`);
    problems.push(...same('linked', await page.locator('var[data-var="HOST"]').first().textContent(), 'node7'));
    problems.push(...same('note', await page.locator('#ob-note-HOST').textContent(), 'From the link that you followed.'));
    problems.push(...same('stored', await stored(page), '{}'));
    await page.evaluate(() => (location.hash = '#verify&HOST=node8'));
    await page.waitForFunction(() => document.getElementById('ob-value-HOST').value === 'node8');
    if ((await page.evaluate(() => document.getElementById('verify').getBoundingClientRect().top)) > 740) problems.push('the heading is not in sight');
    await fill(page, 'HOST', 'mine');
    await page.evaluate(() => (location.hash = '#HOST=theirs'));
    await page.locator('#ob-note-HOST button').waitFor();
    problems.push(...same('asks', await page.locator('.ob-sheet[open]').count(), 1));
    problems.push(...same('own value', await field(page, 'HOST').inputValue(), 'mine'));
    await press(page, '#ob-note-HOST button');
    problems.push(...same('taken', await page.locator('var[data-var="HOST"]').first().textContent(), 'theirs'));
    await page.evaluate(() => (location.hash = '#fix'));
    return [...problems, ...same('anchor', await page.evaluate(() => document.querySelector(':target')?.id), 'fix')];
  }],
  ['an alert brings text and values, and what is doubtful waits for a click', {}, async (page, site, seen) => {
    await page.goto(`${site.url}runbooks/osd/`, { waitUntil: 'networkidle' });
    const before = seen.requests.length;
    const alert = page.locator('.ob-alert');
    let number = 0;
    /** Follows the link of an alert with an unlisted name; gives the lines that the page then shows of it. */
    const follow = async (parts, name = `Case${(number += 1)}`) => {
      await page.evaluate((hash) => (location.hash = hash), `#alert=${encodeURIComponent(name)}&${parts}`);
      await alert.getByText(name.slice(0, 100)).waitFor();
      return (await alert.innerText()).split(/\n+/).slice(1).join('|');
    };
    const filled = () => page.locator('var:not([data-state="open"])').count();
    const odd = 'A shell could misread these characters. Look at them before you use them.';
    const unlisted = 'This page does not list that alert. All alerts';
    const problems = [];
    for (const [parts, wanted] of [
      ['instance=%3Cimg%20src=x%20onerror=alert(1)%3E', `${unlisted}|HOST|<img src=x onerror=alert(1)>|This does not look like HOST. It has to match [a-z0-9][a-z0-9.-]*|Edit it in the field`],
      ['volume=%24(reboot)', `${unlisted}|VOLUME|$(reboot)|${odd}|Use $(reboot)`],
      ["volume='%3B+reboot%3B+'", `${unlisted}|VOLUME|'; reboot; '|${odd}|Use '; reboot; '`],
      ['volume=-rf', `${unlisted}|VOLUME|-rf|${odd}|Use -rf`],
      ['instance=node7%3A9283', `${unlisted}|HOST|node7:9283|This does not look like HOST. It has to match [a-z0-9][a-z0-9.-]*|Use node7`],
      ['volume=a%0Areboot&token=stolen&TOKEN=stolen', unlisted],
      ['volume=%E2%80%AEtxt&instance=%E0%A4%A&__proto__=x&constructor=x&=&&since=0001-01-01T00%3A00%3A00Z', unlisted],
      [`volume=${'x'.repeat(201)}&since=%3Cb%3E`, unlisted],
    ]) {
      problems.push(...same(parts, await follow(parts), wanted), ...same(`${parts}: filled`, await filled(), 0), ...(await foreign(page)));
    }
    problems.push(...same('name', await follow('volume=', '<b>\u202ex</b>'.padEnd(90, 'y')).catch(() => 'shown otherwise'), 'shown otherwise'));
    problems.push(...same('marks in the name', (await alert.locator('b').first().textContent()).slice(0, 9), '<b>\ufffdx</b>'.slice(0, 9)));
    await page.evaluate((hash) => (location.hash = hash), `#alert=A&instance=node7&x=${'y'.repeat(4000)}`);
    await alert.getByText('The address of this page is too long. None of its values was used.').waitFor();
    problems.push(...same('too long', [await alert.locator('*').count(), await filled()], [1, 0]), ...same('stored', await stored(page), '{}'));
    // What the reader has typed stays, and what the alert says is one click away. Values in doubt are quoted as any others.
    await fill(page, 'HOST', 'mine');
    problems.push(...same('differs', await follow('instance=node8&volume=%24(reboot)', 'CephOSDDown'), `HOST|node8|The field has mine.|Use node8|VOLUME|$(reboot)|${odd}|Use $(reboot)`));
    problems.push(...same('kept', await field(page, 'HOST').inputValue(), 'mine'), ...(await violations(page)));
    await alert.getByRole('button', { name: 'Use node8' }).click();
    problems.push(...same('taken', await field(page, 'HOST').inputValue(), 'node8'), ...same('focus', await page.evaluate(() => document.activeElement.textContent), 'Use $(reboot)'));
    await page.keyboard.press('Enter');
    problems.push(...same('quoted', (await copy(page, "printf '[%s]'")).split(' ')[2], "'$(reboot)'"), ...same('then', await alert.innerText(), 'CephOSDDown\n\nHOST node8\nVOLUME $(reboot)'));
    // What does not match goes to its field only.
    await follow('instance=Node_9', 'CephOSDDown ');
    await alert.getByRole('button').click();
    problems.push(...same('edited', [await field(page, 'HOST').inputValue(), await page.evaluate(() => document.activeElement.name), await page.locator('var[data-var="HOST"][data-state="filled"]').count()], ['Node_9', 'HOST', 0]));
    const asked = seen.requests.slice(before).filter((url) => !url.includes('icon')).map((url) => new URL(url).pathname.replace(/^.*\/|-?[0-9a-f]{8,}/g, '').replace(/\.+/g, '.'));
    return [...problems, ...same('asked for', asked.sort(), ['alert-link.css', 'alert-link.js'])];
  }],
  ['the next runbook offers a value and does not take it by itself', {}, async (page, site) => {
    await fillHost(page, site);
    await page.goto(`${site.url}runbooks/next/`);
    const problems = same('at first', await page.locator('pre var').textContent(), 'node-0');
    const note = await page.locator('#ob-note-HOST').textContent();
    if (!/^node7\.example\.org was filled in at .* on “An OSD is down”\. Use it$/.test(note)) problems.push(note);
    await press(page, '#ob-note-HOST button');
    return [...problems, ...same('then', await page.locator('pre var').textContent(), 'node7.example.org')];
  }],
  ['the incident log holds times, commands and values, and no secret', {}, async (page, site) => {
    await fillHost(page, site);
    await fill(page, 'TOKEN', 's3cret');
    await fill(page, 'VOLUME', 'a``` <b>');
    for (const step of [1, 3]) await page.locator('.ob-tick').nth(step).check();
    await press(page, '.ob-log');
    await page.waitForFunction(() => document.getElementById('ob-status').textContent === 'Incident log copied');
    const log = await clipboard(page);
    const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0[12]:00`;
    const parts = [
      /^# Incident log: An OSD is down\n\n- Runbook: <http:\/\/127\.0\.0\.1:\d+\/ops\/runbooks\/osd\/>\n/, new RegExp(`- Written down: ${time}\n- 2 of 6 steps done\n- Values:\n`),
      /  - `HOST` = `node7\.example\.org`\n  - `VOLUME` = ```` a``` <b> ````\n  - `TOKEN` is secret\n/,
      new RegExp(`- \\[x\\] ${time} Restart it on node7\\.example\\.org:\n\n  \`\`\`sh\n  ping -c 1 node7`), /X-Auth-Token: ••••••/,
      /\n  ````sh\n  printf '\[%s\]' 'a``` <b>'/, /## Not done\n\n- \[ \] Is it this\?\n/, /- \[ \] All is well\n$/,
    ];
    const missing = parts.filter((part) => !part.test(log)).map((part) => `${part} is not in ${log}`);
    return [...missing, ...(log.includes('s3cret') ? ['the log holds the secret'] : [])];
  }],
  ['starting again can be taken back', {}, async (page, site) => {
    await fillHost(page, site);
    await page.locator('.ob-tick').first().check();
    await press(page, '.ob-restart');
    const empty = [await field(page, 'HOST').inputValue(), await page.locator('.ob-tick:checked').count(), await page.evaluate(() => localStorage.getItem('opsbook-runbook /ops/ runbooks/osd/'))];
    await press(page, '.ob-undo');
    await page.reload();
    return [...same('empty', JSON.stringify(empty), '["",0,null]'), ...same('back', await field(page, 'HOST').inputValue(), 'node7.example.org'), ...same('tick', await page.locator('.ob-tick:checked').count(), 1)];
  }],
  ['nothing moves when the scripts begin to work', {}, async (page, site) => {
    const problems = [];
    await page.addInitScript(() => {
      window.shift = 0;
      new PerformanceObserver((list) => list.getEntries().forEach((entry) => (window.shift += entry.value))).observe({ type: 'layout-shift', buffered: true });
    });
    // The scripts come late, as on a bad line.
    await page.route('**/*.js', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await route.continue();
    });
    // The words after a value move with its length.
    for (const [width, hash, most] of [[360, '', 0.001], [1280, '#alert=CephOSDDown&since=2026-11-21T02:12:00Z&instance=node7', 0.005]]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto('about:blank');
      await page.goto(`${site.url}runbooks/osd/${hash}`, { waitUntil: 'networkidle' });
      await page.locator('.ob-focus').waitFor();
      await page.waitForTimeout(300);
      const shift = await page.evaluate(() => window.shift);
      if (shift > most) problems.push(`${width} px: the layout shifts by ${shift}`);
    }
    return problems;
  }],
  ['headings are steps where no list is', {}, async (page, site) => {
    await page.goto(`${site.url}runbooks/headings/`);
    await page.locator('h2 .ob-tick').check();
    await page.reload();
    return [...same('boxes', await page.locator('.ob-tick').count(), 1), ...same('ticked', await page.locator('h2#restart-it .ob-tick:checked').count(), 1)];
  }],
  ['the bar says values, progress and the next step', {}, async (page, site) => {
    await page.goto(`${site.url}runbooks/osd/`);
    const chips = () => page.locator('.ob-chip').allTextContents();
    const next = () => page.locator('.ob-next-step > b').textContent();
    const problems = same('at first', [await chips(), await next()], [['HOST ___', 'VOLUME ___', 'TOKEN ___'], 'Is it this?']);
    await fill(page, 'HOST', 'node7');
    await fill(page, 'VOLUME', 'a\u200bb');
    await fill(page, 'TOKEN', 's3cret');
    await page.locator('.ob-tick').first().check();
    problems.push(...same('filled in', [await chips(), await next(), await page.locator('.ob-count').textContent()], [['HOST node7', 'VOLUME ✗', 'TOKEN ••••••'], 'Restart it on node7:', '1/6']));
    await page.locator('.ob-next-step').click();
    const [focused, top] = await page.evaluate(() => [document.activeElement.getAttribute('aria-label'), document.activeElement.closest('li').getBoundingClientRect().top]);
    problems.push(...same('leads to', focused, 'Done: Restart it on <HOST>:'));
    if (top < 48 || top > 400) problems.push(`the step is at ${top} px`);
    await page.evaluate(() => document.querySelectorAll('.ob-tick:not(:checked)').forEach((box) => box.click()));
    await page.evaluate(() => navigator.clipboard.writeText('nothing'));
    await page.locator('.ob-next-step').click();
    await page.waitForFunction(() => document.getElementById('ob-status').textContent === 'Incident log copied');
    return [...problems, ...same('log', (await clipboard(page)).split('\n')[0], '# Incident log: An OSD is down')];
  }],
  ['the sheet opens above the bar, and closes when the focus leaves it', {}, async (page, site) => {
    await page.goto(`${site.url}runbooks/osd/`);
    const summary = page.locator('.ob-sheet > summary');
    await summary.click();
    const { top, bottom } = await page.locator('.ob-sheet-body').evaluate((body) => body.getBoundingClientRect().toJSON());
    const problems = [...(top >= 48 && bottom <= 740 ? [] : [`from ${top} to ${bottom} px`]), ...same('field', await field(page, 'HOST').isVisible(), true)];
    await field(page, 'HOST').focus();
    await page.keyboard.press('Escape');
    problems.push(...same('after Escape', [await page.locator('.ob-sheet[open]').count(), await page.evaluate(() => document.activeElement.tagName)], [0, 'SUMMARY']));
    await summary.click();
    await page.locator('.ob-tick').first().focus();
    return [...problems, ...same('after the focus left', await page.locator('.ob-sheet[open]').count(), 0), ...same('sideways', await sideways(page), 0)];
  }],
  ['each of several commands is copied alone', {}, async (page, site) => {
    await fillHost(page, site);
    const figure = page.locator('figure.code', { hasText: 'ceph osd tree' });
    const buttons = figure.locator('.ob-copy-one');
    const problems = [];
    const copied = [];
    for (const button of await buttons.all()) {
      await button.click();
      await figure.locator('.ob-copy-one[data-state="done"]').waitFor();
      copied.push(await clipboard(page));
      await figure.locator('.ob-copy-one[data-state="done"]').waitFor({ state: 'detached' });
    }
    problems.push(...same('commands', copied.join('\n'), SESSION), ...same('count', copied.length, 5));
    const lines = await figure.evaluate((figure) => [...figure.querySelectorAll('.ob-copy-one')].map((button) => Math.abs(button.getBoundingClientRect().top - button.nextElementSibling.getBoundingClientRect().top) < 12));
    problems.push(...same('each is in its line', lines, Array(5).fill(true)));
    const output = await figure.locator('.c-output').allTextContents();
    return [...problems, ...same('output', output[0], '12 hdd osd.12 down on node7.example.org')];
  }],
  ['focus mode shows one step after the other, and moves all of it back', {}, async (page, site) => {
    await page.goto(`${site.url}runbooks/osd/`);
    const before = await page.locator('.ob-prose').first().innerHTML();
    await page.locator('.ob-focus').click();
    const dialog = page.locator('dialog.ob-one');
    const steps = () => dialog.locator('.ob-one-body [data-step]').count();
    const title = () => dialog.locator('.ob-one-title').textContent();
    const problems = same('first', [await title(), await steps(), await dialog.locator('.ob-one-place').textContent(), new URL(page.url()).hash], ['Diagnose', 1, '1/7', '#ob-focus=1']);
    await page.keyboard.press('ArrowRight');
    problems.push(...same('second', [await title(), await dialog.locator('ol').getAttribute('start')], ['Diagnose', '2']));
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press(' ');
    problems.push(...same('ticked', [await page.locator('.ob-tick:checked').count(), await dialog.locator('.ob-one-place').textContent()], [1, '2/7']));
    // Values are filled in here too.
    await dialog.locator('.ob-sheet > summary').click();
    await field(page, 'HOST').fill('node7');
    await page.keyboard.press('Escape');
    problems.push(...same('the sheet closes first', [await page.locator('.ob-sheet[open]').count(), await page.locator('dialog[open]').count()], [0, 1]));
    problems.push(...same('command', (await dialog.locator('pre').textContent()).includes('ping -c 1 node7'), true));
    problems.push(...(await violations(page)));
    await dialog.locator('.ob-one-escalate').click();
    problems.push(...same('escalate', [await title(), await dialog.locator('.ob-one-escalate').textContent()], ['Escalate', 'Back to the step']));
    await dialog.locator('.ob-one-escalate').click();
    problems.push(...same('back', [await title(), await steps()], ['Diagnose', 1]));
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !location.hash);
    problems.push(...same('left', [await page.locator('dialog[open]').count(), await page.locator('.ob-runbook > .ob-sheet').count(), await page.locator('body > #ob-status').count()], [0, 1, 1]));
    await press(page, '.ob-restart');
    const after = await page.locator('.ob-prose').first().innerHTML();
    return [...problems, ...same('page', after === before, true)];
  }],
  ['the address leads into focus mode', {}, async (page, site) => {
    await page.goto(`${site.url}runbooks/osd/#HOST=node7&ob-focus=2`);
    const place = page.locator('.ob-one-place');
    await place.waitFor();
    const problems = same('screen', [await place.textContent(), await page.locator('.ob-one-body pre').textContent()].map((text) => text.slice(0, 15)), ['2/7', 'ping -c 1 node7']);
    await page.reload();
    await place.waitFor();
    problems.push(...same('after a reload', [await place.textContent(), await field(page, 'HOST').inputValue()], ['2/7', 'node7']));
    for (const hash of ['ob-focus=99', 'ob-focus=-1', 'ob-focus=x', 'ob-focus']) {
      await page.goto('about:blank');
      await page.goto(`${site.url}runbooks/osd/#${hash}`);
      await page.locator('dialog.ob-one[open]').waitFor();
    }
    // Headings may be the steps, and a page may have none.
    await page.goto(`${site.url}runbooks/headings/#ob-focus`);
    await page.locator('.ob-one-body .ob-tick').check();
    await page.keyboard.press('Escape');
    return [...problems, ...same('ticked', await page.locator('h2#restart-it .ob-tick:checked').count(), 1)];
  }],
  ['the screen stays awake in focus mode, and no longer', {}, async (page, site) => {
    await page.addInitScript(() => {
      window.locks = [];
      const request = async (type) => {
        const lock = { type, released: false, release: async () => (lock.released = true) };
        window.locks.push(lock);
        return lock;
      };
      Object.defineProperty(navigator, 'wakeLock', { value: { request } });
    });
    await page.goto(`${site.url}runbooks/osd/`);
    const held = () => page.evaluate(() => window.locks.filter(({ released }) => !released).map(({ type }) => type));
    const problems = same('before', await held(), []);
    await page.locator('.ob-focus').click();
    problems.push(...same('in it', await held(), ['screen']));
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => window.locks.every(({ released }) => released));
    return problems;
  }],
  ['a swipe turns, and scrolling does not', { hasTouch: true }, async (page, site) => {
    await page.goto(`${site.url}runbooks/osd/#ob-focus=1`);
    const place = page.locator('.ob-one-place');
    const swipe = (selector, x, y) => page.locator(selector).first().evaluate((element, [x, y]) => {
      const touch = (clientX, clientY) => new Touch({ identifier: 1, target: element, clientX, clientY });
      const send = (type, touches, changedTouches) => element.dispatchEvent(new TouchEvent(type, { touches, changedTouches, bubbles: true }));
      send('touchstart', [touch(200, 200)], []);
      send('touchend', [], [touch(200 + x, 200 + y)]);
    }, [x, y]);
    const seen = [];
    for (const [selector, x, y] of [['.ob-one-body p', -100, 10], ['.ob-one-body p', 100, 10], ['.ob-one-body p', -100, 200], ['.ob-one-body p', -30, 0], ['.ob-one-body pre', -100, 0]]) {
      await swipe(selector, x, y);
      seen.push(await place.textContent());
    }
    return same('places', seen, ['2/7', '1/7', '1/7', '1/7', '1/7']);
  }],
  ['the night walk: from an alert to the log with at most twelve taps', { hasTouch: true, isMobile: true }, async (page, site) => {
    let taps = 0;
    const tap = async (locator) => {
      taps += 1;
      await locator.tap();
    };
    // Prometheus and Alertmanager write the link; it brings the host, and the volume is typed.
    const startsAt = new Date(Date.now() - 14 * 60e3 - 5e3).toISOString();
    const links = await addressesOf(site, { alert: 'CephOSDDown', labels: { instance: 'node7:9283' }, startsAt });
    const problems = same('annotation', links.annotation, '/runbooks/osd/#alert=CephOSDDown&instance={{ $labels.instance | stripPort | urlquery }}&volume={{ $labels.volume | urlquery }}');
    const since = encodeURIComponent(startsAt.replace(/\.\d+/, ''));
    const filled = `/runbooks/osd/#alert=CephOSDDown&instance=node7&volume=&since=${since}`;
    problems.push(...same('filled', links.filled, { text: filled, html: filled }));
    const plain = `/runbooks/osd/#since=${since}&alert=CephOSDDown&instance=node7`;
    problems.push(...same('plain', links.plain, { text: plain, html: plain }));
    await page.goto(`${site.url}${links.filled.text.slice(1)}`);
    const alert = page.locator('.ob-alert');
    await alert.locator('li').waitFor();
    const shown = await alert.innerText();
    // Shortly after midnight the alert began on another day, and the page names that day.
    const dayOf = (time) => new Date(time).toLocaleDateString('en', { timeZone: 'Europe/Berlin', dateStyle: 'medium' });
    const day = dayOf(startsAt) === dayOf(Date.now()) ? '' : `${dayOf(startsAt)}, `;
    const told = shown.replace('CEST', 'GMT+2').replace('CET', 'GMT+1').replace(/ \d\d:\d\d GMT\+\d,/, ' TIME,').replace(/\s+/g, ' ');
    problems.push(...same('alert', told, `CephOSDDown since ${day}TIME, 14 min. ago HOST node7`));
    problems.push(...same('state', await alert.getAttribute('data-state'), 'filled'));
    const symptom = await page.locator('.ob-prose h2').first().evaluate((heading) => heading.getBoundingClientRect().top);
    if (symptom > 300) problems.push(`the symptom begins at ${symptom} px`);
    await tap(page.locator('.ob-focus'));
    const dialog = page.locator('dialog.ob-one');
    await tap(dialog.locator('.ob-sheet > summary'));
    await tap(field(page, 'VOLUME'));
    await page.keyboard.type('vol1');
    await tap(dialog.locator('.ob-sheet > summary'));
    for (let step = 0; step < 6; step += 1) {
      if (await dialog.locator('.ob-one-body [data-step]').count() === 0) problems.push(`no step on screen ${step + 1}`);
      await tap(dialog.locator('.ob-one-done'));
    }
    problems.push(...same('done', await dialog.locator('.ob-count').textContent(), '6/6'));
    if ((await dialog.locator('.ob-one-body > button').count()) === 0) await tap(dialog.locator('.ob-one-next'));
    await tap(dialog.locator('.ob-one-body > button'));
    await page.waitForFunction(() => document.getElementById('ob-status').textContent === 'Incident log copied');
    const log = await clipboard(page);
    const wanted = ['Alert: `CephOSDDown`, since 20', '`HOST` = `node7`', '`VOLUME` = `vol1`', '6 of 6 steps done', 'ceph osd purge node7'];
    console.log(`night walk: ${taps} taps, the symptom at ${symptom} px`);
    return [...problems, ...wanted.filter((part) => !log.includes(part)).map((part) => `${part} is not in ${log}`), ...(taps <= 12 ? [] : [`${taps} taps`]), ...same('sideways', await sideways(page), 0)];
  }],
  ['everything works by keyboard', {}, async (page, site) => {
    await page.goto(`${site.url}runbooks/osd/`);
    await page.locator('.ob-sheet summary').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.type('node7');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    const reached = [await page.evaluate(() => document.activeElement.className)];
    for (let at = 0; at < 30 && reached.at(-1) !== 'ob-tick'; at++) {
      await page.keyboard.press('Tab');
      reached.push(await page.evaluate(() => document.activeElement.className));
    }
    await page.keyboard.press('Space');
    const name = await page.locator('.ob-tick').first().evaluate((box) => box.getAttribute('aria-label'));
    return [...same('ticked', await page.locator('.ob-tick:checked').count(), 1), ...same('name', name, 'Done: Is it this?'), ...same('tools', reached.includes('ob-log') && reached.includes('ob-restart'), true)];
  }],
  ['forbidden storage spoils nothing', {}, async (page, site) => {
    await page.addInitScript(() => Object.defineProperty(window, 'localStorage', { get: () => { throw new DOMException('no', 'SecurityError'); } }));
    await fillHost(page, site);
    await page.locator('.ob-tick').first().check();
    return same('place', await page.locator('var[data-var="HOST"]').first().textContent(), 'node7.example.org');
  }],
  ['without scripts everything reads with its defaults', { javaScriptEnabled: false }, async (page, site) => {
    await page.goto(`${site.url}runbooks/osd/`);
    const text = (await page.locator('main').innerText()).replace(/\s+/g, ' ');
    const wanted = ['HOST The host with the OSD, such as storage03.example.org', 'ssh testbed-node-0 uptime', 'Destructive', 'Runs on testbed-node-0', 'Expect one OSD is down', 'Undo Not possible', 'printf \'[%s]\' <VOLUME>'];
    const unwanted = ['Start again', 'steps done', 'Copy it'];
    return [...wanted.filter((part) => !text.includes(part)).map((part) => `${part} is not shown in ${text}`), ...unwanted.filter((part) => text.includes(part)).map((part) => `${part} is shown`), ...same('field', await field(page, 'HOST').isVisible(), false)];
  }],
  ...[320, 1280].flatMap((width) => ['light', 'dark'].map((colorScheme) => [`filled in at ${width} px, ${colorScheme}, it is accessible`, { viewport: { width, height: 800 }, colorScheme }, async (page, site) => {
    await fillHost(page, site);
    await fill(page, 'VOLUME', '$(reboot)');
    await page.locator('.ob-tick').first().check();
    await copy(page, 'ceph osd purge');
    const problems = await violations(page);
    await page.keyboard.press('Escape');
    return [...problems, ...(await violations(page)), ...same('sideways', await sideways(page), 0)];
  }])),
];
