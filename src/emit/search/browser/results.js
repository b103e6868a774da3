// Results: from a query to pages, with filters, exclusions and phrases.

/** URL, title and kind of a page. */
async function line(index, lines, page) {
  if (!lines.has(page)) {
    const [size, names] = index.page_files;
    const file = await load(names[Math.floor(page / size)]);
    lines.set(page, file[page % size]);
  }
  return lines.get(page);
}

/** For each result what `complete` needs for its section and excerpt: see `remember`. */
const asking = new WeakMap();

/**
 * Finds pages.
 *
 * `limit` is the maximum number of results. `filters` are values by field, in addition to those in the query.
 * `excerpts` is the number of results that have section and excerpt. `facets` says whether values are counted.
 * `signal` stops the search.
 *
 * The returned list also has `total` (the number of pages found), `suggestions` (similar words, if nothing is found)
 * and `facets`.
 */
export async function search(query, options = {}) {
  try {
    return await find(String(query), options);
  } catch (error) {
    // The handbook was published again after the index was loaded, so the shards have other names.
    if (!error.gone || !files.has("index")) throw error;
    files.clear();
    return find(String(query), options);
  }
}

const MOST_QUERY = 2000;
/** The score of a common word in the title. */
const TITLED = 0.3;
/** The value of a common word in an excerpt. */
const COMMON = 0.1;

/** Words with a minus that the handbook has in its code. They were pasted and do not exclude anything. */
async function optionsIn(index, query) {
  const written = query.split(/\s+/).filter((part) => /^-\p{L}/u.test(part));
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
  const asked = await understood(index, query.slice(0, MOST_QUERY), filters);
  const looked = await look(index, asked);
  signal?.throwIfAborted();
  const scores = looked.length > 0 ? rank(index, looked) : await unranked(index, asked);
  const lines = lift(scores, looked);
  const found = await exact(index, lines, asked, await kept(index, asked, looked, scores), limit);
  const results = await Promise.all(found.slice(0, limit).map(([page, score]) => result(index, lines, page, score)));
  signal?.throwIfAborted();
  remember(index, looked, results, found.map(([page]) => page));
  const list = await Promise.all(results.map((one, at) => (at < excerpts ? complete(one) : one)));
  list.total = found.length;
  list.suggestions = list.length > 0 ? [] : await suggestions(index, looked);
  if (counting) list.facets = await counted(index, found.map(([page]) => page));
  return list;
}

/** The parts of the query in this handbook, with the filters that are given in addition. */
async function understood(index, query, filters) {
  const asked = parse(query, index.facets[0], await optionsIn(index, query));
  for (const [name, value] of Object.entries(filters)) {
    asked.filters[name] = (asked.filters[name] ?? []).concat(value);
  }
  return { ...asked, query };
}

/** Without words: every page that passes the filters, in the order of the handbook. */
async function unranked(index, asked) {
  const among = await allowed(index, asked.filters);
  return new Map([...(among ?? [])].map((page) => [page, 0]));
}

/** A page with less than this share of the best score is not a result. */
const LEAST = 0.02;

/** The pages that pass filters, exclusions and phrases, the best first, as `[page, score]`. */
async function kept(index, asked, looked, scores) {
  const [among, without] = await Promise.all([allowed(index, asked.filters), excluded(index, asked)]);
  // For a word on very many pages the index has only the best, so it cannot be required.
  const required = looked.filter((unit) => unit.phrase !== undefined && unit.total <= unit.pages.size);
  const stays = (page) =>
    (among?.has(page) ?? true) && !without.has(page) && required.every((unit) => unit.pages.has(page));
  const sorted = [...scores].filter(([page]) => stays(page)).sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const least = (sorted[0]?.[1] ?? 0) * LEAST;
  return sorted.filter(([, score]) => score >= least);
}

/**
 * Records for each result what its excerpt needs: the words that were found, and the value of each. The result itself
 * gets the words on its page, and its title with the words marked.
 */
function remember(index, looked, results, pages) {
  const worth = (unit) => (unit.omitted ? COMMON : rarity(unit, index.pages));
  const hits = new Map(looked.flatMap((unit) => unit.found.map(({ word }) => [word, worth(unit)])));
  const found = looked.flatMap((unit) => unit.found);
  for (const [at, one] of results.entries()) {
    asking.set(one, { hits, compounds: index.compounds });
    one.titleParts = marks(one.title, hits, index.compounds);
    one.words = [...new Set(found.filter((word) => word.hits?.has(pages[at])).map(({ word }) => word))];
  }
}

/**
 * The pages that each unit of the query finds. Common words are looked up only if there are no others; otherwise they are
 * `omitted`: only the pages that have them in their title are known.
 */
async function look(index, asked) {
  const wanted = units(asked);
  const rare = wanted.filter((unit) => unit.phrase !== undefined || unit.open || !index.often.has(unit.word));
  const used = rare.some((unit) => !unit.open || !index.often.has(unit.word)) ? rare : wanted;
  const omitted = wanted.filter((unit) => !used.includes(unit)).map((unit) => ({ ...unit, omitted: true }));
  const looked = await Promise.all(used.map(async (unit) => gather(unit, await answers(index, unit))));
  looked.push(...omitted.map((unit) => inTitles(index, unit)));
  looked.sort((one, other) => one.place - other.place);
  return looked.filter((unit) => unit.pages.size > 0 || unit.omitted || !unit.token || unit.alone);
}

/** A common word without its shard: only the pages that have it in their title are known. */
function inTitles(index, unit) {
  const [words, texts] = index.common;
  const pages = new Map();
  let page = 0;
  for (const step of numbers(texts[words.indexOf(unit.word)])) {
    pages.set((page += step), { score: TITLED, heading: false, places: [] });
  }
  // The number of its pages is in the shard. A common word is on more than a quarter of all.
  return { ...unit, found: [{ word: unit.word, lines: {} }], pages, total: index.pages / 3 };
}

/** The pages with a text after a minus; if it has several words, the pages with all of them. */
async function excluded(index, asked) {
  const pages = asked.excluded.map(async (text) => {
    const [first = new Set(), ...others] = await Promise.all(words(text).map(({ word }) => having(index, word)));
    return [...first].filter((page) => others.every((other) => other.has(page)));
  });
  return new Set((await Promise.all(pages)).flat());
}

/** The pages with a word or another form of it. */
async function having(index, word) {
  const [shard] = await shards(index, word);
  const at = shard.find(word);
  return new Set(at < 0 ? [] : [at, ...shard.forms(at)].flatMap((form) => [...shard.pages(form).hits.keys()]));
}

/** The pages, among the best, that have each phrase word for word. */
async function exact(index, lines, asked, kept, limit) {
  if (asked.phrases.length === 0) return kept;
  const phrases = asked.phrases.map((text) => ` ${words(text).map(({ word }) => word).join(" ")} `);
  const found = [];
  // Each page must be fetched for this, so only the 60 best are read, ten at a time.
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
  const [url, title, kind = "page", language = "", place = []] = await line(index, lines, page);
  return { url: new URL(url, ROOT).href, title, titleParts: [], place, section: "", excerpt: [], words: [], kind, language, score };
}

/** Words similar to those of the query, if nothing was found. */
async function suggestions(index, looked) {
  const near = looked.filter(({ omitted }) => !omitted).map(async ({ word }) => {
    const [shard] = await shards(index, word);
    return (await nearest(index, word, 3, shard)).slice(0, 3).map(([, other]) => other);
  });
  return [...new Set((await Promise.all(near)).flat())].slice(0, 6);
}
