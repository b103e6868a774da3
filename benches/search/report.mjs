// Writes benches/SEARCH.md from the numbers.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { KINDS } from './draw.mjs';
import { score, spread } from './measure.mjs';
import { REPOSITORY } from './options.mjs';
import { pagefindVersion } from './sites.mjs';

/** What is asked of the two handbooks that the bars were set on; the second had 4,651 pages. */
const BARS = { mrr: 0.9, typo: 0.9, code: 0.97, phrase: 0.8, bytes: [60, 100], requests: 6, ms: [5, 10], index: [0.15, 1], disk: 0.5, large: 150 };
const EXAMPLES = 3;
/** The load of the last quarter of an hour that tells of other work. */
const BUSY = 3;

const kilo = (bytes) => (Number.isFinite(bytes) ? (bytes / 1000).toFixed(0) : '');
const mega = (bytes) => (bytes / 1e6).toFixed(1);
const part = (value) => value.toFixed(2);
const seconds = (ms) => (ms / 1000).toFixed(2);
const row = (...cells) => `| ${cells.join(' | ')} |`;
const ruler = (texts, numbers) => `|${'---|'.repeat(texts)}${'--:|'.repeat(numbers)}`;

export function writeReport(results, path) {
  const sections = [
    head(results.options),
    ['## Against the bars', '', ...bars(results)],
    ['## What is found', '', ...results.corpora.flatMap(found)],
    ['## What a first query costs', '', ...costs(results)],
    ['## The index', '', ...indexes(results)],
    ...(results.scale.length > 0 ? [['## Large handbooks', '', ...large(results)]] : []),
    ['## What is missed', '', ...results.corpora.flatMap(misses)],
    ['## How it is measured', '', ...method(results.options)],
  ];
  writeFileSync(path, `${sections.map((lines) => lines.join('\n').trimEnd()).join('\n\n')}\n`);
}

