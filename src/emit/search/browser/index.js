// The index: its files, each fetched once, the shards of words, and the pages of words. format.md describes the
// format.

const files = new Map();

/** A file of the index, fetched once. A failure is not cached, so that a later query tries again. */
function load(name, read = (data) => data, options = {}) {
  if (!files.has(name)) {
    const file = (packs ? unpacked(name) : fetched(name, options)).then(read);
    files.set(name, file);
    file.catch(() => files.delete(name));
  }
  return files.get(name);
}

async function fetched(name, options) {
  const answer = await fetch(new URL(`${name}.json`, HERE), options);
  if (!answer.ok) throw Object.assign(new Error(`search: ${name}.json: ${answer.status}`), { gone: true });
  return answer.json();
}

/** Loads what every query needs. */
export async function warm() {
  const read = (data) => {
    [filtering] = data.facets;
    return { ...data, often: new Set(data.common[0]) };
  };
  // `index.json` has the same name in every version, so the browser must ask for it again.
  return load("index", read, { cache: "no-cache" });
}

const DIGITS = new Map(
  [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"].map((sign, at) => [sign.charCodeAt(0), at]),
);

/** The numbers in a text with five bits in each character. */
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

/** Compares words by their code points, the order of the index. */
function compare(one, other) {
  if (one === other) return 0;
  for (let at = 0; ; at++) {
    const [a, b] = [one.codePointAt(at) ?? -1, other.codePointAt(at) ?? -1];
    if (a !== b) return a - b;
  }
}

/** The number of words in `sorted` that are before `word` or equal to it. */
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

  /** The index of a word; -1 if the handbook does not have it. */
  find(word) {
    const at = upTo(this.words, word) - 1;
    return this.words[at] === word ? at : -1;
  }

  /** The indexes of the other forms of the word at an index. */
  forms(at) {
    const found = [];
    for (let back = at; this.steps[back] > 0; ) found.push((back -= this.steps[back]));
    // The index links forms that are at most 31 words apart (shards.rs).
    for (let last = at, next = at + 1; next <= last + 31 && next < this.words.length; next++) {
      if (this.steps[next] > 0 && next - this.steps[next] === last) found.push((last = next));
    }
    return found;
  }

  /** The indexes of longer words that begin with `word`. */
  longer(word) {
    const first = upTo(this.words, word);
    let end = first;
    while (end < this.words.length && this.words[end].startsWith(word)) end++;
    return Array.from({ length: end - first }, (_, at) => first + at);
  }

  /**
   * The pages with the word at an index: their number in `total`, and `{ impact, heading, places }` by page in
   * `hits`.
   */
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

/** The shards that may have words beginning with `word`: the first and, with `more`, the one after it. */
function shards(index, word, more) {
  const first = Math.max(0, upTo(index.from, word) - 1);
  const wanted = [first];
  if (more && index.from[first + 1]?.startsWith(word)) wanted.push(first + 1);
  return Promise.all(wanted.map((at) => load(index.words[at], (data) => new Shard(data))));
}
