// Words of a text with their places, in scripts with and without spaces, and what can go wrong in typing one.

import { below, pick } from './random.mjs';

const SPACELESS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const WORD = /[\p{L}\p{M}\p{N}]+(?:['’]\p{L}+)?/gu;
const SCRIPTS = [/\p{Script=Hiragana}/u, /\p{Script=Katakana}/u, /\p{Script=Han}/u];
const segmenter = new Intl.Segmenter('ja', { granularity: 'word' });

export function isSpaceless(text) {
  return SPACELESS.test(text);
}

/** The words of a text as `{ text, start, end }`. */
export function wordsOf(text) {
  if (!isSpaceless(text)) {
    return Array.from(text.matchAll(WORD), (found) => ({ text: found[0], start: found.index, end: found.index + found[0].length }));
  }
  return Array.from(segmenter.segment(text))
    .filter((part) => part.isWordLike)
    .map((part) => ({ text: part.segment, start: part.index, end: part.index + part.segment.length }));
}

/** Whether the word has letters only. */
export function isPlain(word) {
  return /^[\p{L}\p{M}]+$/u.test(word);
}

/** The letters of all titles by script, for slips of the finger. */
export function lettersOf(titles) {
  const letters = new Map();
  for (const letter of titles.join('').toLowerCase()) {
    if (!/\p{L}/u.test(letter)) continue;
    const script = scriptOf(letter);
    letters.set(script, (letters.get(script) ?? new Set()).add(letter));
  }
  return (near) => [...(letters.get(scriptOf(near)) ?? [near])];
}

function scriptOf(letter) {
  return SCRIPTS.findIndex((script) => script.test(letter));
}

/** The word with one letter too many, too few, wrong, or swapped with its neighbour. Never the word itself. */
export function misspelt(word, random, letters) {
  for (;;) {
    const typed = Array.from(word);
    const at = below(random, typed.length);
    const other = pick(random, letters(typed[at]));
    const slips = [
      () => typed.splice(at, 0, other),
      () => typed.splice(at, 1),
      () => (typed[at] = other),
      () => ([typed[at], typed[at + 1]] = [typed[at + 1] ?? '', typed[at]]),
    ];
    pick(random, slips)();
    if (typed.join('').toLowerCase() !== word.toLowerCase()) return typed.join('');
  }
}
