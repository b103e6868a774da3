// Finds pages of this handbook in the browser. No dependencies, no eval, no HTML made of text.
//
// search(query, options) → Promise<Result[]>, complete(result, query), parse(query), warm(): see the handbook's
// guide to search. The format of the index is described in src/emit/search/format.md of Opsbook.

const HERE = new URL("./", import.meta.url);
const ROOT = new URL("../", HERE);

// ---- Words: cut and folded exactly as the index was ------------------------------------------------------------

const WORD = /[\p{Alphabetic}\p{N}\p{M}]+/gu;
const DENSE =
  /[\u0E00-\u0EFF\u1000-\u109F\u1100-\u11FF\u1780-\u17FF\u3005-\u3007\u3040-\u30FF\u3130-\u318F\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\uFF66-\uFF9F\u{20000}-\u{3FFFF}]\p{M}*/u;
const RUNS = new RegExp(`(?:${DENSE.source})+|(?:(?!${DENSE.source}).)+`, "gsu");
const EACH = new RegExp(DENSE.source, "gu");
const LETTERS = { ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", ł: "l", þ: "th", ı: "i" };
const DROPPED = /[\u0300-\u036F\u0591-\u05C7\u064B-\u065F\s]/gu;
const LONGEST = 48;

/** The form in which words are compared: small letters without accents. */
export function fold(text) {
  if (/^[\0-\x7f]*$/.test(text)) return text.toLowerCase().slice(0, LONGEST);
  const bare = text.normalize("NFKD").replace(DROPPED, "").toLowerCase();
  const plain = bare.normalize("NFKD").replace(DROPPED, "").normalize("NFC");
  return [...plain.replace(/[ßæœøđðłþı]/g, (letter) => LETTERS[letter])].slice(0, LONGEST).join("");
}

/** The words of a text, folded, with their places in it: `{ word, start, end }`. */
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

/** A token of code without the signs around it, where it is more than a word: `--force`, `a.b`. */
function token(text) {
  const bare = text.replace(/^[([{"'`,;]+/, "").replace(/[)\]}"'`,;:.!?]+$/, "") || text;
  return /[^\p{Alphabetic}\p{N}\p{M}]/u.test(bare) ? fold(bare) : null;
}

/** The parts of a name such as `NovaComputeDown`. */
function parts(text) {
  const cut = text.match(/[A-Z]+(?![a-z])[^A-Z]*|[A-Z]?[^A-Z]+/g) ?? [];
  return cut.length > 1 ? cut.map(fold) : [];
}

// ---- The query -------------------------------------------------------------------------------------------------

const PART = /(-?)(?:"([^"]*)"?|(\p{L}+):(?:"([^"]*)"?|([^\s"]+))|\S+)/gu;

/**
 * What a query asks for: `words` as typed, `phrases` in quotes, `excluded` after a minus, `filters` by name.
 * `names` are the fields that filter; anything else with a colon is text. `options` are those of commands that the
 * handbook has (`-it`): after a minus they are words all the same.
 */
export function parse(query, names = ["kind", "language", "layer", "owner", "tag"], options = new Set()) {
  const asked = { words: [], phrases: [], excluded: [], filters: {} };
  for (const [part, minus, phrase, name, quoted, value] of query.matchAll(PART)) {
    if (name && !minus && names.includes(name.toLowerCase())) {
      (asked.filters[name.toLowerCase()] ??= []).push(quoted ?? value);
    } else if (minus && /^-[\p{L}\p{N}"]/u.test(part) && !options.has(part)) {
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
 * What is looked for: one unit for each word, in order. `open` is a word that is still being typed, `token` one of
 * code as it stands; `phrase` is the number of the phrase that a word belongs to.
 */
function units(asked, query) {
  const found = [];
  for (const written of asked.words) {
    const code = token(written);
    const inside = words(written);
    if (code) found.push({ word: code, token: true, alone: inside.length === 0 });
    for (const { word, start, end } of inside) found.push({ word, parts: parts(written.slice(start, end)) });
  }
  const open = found.at(-1);
  if (open && asked.phrases.length === 0 && query.endsWith(asked.words.at(-1)) && !open.token) open.open = true;
  for (const [phrase, text] of asked.phrases.entries()) {
    for (const { word } of words(text)) found.push({ word, phrase, parts: [] });
  }
  let place = 0;
  for (const unit of found) unit.place = unit.token && !unit.alone ? place : place++;
  const seen = new Set();
  return found.filter(({ word }) => !seen.has(word) && seen.add(word)).slice(0, MOST_UNITS);
}

// ---- The index -------------------------------------------------------------------------------------------------

const files = new Map();

/** A file of the index, fetched once. A failure is not kept, so that a later query may try again. */
function load(name, read = (data) => data, options = {}) {
  if (!files.has(name)) {
    const file = fetch(new URL(`${name}.json`, HERE), options).then(async (answer) => {
      if (!answer.ok) throw Object.assign(new Error(`search: ${name}.json: ${answer.status}`), { gone: true });
      return read(await answer.json());
    });
    files.set(name, file);
    file.catch(() => files.delete(name));
  }
  return files.get(name);
}

/** Loads what every query needs. */
export async function warm() {
  const read = (data) => ({ ...data, often: new Set(data.common[0]) });
  return load("index", read, { cache: "no-cache" });
}

const DIGITS = new Map(
  [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"].map((sign, at) => [sign.charCodeAt(0), at]),
);

/** The numbers of a text of five bits a character. */
function numbers(text) {
  const found = [];
  let number = 0;
  let shift = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = DIGITS.get(text.charCodeAt(at));
    number |= (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    found.push(number);
    number = shift = 0;
  }
  return found;
}

/** The order of words in the index: that of their code points. */
function compare(one, other) {
  if (one === other) return 0;
  for (let at = 0; ; at++) {
    const [a, b] = [one.codePointAt(at) ?? -1, other.codePointAt(at) ?? -1];
    if (a !== b) return a - b;
  }
}

/** How many of `sorted` are before `word` or equal to it. */
function upTo(sorted, word) {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(sorted[middle], word) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** One file of words. */
class Shard {
  constructor(data) {
    this.words = data.words.split(" ");
    this.postings = data.postings.split(" ");
    this.steps = numbers(data.groups);
    this.lines = data.pages;
    this.known = new Map();
  }

  /** The place of a word; -1 where it is not in the handbook. */
  find(word) {
    const at = upTo(this.words, word) - 1;
    return this.words[at] === word ? at : -1;
  }

  /** The places of the other forms of the word at a place. */
  forms(at) {
    const found = [];
    for (let back = at; this.steps[back] > 0; ) found.push((back -= this.steps[back]));
    for (let last = at, next = at + 1; next <= last + 31 && next < this.words.length; next++) {
      if (this.steps[next] > 0 && next - this.steps[next] === last) found.push((last = next));
    }
    return found;
  }

  /** The places of longer words that begin with `word`. */
  longer(word) {
    const first = upTo(this.words, word);
    let end = first;
    while (end < this.words.length && this.words[end].startsWith(word)) end++;
    return Array.from({ length: end - first }, (_, at) => first + at);
  }

  /** The pages with the word at a place: in all, and by number `{ impact, places }`. */
  pages(at) {
    if (!this.known.has(at)) this.known.set(at, read(this.postings[at]));
    return this.known.get(at);
  }
}

function read(text) {
  const [first, ...rest] = numbers(text);
  const total = first >> 1;
  const hits = new Map();
  let page = 0;
  for (let at = 0; at < rest.length; ) {
    page += rest[at++];
    const hit = { impact: rest[at++], heading: false, places: [] };
    if (first & 1) {
      let place = 0;
      const count = rest[at++];
      hit.heading = count >= 8;
      for (let left = count & 7; left > 0; left--) hit.places.push((place += rest[at++]));
    }
    hits.set(page, hit);
  }
  return { total, hits };
}

/** The shards in which words beginning with `word` may be: the first, and with `more` the one after it. */
function shards(index, word, more) {
  const first = Math.max(0, upTo(index.from, word) - 1);
  const wanted = [first];
  if (more && index.from[first + 1]?.startsWith(word)) wanted.push(first + 1);
  return Promise.all(wanted.map((at) => load(index.words[at], (data) => new Shard(data))));
}

// ---- What a unit finds -----------------------------------------------------------------------------------------

const FORM = 0.85;
const BEGINNING = 0.7;
const INSIDE = 0.5;
const SLIP = [1, 0.7, 0.45];
const MOST_ENDINGS = 48;
const FEW_SHARDS = 8;
const MOST_CORRECTIONS = 6;

/** A word of the index that answers a unit, and how well. */
function answer(shard, at, weight) {
  return { word: shard.words[at], weight, ...shard.pages(at), lines: shard.lines };
}

/** Every word of the index that answers a unit. `ue` may stand for `ü`, which the index has as `u`. */
async function answers(index, unit) {
  const infix = index.compounds && !unit.token && unit.word.length > 3;
  const read = await shards(index, unit.word, unit.open || infix);
  const found = [];
  const exact = read[0].find(unit.word);
  if (exact >= 0) {
    found.push(answer(read[0], exact, 1));
    for (const at of read[0].forms(exact)) found.push(answer(read[0], at, FORM));
  }
  if (unit.open || infix) {
    const weight = unit.open && exact < 0 ? BEGINNING : INSIDE;
    const longer = read.flatMap((shard) => shard.longer(unit.word).map((at) => answer(shard, at, weight)));
    const least = unit.word.length < 3 ? 0 : -1;
    found.push(...longer.filter((one) => one.total > least).sort((a, b) => b.total - a.total).slice(0, MOST_ENDINGS));
  }
  const umlaut = index.compounds && !unit.token ? unit.word.replace(/([aou])e/g, "$1") : unit.word;
  if (exact < 0 && umlaut !== unit.word) found.push(...(await answers(index, { ...unit, word: umlaut })));
  if (found.length === 0 && infix) found.push(...(await within(index, unit)));
  if (found.length === 0 && !unit.token) found.push(...(await corrected(index, unit, read[0])));
  if (found.length === 0) {
    for (const part of unit.parts ?? []) found.push(...(await answers(index, { word: part, parts: [] })));
  }
  return found;
}

/**
 * Words with a unit's inside. A large handbook knows where words begin in others (compounds.rs); a small one knows too
 * few words for that, but is soon looked through.
 */
async function within(index, unit) {
  if (index.words.length > FEW_SHARDS) return [];
  const every = await Promise.all(index.from.map((from) => shards(index, from)));
  return every.flatMap(([shard]) =>
    shard.words.flatMap((word, at) => (word.includes(unit.word) ? [answer(shard, at, INSIDE)] : [])),
  );
}

/** Words one or two slips away from a unit's. */
async function corrected(index, unit, shard) {
  const most = slips(unit.word);
  if (most === 0) return [];
  const near = await nearest(index, unit.word, most, shard);
  const best = near.filter(([slips]) => slips === near[0][0]).slice(0, MOST_CORRECTIONS);
  const found = best.map(async ([slips, word]) => {
    const [shard] = await shards(index, word);
    const at = shard.find(word);
    if (at < 0) return [];
    const forms = shard.forms(at).map((form) => answer(shard, form, SLIP[slips] * FORM));
    return [answer(shard, at, SLIP[slips]), ...forms];
  });
  return (await Promise.all(found)).flat();
}

/** How many slips a word of this length may have. */
function slips(word) {
  return word.length < 4 ? 0 : word.length < 8 ? 1 : 2;
}

/** `[slips, word]` of the words nearest to `word`, the best first. */
async function nearest(index, word, most, shard) {
  const lists = index.spelling.filter(([longest], at, all) => {
    const shortest = at > 0 ? all[at - 1][0] : 0;
    return longest >= word.length - most && shortest <= word.length + most;
  });
  const loaded = await Promise.all(lists.map(([, name]) => load(name, (list) => list.split(" "))));
  const letters = signature(word);
  const near = new Map();
  for (const other of loaded.concat([shard.words]).flat()) {
    if (Math.abs(other.length - word.length) > most || differing(signature(other), letters) > 2 * most) continue;
    const found = distance(word, other, most);
    if (found <= most) near.set(other, found);
  }
  const order = ([one, a], [other, b]) => a - b || (other[0] === word[0]) - (one[0] === word[0]) || compare(one, other);
  return [...near].sort(order).map(([other, slips]) => [slips, other]);
}

/** Which letters a word has, a bit for each: a slip changes at most two of them. */
function signature(word) {
  let bits = 0;
  for (let at = 0; at < word.length; at++) bits |= 1 << (word.charCodeAt(at) & 31);
  return bits;
}

function differing(one, other) {
  let bits = one ^ other;
  let count = 0;
  for (; bits !== 0; bits &= bits - 1) count += 1;
  return count;
}

/** Insertions, deletions, substitutions and swaps of neighbours between two words; more than `most` is `most + 1`. */
function distance(one, other, most) {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let before = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1];
      let cost = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        cost = Math.min(cost, before[j - 2] + 1);
      }
      row.push(cost);
      if (cost < least) least = cost;
    }
    if (least > most) return most + 1;
    [before, last] = [last, row];
  }
  return last[other.length];
}

// ---- Ranking ---------------------------------------------------------------------------------------------------

const BESIDE = 2.5;
const NEAR = 0.4;
const HEADED = 0.8;

/** What a unit found, page by page: the best of its words on each. */
function gather(unit, found) {
  const pages = new Map();
  let total = 0;
  for (const { weight, hits, total: all } of found) {
    total = Math.max(total, all);
    for (const [page, { impact, heading, places }] of hits) {
      const score = weight * (impact / 31) ** 2;
      const known = pages.get(page);
      if (!known) pages.set(page, { score, heading, places });
      else {
        known.score = Math.max(known.score, score);
        known.heading ||= heading;
        known.places = known.places.concat(places);
      }
    }
  }
  return { ...unit, found, pages, total: Math.max(total, pages.size) };
}

/** How much it says that a page has the unit: more, the fewer pages do. */
function rarity(unit, all) {
  return Math.log(1 + (all - unit.total + 0.5) / (unit.total + 0.5));
}

/** Pages with their scores: what each unit says, how much of the query the page has, and words side by side. */
function rank(index, gathered) {
  const able = gathered.filter((unit) => unit.pages.size > 0);
  const weights = able.map((unit) => rarity(unit, index.pages));
  const asked = able.filter((unit) => !unit.left);
  const whole = able.reduce((sum, unit, at) => sum + (unit.left ? 0 : weights[at]), 0) || 1;
  const scores = new Map();
  for (const page of new Set(asked.flatMap((unit) => [...unit.pages.keys()]))) {
    let [sum, covered, headed, beside, pairs] = [0, 0, 0, 0, 0];
    for (const [at, unit] of able.entries()) {
      const hit = unit.pages.get(page);
      if (hit) {
        sum += weights[at] * hit.score;
        if (!unit.left) covered += weights[at];
        if (hit.heading) headed += weights[at];
      }
      const after = able[at + 1];
      const next = after?.pages.get(page);
      if (after) pairs += 1;
      if (hit && next) beside += closeness(hit.places, next.places, after.place - unit.place);
    }
    const together = 1 + (BESIDE * beside) / Math.max(1, pairs) + HEADED * (headed / whole) ** 2;
    scores.set(page, sum * (covered / whole) ** 2 * together);
  }
  return scores;
}

/** 1 where two words stand as they do in the query, less where they are near. */
function closeness(ones, others, wanted) {
  let best = 0;
  for (const one of ones) {
    for (const other of others) {
      const steps = other - one;
      if (steps === wanted) return 1;
      if (Math.abs(steps) <= 8) best = NEAR;
    }
  }
  return best;
}

/** Lifts pages whose title is what was asked for. Only titles that are at hand count: those with one of the words. */
function lift(scores, gathered) {
  const wanted = gathered.filter((unit) => !unit.token).sort((a, b) => a.place - b.place);
  const lines = new Map();
  for (const { lines: some } of gathered.flatMap((unit) => unit.found)) {
    for (const page in some) lines.set(Number(page), some[page]);
  }
  for (const [page, line] of lines) {
    const score = scores.get(page);
    if (!score) continue;
    const title = words(line[1]).map(({ word }) => word);
    const place = (unit) => title.findIndex((word) => unit.found.some((one) => one.word === word));
    const places = wanted.map(place).filter((at) => at >= 0);
    const share = places.length / Math.max(title.length, wanted.length, 1);
    const ordered = places.every((at, next) => next === 0 || at > places[next - 1]);
    scores.set(page, score * (1 + share ** 2 * (ordered ? 1 : 0.7)));
  }
  return lines;
}

// ---- Filters and facets ----------------------------------------------------------------------------------------

/** The pages of each value of each field that filters. */
async function facets(index) {
  const [names, file] = index.facets;
  return load(file, (data) => new Map(names.map((name, at) => [name, new Map(Object.entries(data[at]).map(pagesOf))])));
}

function pagesOf([value, text]) {
  let page = 0;
  return [value, new Set(numbers(text).map((step) => (page += step)))];
}

const slug = (text) => words(text).map(({ word }) => word).join("-");

/** The pages that every filter lets through; `null` where there is none. */
async function allowed(index, filters) {
  const asked = Object.entries(filters).filter(([, values]) => values.length > 0);
  if (asked.length === 0) return null;
  const fields = await facets(index);
  const sets = asked.map(([name, values]) => {
    const wanted = values.map(slug);
    const having = [...(fields.get(name) ?? [])].filter(([value]) => wanted.includes(slug(value)));
    return new Set(having.flatMap(([, pages]) => [...pages]));
  });
  return new Set([...sets[0]].filter((page) => sets.every((set) => set.has(page))));
}

async function counted(index, pages) {
  const all = new Set(pages);
  const count = ([value, having]) => ({ value, count: [...having].filter((page) => all.has(page)).length });
  const most = (a, b) => b.count - a.count || compare(a.value, b.value);
  return [...(await facets(index))].map(([name, values]) => ({
    name,
    values: [...values].map(count).filter((value) => value.count > 0).sort(most),
  }));
}

// ---- Results ---------------------------------------------------------------------------------------------------

/** URL, title and kind of a page. */
async function line(index, lines, page) {
  if (!lines.has(page)) {
    const [size, names] = index.page_files;
    const file = await load(names[Math.floor(page / size)]);
    lines.set(page, file[page % size]);
  }
  return lines.get(page);
}

const asking = new WeakMap();

/**
 * Finds pages.
 *
 * `limit`: at most so many results. `filters`: values by field, beside those in the query. `excerpts`: so many
 * results come with section and excerpt. `facets`: whether values are counted. `signal` stops it.
 *
 * The list also has `total` (pages found in all), `suggestions` (near words, where nothing is found) and `facets`.
 */
export async function search(query, options = {}) {
  try {
    return await find(String(query), options);
  } catch (error) {
    // The handbook was published anew since the index was loaded: shards have other names now.
    if (!error.gone || !files.has("index")) throw error;
    files.clear();
    return find(String(query), options);
  }
}

const MOST_QUERY = 2000;
/** What a common word in the title says. */
const TITLED = 0.3;
/** What a common word counts in an excerpt. */
const COMMON = 0.1;

/** Words after a minus that stand so in the handbook's code: they were pasted, nothing is to be excluded. */
async function optionsIn(index, query) {
  const written = query.split(/\s+/).filter((part) => /^-[\p{L}\p{N}]/u.test(part));
  const known = written.slice(0, 8).map(async (part) => {
    const [shard] = await shards(index, token(part));
    return shard.find(token(part)) >= 0;
  });
  const found = await Promise.all(known);
  return new Set(written.filter((_, at) => found[at]));
}

async function find(query, { limit = 10, filters = {}, excerpts = limit, facets: counting = false, signal } = {}) {
  const index = await warm();
  signal?.throwIfAborted();
  query = query.slice(0, MOST_QUERY);
  const asked = parse(query, index.facets[0], await optionsIn(index, query));
  const all = Object.entries(filters).map(([name, value]) => [name, [value].flat()]);
  for (const [name, values] of all) asked.filters[name] = (asked.filters[name] ?? []).concat(values);
  const [looked, among, without] = await Promise.all([
    look(index, asked, query),
    allowed(index, asked.filters),
    excluded(index, asked),
  ]);
  signal?.throwIfAborted();
  const scores = looked.length > 0 ? rank(index, looked) : new Map([...(among ?? [])].map((page) => [page, 0]));
  const lines = lift(scores, looked);
  const required = looked.filter((unit) => unit.phrase !== undefined);
  const kept = [...scores].filter(
    ([page]) => (among?.has(page) ?? true) && !without.has(page) && required.every((unit) => unit.pages.has(page)),
  );
  kept.sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const least = (kept[0]?.[1] ?? 0) * 0.02;
  const found = await exact(index, lines, asked, kept.filter(([, score]) => score >= least), limit);
  const results = await Promise.all(found.slice(0, limit).map(([page, score]) => result(index, lines, page, score)));
  const hits = new Map(looked.flatMap((unit) => unit.found.map((one) => [one.word, unit.left ? COMMON : rarity(unit, index.pages)])));
  for (const one of results) asking.set(one, { hits, compounds: index.compounds });
  signal?.throwIfAborted();
  const list = await Promise.all(results.map((one, at) => (at < excerpts ? complete(one) : one)));
  list.total = found.length;
  list.suggestions = list.length > 0 ? [] : await suggestions(index, looked);
  if (counting) list.facets = await counted(index, found.map(([page]) => page));
  return list;
}

/** What every unit of the query finds. Words that stand everywhere are left out where there are others. */
async function look(index, asked, query) {
  const wanted = units(asked, query);
  const rare = wanted.filter((unit) => unit.phrase !== undefined || unit.open || !index.often.has(unit.word));
  const used = rare.some((unit) => !unit.open || !index.often.has(unit.word)) ? rare : wanted;
  const left = wanted.filter((unit) => !used.includes(unit)).map((unit) => ({ ...unit, left: true }));
  const looked = await Promise.all(used.map(async (unit) => gather(unit, await answers(index, unit))));
  looked.push(...left.map((unit) => inTitles(index, unit)));
  looked.sort((one, other) => one.place - other.place);
  return looked.filter((unit) => unit.pages.size > 0 || unit.left || !unit.token || unit.alone);
}

/** What is known of a common word without its shard: the pages that have it in their title. */
function inTitles(index, unit) {
  const [words, texts] = index.common;
  const pages = new Map();
  let page = 0;
  for (const step of numbers(texts[words.indexOf(unit.word)])) pages.set((page += step), { score: TITLED, heading: false, places: [] });
  return { ...unit, found: [{ word: unit.word, lines: {} }], pages, total: index.pages / 3 };
}

/** The pages with a word after a minus. */
async function excluded(index, asked) {
  const pages = asked.excluded.flatMap((text) => words(text)).map(async ({ word }) => {
    const [shard] = await shards(index, word);
    const at = shard.find(word);
    return at < 0 ? [] : [at, ...shard.forms(at)].flatMap((form) => [...shard.pages(form).hits.keys()]);
  });
  return new Set((await Promise.all(pages)).flat());
}

/** Those pages, of the best, whose text has each phrase word by word. */
async function exact(index, lines, asked, kept, limit) {
  if (asked.phrases.length === 0) return kept;
  const phrases = asked.phrases.map((text) => ` ${words(text).map(({ word }) => word).join(" ")} `);
  const found = [];
  for (let from = 0; from < Math.min(kept.length, 60) && found.length < limit; from += 10) {
    const some = kept.slice(from, from + 10).map(async (one) => {
      const [url] = await line(index, lines, one[0]);
      const text = (await sections(new URL(url, ROOT).href)).map(({ heading, text }) => `${heading} ${text}`).join(" ");
      const read = ` ${words(text).map(({ word }) => word).join(" ")} `;
      return phrases.every((phrase) => read.includes(phrase)) ? [one] : [];
    });
    found.push(...(await Promise.all(some)).flat());
  }
  return found;
}

async function result(index, lines, page, score) {
  const [url, title, kind = "page"] = await line(index, lines, page);
  return { url: new URL(url, ROOT).href, title, section: "", excerpt: [], kind, score };
}

async function suggestions(index, looked) {
  const near = looked.filter(({ left }) => !left).map(async ({ word }) => {
    const [shard] = await shards(index, word);
    return (await nearest(index, word, 3, shard)).slice(0, 3).map(([, other]) => other);
  });
  return [...new Set((await Promise.all(near)).flat())].slice(0, 6);
}

// ---- Excerpts --------------------------------------------------------------------------------------------------

const MOST_TEXT = 180;
const read_pages = new Map();

/** The page itself, parsed and inert: no script of it runs and nothing of it is loaded. */
function page(url) {
  if (!read_pages.has(url)) {
    const answer = new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("GET", url);
      request.responseType = "document";
      request.onload = () => (request.response ? resolve(request.response) : reject(new Error(`search: ${url}`)));
      request.onerror = () => reject(new Error(`search: ${url}`));
      request.send();
    });
    read_pages.set(url, answer.then(cut));
    answer.catch(() => read_pages.delete(url));
  }
  return read_pages.get(url);
}

const sections = (url) => page(url).catch(() => []);

const BLOCK = /^(?:H[1-6]|P|LI|TR|TD|TH|DT|DD|DIV|PRE|FIGURE|FIGCAPTION|SUMMARY|BLOCKQUOTE|BR)$/;

/** The text of a page by sections: `{ id, heading, text }`; the first is what stands above all headings. */
function cut(document) {
  const body = document.querySelector("[data-body]") ?? document.querySelector("main") ?? document.body;
  const found = [{ id: "", heading: document.querySelector("h1")?.textContent.trim() ?? "", text: "" }];
  const walk = document.createTreeWalker(body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const within = found.at(-1);
    if (node.nodeType === Node.TEXT_NODE) {
      if (!node.parentElement.closest("h1,h2,h3,h4,h5,h6")) within.text += node.data;
    } else if (/^H[1-6]$/.test(node.tagName) && node.id) {
      found.push({ id: node.id, heading: node.textContent.trim(), text: "" });
    } else if (BLOCK.test(node.tagName)) within.text += "\n";
  }
  return found.map((section) => ({ ...section, text: section.text.replace(/\s+/g, " ").trim() }));
}

/** The same result with its best section, the link to it and the text around the hit. Also for later. */
export async function complete(result) {
  const { hits, compounds } = asking.get(result) ?? { hits: new Map() };
  const found = await sections(result.url.replace(/#.*$/, ""));
  if (found.length === 0) return result;
  const weighed = found.map((section, at) => weigh(section, at, hits, compounds));
  const best = weighed.reduce((one, other) => (other.score > one.score ? other : one));
  const { id, heading } = found[best.at];
  const url = id ? `${result.url.replace(/#.*$/, "")}#${encodeURIComponent(id)}` : result.url;
  const done = { ...result, url, section: id ? heading : "", excerpt: excerpt(found[best.at].text, best) };
  asking.set(done, asking.get(result));
  return done;
}

export { complete as excerpt };

/** How much of the query a section has, and the stretch of it that has most. */
function weigh({ heading, text }, at, hits, compounds) {
  const value = (word) => hits.get(word) ?? (compounds ? inner(word, hits) : 0);
  const marked = words(text).map((word) => ({ ...word, value: value(word.word) })).filter((word) => word.value > 0);
  const inHeading = new Set(words(heading).filter(({ word }) => value(word) > 0).map(({ word }) => word));
  let best = { score: 0, from: 0 };
  for (const [first, { start }] of marked.entries()) {
    const near = marked.slice(first, first + 40).filter(({ end }) => end - start <= MOST_TEXT);
    const seen = new Map(near.map(({ word, value }) => [word, value]));
    let score = [...seen.values()].reduce((sum, value) => sum + value, 0);
    score += near.filter((hit, next) => near[next + 1]?.start - hit.end <= 2).length * 0.5;
    if (score > best.score) best = { score, from: start };
  }
  const extra = [...inHeading].reduce((sum, word) => sum + value(word), 0) * (at === 0 ? 0.3 : 0.6);
  return { at, from: best.from, marked, score: best.score + extra };
}

/** The value of a word that has a hit inside: a compound. */
function inner(word, hits) {
  for (const [hit, value] of hits) if (hit.length > 3 && word.length > hit.length && word.includes(hit)) return value / 2;
  return 0;
}

/** The text around a place as parts, those that were looked for marked. */
function excerpt(text, { from, marked }) {
  let start = Math.max(0, from - 50);
  if (start > 0) start = text.indexOf(" ", start) + 1 || start;
  let end = Math.min(text.length, start + MOST_TEXT);
  if (end < text.length) end = Math.max(text.lastIndexOf(" ", end), start + MOST_TEXT / 2);
  const parts = [];
  const add = (to, mark) => to > at && (parts.push({ text: text.slice(at, to), mark }), (at = to));
  let at = start;
  for (const hit of marked.filter((hit) => hit.start >= start && hit.end <= end)) {
    add(hit.start, false);
    add(hit.end, true);
  }
  add(end, false);
  if (start > 0) parts.unshift({ text: "… ", mark: false });
  if (end < text.length) parts.push({ text: " …", mark: false });
  return parts;
}
