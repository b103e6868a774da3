// Times single edits while `opsbook serve` runs, and prints the result as JSON.
//
// usage: node edit.mjs OPSBOOK ROOT [EDITS]     (default: 30 edits; the pages of ROOT are changed)
//
// Each edit adds a sentence to another page and waits for the event that makes a browser reload, then fetches
// the page and looks for the sentence. `build` is what serve says itself: from the first look at the files to
// the new site being served. `save` is what an author feels: from the end of the write to the new page in hand.

import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const [binary, root, count = '30'] = process.argv.slice(2);
if (!root) {
  console.error('usage: node edit.mjs OPSBOOK ROOT [EDITS]');
  process.exit(2);
}
const serve = spawn(binary, ['serve', '--root', root, '--port', '0'], { stdio: ['ignore', 'pipe', 'ignore'] });
const lines = createInterface({ input: serve.stdout });
let took = [];
let address;
let reload = () => {};
lines.on('line', (line) => {
  const [, number, unit] = /^(?:re)?built .* in ([\d.]+) (ms|s)\b/.exec(line) ?? [];
  if (number) took.push(Number(number) * (unit === 's' ? 1000 : 1));
  address ??= /^serving (http:\S+)/.exec(line)?.[1];
});

try {
  console.log(JSON.stringify(await measure(), null, 1));
} finally {
  serve.kill('SIGINT');
}

async function measure() {
  await until(() => address && took.length > 0, 'serve did not start');
  const first = took[0];
  const chosen = choose(JSON.parse(await get('handbook.json')).pages.filter((page) => page.source));
  const connected = new Promise((resolve) => (reload = resolve));
  listen();
  await connected;
  took = [];
  const save = [];
  for (const [number, page] of chosen.entries()) {
    save.push(await edit(page, `Sentence number ${number} of this measurement.`));
    await until(() => took.length > number, 'serve did not say how long it took');
    await sleep(200);
  }
  if (took.length !== chosen.length) throw new Error(`${chosen.length} edits, but ${took.length} rebuilds`);
  return { edits: chosen.length, first, build: summary(took), save: summary(save) };
}

/** Milliseconds from the end of the write to the new page in hand. */
async function edit(page, sentence) {
  let reloaded = new Promise((resolve) => (reload = resolve));
  appendFileSync(join(root, page.source), `\n\n${sentence}\n`);
  const start = performance.now();
  while (performance.now() - start < 20_000) {
    await Promise.race([reloaded, sleep(20_000, undefined, { ref: false })]);
    reloaded = new Promise((resolve) => (reload = resolve));
    const html = await get(page.url);
    if (html.includes(sentence)) return performance.now() - start;
  }
  throw new Error(`${page.source}: the new sentence is not on the page`);
}

/** Pages in equal steps through the handbook: the same ones each time. */
function choose(pages) {
  const edits = Math.min(Number(count), pages.length);
  return Array.from({ length: edits }, (_, at) => pages[Math.floor(((at + 0.5) * pages.length) / edits)]);
}

function get(path) {
  return new Promise((resolve, reject) => {
    const answered = (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part) => (text += part));
      response.on('end', () => (response.statusCode === 200 ? resolve(text) : reject(new Error(`${path}: ${response.statusCode}`))));
    };
    request(new URL(path, address), answered).on('error', reject).end();
  });
}

/** Calls `reload` at each event that makes a browser reload. */
function listen() {
  const answered = (response) => {
    response.setEncoding('utf8');
    response.on('data', (text) => text.includes('event: reload') && reload());
    response.on('error', () => {});
  };
  request(new URL('_opsbook/events', address), answered).on('error', () => {}).end();
}

async function until(done, complaint) {
  const end = Date.now() + 60_000;
  while (!done()) {
    if (serve.exitCode !== null || Date.now() > end) throw new Error(complaint);
    await sleep(5);
  }
}

function summary(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] * 10) / 10;
  return { median: at(0.5), p95: at(0.95), max: at(1) };
}
