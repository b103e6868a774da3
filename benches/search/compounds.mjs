// Queries for parts of German compounds, over the texts in `german/`.
//
// `german/compounds.json` says by page which parts a reader would look for in which compound. The page has the part
// in the compound alone. Other pages that have the same letters, as a word or within one, are right answers as well
// and are passed over when ranks are counted.

import { readFileSync } from 'node:fs';
import { chance, shuffled } from './random.mjs';

const list = new URL('german/compounds.json', import.meta.url);
/** Endings that keep a word the same word. */
const ENDING = 2;

/** One third of the list is for tuning (seed 1), the rest for every other seed. */
export function drawCompounds(pages, seed, limit) {
  const all = shuffled(chance('compounds'), read(pages));
  const tuning = Math.floor(all.length / 3);
  const mine = seed === 1 ? all.slice(0, tuning) : all.slice(tuning);
  return shuffled(chance(`${seed}/compounds`), mine).slice(0, limit);
}

function read(pages) {
  const entries = Object.entries(JSON.parse(readFileSync(list, 'utf8')));
  return entries.flatMap(([name, compounds]) =>
    Object.entries(compounds).flatMap(([compound, parts]) => parts.map((part) => query(pages, `${name}/`, compound, part))),
  );
}

function query(pages, url, compound, part) {
  const letters = part.toLowerCase();
  const page = pages.find((candidate) => candidate.url === url);
  const words = page?.text.match(/[\p{L}\p{N}]+/gu) ?? [];
  const alone = (word) => word.startsWith(letters) && word.length <= letters.length + ENDING;
  if (!words.includes(compound.toLowerCase()) || words.some(alone)) throw new Error(`${url} does not have ${part} in ${compound} alone`);
  const others = pages.filter((other) => other !== page && folded(other.text).includes(folded(letters)));
  const known = others.some((other) => other.text.match(/[\p{L}\p{N}]+/gu).some(alone));
  return { kind: 'compound', text: part, compound, wanted: [url], alsoRight: others.map((other) => other.url), known };
}

/** The plural's umlaut makes no other word. */
function folded(text) {
  return text.replace(/[äöü]/g, (letter) => ({ ä: 'a', ö: 'o', ü: 'u' })[letter]);
}
