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

/** The query as meant in this handbook, with the filters that are given beside it. */
async function understood(index, query, filters) {
  const asked = parse(query, index.facets[0], await optionsIn(index, query));
  for (const [name, value] of Object.entries(filters)) {
    asked.filters[name] = (asked.filters[name] ?? []).concat(value);
  }
  return { ...asked, query };
}

/** Without words, every page that the filters let through, in the handbook's order. */
async function unranked(index, asked) {
  const among = await allowed(index, asked.filters);
  return new Map([...(among ?? [])].map((page) => [page, 0]));
}

/** A page with less than this share of the best score is no answer. */
const LEAST = 0.02;

/** `[page, score]` of the pages that filters, exclusions and phrases leave, the best first. */
async function kept(index, asked, looked, scores) {
  const [among, without] = await Promise.all([allowed(index, asked.filters), excluded(index, asked)]);
  // Of a word on very many pages the index has only the best.
  const required = looked.filter((unit) => unit.phrase !== undefined && unit.total <= unit.pages.size);
  const stays = (page) =>
    (among?.has(page) ?? true) && !without.has(page) && required.every((unit) => unit.pages.has(page));
  const sorted = [...scores].filter(([page]) => stays(page)).sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const least = (sorted[0]?.[1] ?? 0) * LEAST;
  return sorted.filter(([, score]) => score >= least);
}

/**
 * Keeps with each result what its excerpt needs: the words that were found, and what each is worth. The result itself gets
 * those of its page, and its title with them marked.
 */
function remember(index, looked, results, pages) {
  const worth = (unit) => (unit.left ? COMMON : rarity(unit, index.pages));
  const hits = new Map(looked.flatMap((unit) => unit.found.map(({ word }) => [word, worth(unit)])));
  const found = looked.flatMap((unit) => unit.found);
  for (const [at, one] of results.entries()) {
    asking.set(one, { hits, compounds: index.compounds });
    one.titleParts = marks(one.title, hits, index.compounds);
    one.words = [...new Set(found.filter((word) => word.hits?.has(pages[at])).map(({ word }) => word))];
  }
}

/** What every unit of the query finds. Words that stand everywhere are left out where there are others. */
async function look(index, asked) {
  const wanted = units(asked);
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
  for (const step of numbers(texts[words.indexOf(unit.word)])) {
    pages.set((page += step), { score: TITLED, heading: false, places: [] });
  }
  return { ...unit, found: [{ word: unit.word, lines: {} }], pages, total: index.pages / 3 };
}

/** The pages with what stands after a minus; where that is several words, with all of them. */
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
  const [url, title, kind = "page", language = ""] = await line(index, lines, page);
  return { url: new URL(url, ROOT).href, title, titleParts: [], section: "", excerpt: [], words: [], kind, language, score };
}

async function suggestions(index, looked) {
  const near = looked.filter(({ left }) => !left).map(async ({ word }) => {
    const [shard] = await shards(index, word);
    return (await nearest(index, word, 3, shard)).slice(0, 3).map(([, other]) => other);
  });
  return [...new Set((await Promise.all(near)).flat())].slice(0, 6);
}
