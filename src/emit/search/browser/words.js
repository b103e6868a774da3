// Finds pages of this handbook in the browser. No dependencies, no eval, no HTML made of text.
//
// search(query, options) → Promise<Result[]>, complete(result, query), parse(query), warm(): see the handbook's
// guide to search. The format of the index is described in src/emit/search/format.md of Opsbook.

const HERE = new URL("./", import.meta.url);
const ROOT = new URL("../", HERE);

// Words, split and folded exactly as in the index (words.rs, fold.rs; words.json tests both).

const WORD = /[\p{Alphabetic}\p{N}\p{M}]+/gu;
const DENSE =
  /[\u0E00-\u0EFF\u1000-\u109F\u1100-\u11FF\u1780-\u17FF\u3005-\u3007\u3040-\u30FF\u3130-\u318F\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\uFF66-\uFF9F\u{20000}-\u{3FFFF}]\p{M}*/u;
const RUNS = new RegExp(`(?:${DENSE.source})+|(?:(?!${DENSE.source}).)+`, "gsu");
const EACH = new RegExp(DENSE.source, "gu");
const LETTERS = { ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", ł: "l", þ: "th", ı: "i" };
const DROPPED = /[\u0300-\u036F\u0591-\u05C7\u064B-\u065F\s]/gu;
const LONGEST = 48;

/** The form in which words are compared: lower case without accents. */
export function fold(text) {
  if (/^[\0-\x7f]*$/.test(text)) return text.toLowerCase().slice(0, LONGEST);
  const bare = text.normalize("NFKD").replace(DROPPED, "").toLowerCase();
  const plain = bare.normalize("NFKD").replace(DROPPED, "").normalize("NFC");
  return [...plain.replace(/[ßæœøđðłþı]/g, (letter) => LETTERS[letter])].slice(0, LONGEST).join("");
}

/** The words of a text, folded, with their positions in it: `{ word, start, end }`, in UTF-16 units. */
export function words(text) {
  const found = [];
  for (const { 0: letters, index } of text.matchAll(WORD)) {
    for (const { 0: run, index: at } of letters.matchAll(RUNS)) {
      const start = index + at;
      if (!DENSE.test(run)) found.push({ word: fold(run), start, end: start + run.length });
      else pairs(run, start, found);
    }
  }
  return found;
}

function pairs(run, start, found) {
  const signs = [...run.matchAll(EACH)];
  const last = Math.max(1, signs.length - 1);
  for (let at = 0; at < last; at++) {
    const pair = signs[at][0] + (signs[at + 1]?.[0] ?? "");
    const from = start + signs[at].index;
    found.push({ word: fold(pair), start: from, end: from + pair.length });
  }
}

/** A token of code without the characters around it: `--force`, `a.b`. `null` for a plain word. */
function token(text) {
  const bare = text.replace(/^[([{"'`,;]+/, "").replace(/[)\]}"'`,;:.!?]+$/, "") || text;
  return /[^\p{Alphabetic}\p{N}\p{M}]/u.test(bare) ? fold(bare) : null;
}

/** The parts of a name such as `NovaComputeDown`. */
function parts(text) {
  const cut = text.match(/[A-Z]+(?![a-z])[^A-Z]*|[A-Z]?[^A-Z]+/g) ?? [];
  return cut.length > 1 ? cut.map(fold) : [];
}
