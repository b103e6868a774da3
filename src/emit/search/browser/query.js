// The query: its parts, and the units that are looked up.

const PART = /(-?)(?:"([^"]*)"?|([\p{L}_]+):(?:"([^"]*)"?|([^\s"]+))|\S+)/gu;

/** The fields that filter. Every handbook has these; the index names the others. */
let filtering = ["kind", "layer", "owner", "tag", "language"];

/**
 * The parts of a query: `words` as typed, `phrases` in quotes, `excluded` texts after a minus, `filters` by name.
 * `names` are the fields that filter; any other text with a colon is a word. `options` are options of commands in the
 * handbook (`-it`): like negative numbers, they are words although they begin with a minus.
 */
export function parse(query, names = filtering, options = new Set()) {
  const asked = { words: [], phrases: [], excluded: [], filters: {} };
  for (const [part, minus, phrase, name, quoted, value] of query.matchAll(PART)) {
    if (name && !minus && names.includes(name.toLowerCase())) {
      (asked.filters[name.toLowerCase()] ??= []).push(quoted ?? value);
    } else if (minus && /^-[\p{L}"]/u.test(part) && !options.has(part)) {
      asked.excluded.push(phrase ?? part.slice(1));
    } else if (phrase === undefined) {
      asked.words.push(part);
    } else if (phrase.trim()) {
      asked.phrases.push(phrase.trim());
    }
  }
  return asked;
}

const MOST_UNITS = 24;

/**
 * The units to look up, one for each word, in order. `open` marks a word that is still being typed, `token` a token
 * of code as written, `phrase` is the number of the phrase that a word belongs to.
 */
function units(asked) {
  const found = [];
  for (const written of asked.words) {
    const code = token(written);
    const inside = words(written);
    if (code) found.push({ word: code, token: true, alone: inside.length === 0 });
    for (const { word, start, end } of inside) found.push({ word, parts: parts(written.slice(start, end)) });
  }
  const open = found.at(-1);
  if (open && asked.phrases.length === 0 && asked.query.endsWith(asked.words.at(-1)) && !open.token) open.open = true;
  for (const [phrase, text] of asked.phrases.entries()) {
    for (const { word } of words(text)) found.push({ word, phrase, parts: [] });
  }
  // A token has the position of its first word, as in the index.
  let place = 0;
  for (const unit of found) unit.place = unit.token && !unit.alone ? place : place++;
  const seen = new Set();
  return found.filter(({ word }) => !seen.has(word) && seen.add(word)).slice(0, MOST_UNITS);
}
