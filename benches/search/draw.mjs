// Draws queries of which it is known what they should find: a page is drawn, then something of it.

import { chance, pick, shuffled } from './random.mjs';
import { isPlain, isSpaceless, lettersOf, misspelt, wordsOf } from './words.mjs';

/** Kinds of queries, in the order of the report. `compound` is drawn by compounds.mjs. */
export const KINDS = {
  title: 'title of a page',
  heading: 'heading that occurs once',
  typo: 'title, one slip in its longest word',
  prefix: 'title, cut within its last long word',
  phrase: 'three rare neighbouring words of the body',
  code: 'inline code that occurs once',
  compound: 'part of a German compound',
};

/** A word is rare when at most this share of the pages has it. */
const RARE = 0.1;

/** What the whole corpus knows, derived once for all seeds. */
export function survey(pages) {
  const byTitle = new Map();
  const headings = new Map();
  const codes = new Map();
  const frequency = new Map();
  for (const page of pages) {
    add(byTitle, alike(page.title), page.url);
    for (const text of [page.title, ...page.headings.map((heading) => heading.text)]) count(headings, alike(text));
    for (const code of new Set(page.codes)) count(codes, code.toLowerCase());
    const words = new Set(page.blocks.flat().flatMap((run) => wordsOf(run.toLowerCase()).map((word) => word.text)));
    for (const word of words) count(frequency, word);
  }
  const letters = lettersOf(pages.map((page) => page.title));
  const titles = [...new Set(pages.map((page) => page.title.toLowerCase()))];
  return { pages, titles, byTitle, headings, codes, frequency, letters, rare: RARE * pages.length };
}

/** Titles and headings are the same when their letters and digits are: case and punctuation make no other item. */
function alike(text) {
  return wordsOf(text.toLowerCase()).map((word) => word.text).join(' ') || text;
}

function add(map, key, value) {
  map.set(key, [...(map.get(key) ?? []), value]);
}

function count(map, key) {
  map.set(key, (map.get(key) ?? 0) + 1);
}

const DRAWERS = { title, heading, typo, prefix, phrase, code };

/**
 * Up to `limit` queries of a kind, as `{ kind, text, wanted }`; `wanted` are the URLs that count as found. Each page
 * gives one before any gives a second.
 */
export function draw(kind, known, name, limit) {
  const random = chance(`${name}/${kind}`);
  const queries = [];
  const seen = new Set();
  const rounds = ['title', 'typo', 'prefix'].includes(kind) ? 1 : 5;
  for (let round = 0; round < rounds; round += 1) {
    for (const page of shuffled(random, known.pages)) {
      if (queries.length === limit) return queries;
      const drawn = DRAWERS[kind](page, known, random);
      if (!drawn || seen.has(drawn.text)) continue;
      seen.add(drawn.text);
      queries.push({ kind, wanted: [page.url], ...drawn });
    }
  }
  return queries;
}

/** Any page with that very title counts as found. */
function title(page, known) {
  return { text: page.title, wanted: known.byTitle.get(alike(page.title)) };
}

function heading(page, known, random) {
  const once = page.headings.filter(({ text }) => text.length >= 4 && known.headings.get(alike(text)) === 1);
  const found = once.length && pick(random, once);
  return found && { text: found.text, anchor: found.id };
}

/** Any page with the title as it should be counts as found. */
function typo(page, known, random) {
  const words = wordsOf(page.title).filter((word) => isPlain(word.text));
  const longest = words.toSorted((a, b) => b.text.length - a.text.length)[0];
  if (!longest || longest.text.length < 4) return null;
  const wrong = misspelt(longest.text, random, known.letters);
  const text = page.title.slice(0, longest.start) + wrong + page.title.slice(longest.end);
  return { text, wanted: known.byTitle.get(alike(page.title)) };
}

/** Cut so that only one title begins in this way. */
function prefix(page, known, random) {
  const least = isSpaceless(page.title) ? 2 : 4;
  const last = wordsOf(page.title).findLast((word) => word.text.length >= least);
  if (!last) return null;
  const cuts = Array.from({ length: last.text.length - 1 }, (_, at) => page.title.slice(0, last.start + at + 1));
  const alone = (cut) => known.titles.filter((other) => other.startsWith(cut.toLowerCase())).length === 1;
  const text = shuffled(random, cuts).find((cut) => cut.length >= 4 && alone(cut));
  return text && { text, wanted: known.byTitle.get(alike(page.title)) };
}

/** Words of four letters or more (two in scripts without spaces) side by side, not in code, in this order on no other page. */
function phrase(page, known, random) {
  const triples = page.blocks.flat().flatMap((run) => rareTriples(run, known));
  return shuffled(random, triples)
    .map((text) => ({ text }))
    .find(({ text }) => isAlone(text, page, known));
}

function rareTriples(run, known) {
  const words = wordsOf(run);
  const found = [];
  for (let at = 0; at + 2 < words.length; at += 1) {
    const three = words.slice(at, at + 3);
    const side = three.slice(1).every((word, next) => /^ ?$/.test(run.slice(three[next].end, word.start)));
    if (side && three.every((word) => isRare(word.text, known))) found.push(run.slice(three[0].start, three[2].end));
  }
  return found;
}

function isRare(word, known) {
  const long = word.length >= (isSpaceless(word) ? 2 : 4);
  return long && isPlain(word) && known.frequency.get(word.toLowerCase()) <= known.rare;
}

function code(page, known, random) {
  const once = page.codes.filter((text) => isToken(text) && known.codes.get(text.toLowerCase()) === 1);
  return shuffled(random, once)
    .map((text) => ({ text }))
    .find(({ text }) => isAlone(text, page, known));
}

/** Three to eighty characters with a letter among them. */
function isToken(text) {
  return text.length >= 3 && text.length <= 80 && /\p{L}/u.test(text);
}

/** Whether no other page has this text, at the edges of words. */
function isAlone(text, page, known) {
  const wanted = text.toLowerCase();
  return known.pages.every((other) => other === page || !hasWhole(other.text, wanted));
}

function hasWhole(text, wanted) {
  const open = isSpaceless(wanted);
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const edges = [text[at - 1], text[at + wanted.length]];
    if (open || edges.every((edge) => edge === undefined || !/[\p{L}\p{N}]/u.test(edge))) return true;
  }
  return false;
}