function head({ program, seeds, queries, with: earlier }) {
  const commit = execFileSync('git', ['-C', REPOSITORY, 'rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const version = execFileSync(program, ['--version'], { encoding: 'utf8' }).trim();
  return [
    '# Search, measured',
    '',
    'Written by `benches/search/run`; do not edit by hand.',
    '',
    `- Date: ${new Date().toISOString().slice(0, 10)}, ${version} at \`${commit}\`, Pagefind ${pagefindVersion()}`,
    `- Machine: ${cpus().length} cores (${cpus()[0].model}), ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, load ${loadavg()[1].toFixed(1)}`,
    `- Up to ${queries} queries of a kind and seed; seeds ${seeds.join(' and ')}, which nothing was tuned on.`,
    '- Both searches have the same finished pages and answer the same queries in the same Chromium.',
    ...(loadavg()[2] > BUSY ? ['- The machine had other work to do meanwhile: all times, of both, are longer than they would be alone.'] : []),
    ...(earlier.length > 0 ? ['- Put together from runs one after the other on the same machine.'] : []),
  ];
}

function of(results, name) {
  return results.corpora.find((corpus) => corpus.name === name);
}

/** One line for each handbook and bar. */
function bars(results) {
  const lines = [row('', 'handbook', 'Pagefind', 'opsbook', 'bar', 'met'), ruler(2, 3) + '---|'];
  const one = (name, where, other, own, bar, met) => lines.push(row(name, where, other, own, bar, met ? 'yes' : '**no**'));
  for (const name of ['sourcegraph-handbook', 'gitlab-handbook']) {
    const corpus = of(results, name);
    if (!corpus) continue;
    if (corpus.found.opsbook) relevanceBars(corpus, one);
    // Pagefind's results come with their excerpts, so ours are held against them with theirs.
    if (corpus.cold['opsbook excerpts']) firstQueryBars(corpus.name, 'titles and excerpts', corpus.cold['pagefind titles'], corpus.cold['opsbook excerpts'], BARS.bytes[0], one);
    if (corpus.cold['opsbook titles']) firstQueryBars(corpus.name, 'titles alone', null, corpus.cold['opsbook titles'], BARS.bytes[0], one);
    if (corpus.index.opsbook.length > 1) indexBars(corpus, one);
  }
  for (const line of results.scale) scaleBars(line, results.scale, one);
  return [...lines, '', ...barNotes()];
}

function barNotes() {
  return [
    'The bars for a handbook of 4,651 pages are held against the synthetic one of that size; those for 909 pages against the',
    'two real handbooks, though one of them is larger (and Japanese).',
  ];
}

function relevanceBars({ name, found }, one) {
  const compare = (label, kind, measure, bar) => {
    const of = (engine) => found[engine] && score(found[engine].filter((query) => !kind || query.kind === kind))[measure];
    const own = of('opsbook');
    one(label, name, found.pagefind ? part(of('pagefind')) : '', part(own), `≥ ${part(bar)}`, own >= bar);
  };
  compare('all kinds, MRR@10', null, 'mrr', BARS.mrr);
  compare('one typo, found in the first 10', 'typo', 'ten', BARS.typo);
  compare('inline code, found in the first 10', 'code', 'ten', BARS.code);
  compare('phrase, found first', 'phrase', 'first', BARS.phrase);
  const ms = (engine) => (found[engine] ? spread(found[engine].map((query) => query.ms)).median : NaN);
  one('a query, median, ms', name, ms('pagefind').toFixed(1), ms('opsbook').toFixed(1), `≤ ${BARS.ms[0]}`, ms('opsbook') <= BARS.ms[0]);
}

function firstQueryBars(name, what, other, own, bar, one) {
  const bytes = (costs) => spread(costs.map((cost) => cost.bytes)).median;
  const requests = (costs) => spread(costs.map((cost) => cost.requests)).median;
  const text = (write, costs) => (costs ? write(costs) : '');
  one(`first query, ten ${what}, kB (gzip)`, name, text((costs) => kilo(bytes(costs)), other), kilo(bytes(own)), `≤ ${bar}`, bytes(own) <= bar * 1000);
  one(`first query, ten ${what}, requests`, name, text(requests, other), requests(own), `≤ ${BARS.requests}`, requests(own) <= BARS.requests);
}

function indexBars({ name, index }, one) {
  const { own, other } = indexTimes(index);
  one('indexing, s', name, seconds(other), seconds(own), `≤ ${BARS.index[0]}`, own <= BARS.index[0] * 1000);
  const { opsbook, pagefind } = index.size;
  one('index on disk, MB', name, mega(pagefind.disk), mega(opsbook.disk), '≤ half', opsbook.disk <= pagefind.disk * BARS.disk);
}

function scaleBars(line, all, one) {
  const name = `synthetic ${line.pages}`;
  const ms = (engine) => (line.found[engine] ? spread(line.found[engine].map((query) => query.ms)).median : NaN);
  if (line.pages >= 10_000) {
    const bytes = (engine) => (line.cold[engine] ? spread(line.cold[engine].map((cost) => cost.bytes)).median : NaN);
    one('first query, ten titles alone, kB (gzip)', name, '', kilo(bytes('opsbook')), `≤ ${BARS.large}`, bytes('opsbook') <= BARS.large * 1000);
    const slope = line.build.stages.search / line.pages / (all[0].build.stages.search / all[0].pages);
    if (line !== all[0]) one(`indexing of a page, against ${all[0].pages} pages`, name, '', part(slope), 'linear (≤ 1.20)', slope <= 1.2);
    return;
  }
  if (line.pages !== 4651) return;
  firstQueryBars(name, 'titles alone', null, line.cold.opsbook, BARS.bytes[1], one);
  one('a query, median, ms', name, ms('pagefind').toFixed(1), ms('opsbook').toFixed(1), `≤ ${BARS.ms[1]}`, ms('opsbook') <= BARS.ms[1]);
  const own = line.build.stages.search;
  one('indexing, s', name, seconds(line.pagefind ?? NaN), seconds(own), `≤ ${BARS.index[1]}`, own <= BARS.index[1] * 1000);
}

/** The fastest run of each: what disturbs a run makes it slower, never faster. */
function indexTimes({ opsbook, pagefind }) {
  return { own: Math.min(...opsbook.map(({ stages }) => stages.search ?? NaN)), other: Math.min(...pagefind) };
}

function found({ name, pages, language, found: engines, anchored }) {
  if (!engines.opsbook) return [];
  const lines = [`### ${name}: ${pages} pages, ${language}`, ''];
  const names = Object.keys(engines);
  lines.push(row('', 'queries', ...names.flatMap((engine) => [`${engine}: MRR@10`, 'first', 'in 10'])), ruler(1, 1 + 3 * names.length));
  const line = (label, keep) => {
    const scores = names.map((engine) => score(engines[engine].filter(keep)));
    if (scores[0].queries > 0) lines.push(row(label, scores[0].queries, ...scores.flatMap(({ mrr, first, ten }) => [part(mrr), part(first), part(ten)])));
  };
  line('**all**', () => true);
  for (const [kind, text] of Object.entries(KINDS)) line(text, (query) => query.kind === kind);
  line('… that also stands by itself on another page', (query) => query.kind === 'compound' && query.known);
  const times = names.map((engine) => ({ engine, ...spread(engines[engine].map((query) => query.ms)) }));
  const told = times.map(({ engine, median, p95, max }) => `${engine} ${median.toFixed(1)} ms (95 % below ${p95.toFixed(1)}, most ${max.toFixed(0)})`);
  lines.push('', `A query with everything loaded, until the first ten titles can be shown: ${told.join(', ')}.`);
  if (anchored !== null) lines.push(`Of the headings that opsbook found, ${(anchored * 100).toFixed(0)} % of the links lead to the heading itself.`);
  return [...lines, ''];
}

function costs({ corpora }) {
  const lines = [row('handbook', '', 'kB, median', 'most', 'requests, median', 'most', 'ms, median', '95 %'), ruler(2, 6)];
  const names = { 'pagefind titles': 'Pagefind, ten titles and excerpts', 'opsbook titles': 'opsbook, ten titles', 'opsbook excerpts': 'opsbook, and ten excerpts' };
  for (const { name, cold } of corpora) {
    for (const [key, label] of Object.entries(names)) {
      if (!cold[key]) continue;
      const [bytes, requests, ms] = ['bytes', 'requests', 'ms'].map((measure) => spread(cold[key].map((cost) => cost[measure])));
      lines.push(row(name, label, kilo(bytes.median), kilo(bytes.max), requests.median, requests.max, ms.median.toFixed(0), ms.p95.toFixed(0)));
    }
  }
  return [...lines, '', 'From nothing, the loading of the engine included; no network lies between, so the milliseconds are work alone.'];
}

function indexes({ corpora }) {
  const lines = [row('handbook', '', 'seconds', 'MB', 'MB on disk', 'files', 'whole build, s'), ruler(2, 5)];
  for (const { name, index } of corpora) {
    const { own, other } = indexTimes(index);
    const fastest = (builds) => seconds(Math.min(...builds.map((build) => build.ms)));
    const cells = ({ bytes, disk, files }) => [mega(bytes), mega(disk), files];
    if (index.pagefind.length > 0) lines.push(row(name, 'Pagefind', seconds(other), ...cells(index.size.pagefind), ''));
    lines.push(row(name, 'opsbook', seconds(own), ...cells(index.size.opsbook), fastest(index.opsbook)));
    if (index.without.length > 0) lines.push(row(name, 'opsbook before it had search', '', '', '', '', fastest(index.without)));
  }
  const runs = corpora.some(({ index }) => index.opsbook.length > 1) ? 'The fastest of three runs' : 'One run';
  return [...lines, '', `${runs}. Pagefind: its process. opsbook: the line \`search\` of \`build --timings\`; what is read off`, 'the pages while they are parsed shows in the whole build.'];
}

function large({ scale }) {
  const lines = [row('pages', '', 'first query (Pagefind with excerpts), kB', 'most', 'requests', 'a query, ms', '95 %', 'found in 10', 'index, s', 'µs a page', 'MB'), ruler(2, 9)];
  for (const line of scale) {
    for (const engine of Object.keys(line.found)) {
      const bytes = spread(line.cold[engine].map((cost) => cost.bytes));
      const requests = spread(line.cold[engine].map((cost) => cost.requests));
      const ms = spread(line.found[engine].map((query) => query.ms));
      const index = engine === 'pagefind' ? line.pagefind : (line.build.stages.search ?? NaN);
      lines.push(
        row(line.pages, engine, kilo(bytes.median), kilo(bytes.max), requests.median, ms.median.toFixed(1), ms.p95.toFixed(1),
          part(score(line.found[engine]).ten), seconds(index), ((index * 1000) / line.pages).toFixed(0), mega(line.size[engine].bytes)),
      );
    }
  }
  return [...lines, '', 'Words by seed, spread as in a real handbook: 18,000 different ones in 900 pages, and their number grows on. Twenty queries', 'of all kinds. Pagefind indexes up to 10,000 pages here.'];
}

function misses({ name, found: { opsbook } }) {
  if (!opsbook) return [];
  const lines = [];
  for (const kind of Object.keys(KINDS)) {
    const missed = opsbook.filter((query) => query.kind === kind && query.rank === 0);
    const some = missed.filter(({ text }, at) => missed.findIndex((other) => other.text === text) === at).slice(0, EXAMPLES).map((query) => `\`${query.text.replaceAll('`', '')}\`${query.compound ? ` in ${query.compound}` : ''}`);
    if (missed.length > 0) lines.push(`- ${name}, ${KINDS[kind]}: ${missed.length} not in the first ten, such as ${some.join(', ')}`);
  }
  const broken = opsbook.filter((query) => query.error);
  if (broken.length > 0) lines.push(`- ${name}: ${broken.length} queries ended in an error, such as \`${broken[0].text}\`: ${broken[0].error}`);
  return lines;
}

function method({ without }) {
  const readme = readFileSync(new URL('METHOD.md', import.meta.url), 'utf8').trimEnd();
  return [readme.replace('RUN', `benches/search/run${without ? ' --without PROGRAM' : ''}`)];
}
