// Ranking: how much of the query a page has, how rare its words are, and whether they are next to each other.

/** How much more a page counts whose words all follow each other as in the query. */
const BESIDE = 2.5;
/** The share of that for words that are near each other, up to eight words apart. */
const NEAR = 0.4;
/** How much more a page counts that has all words in its title or in headings. */
const HEADED = 0.8;

/** The pages that a unit found, each with the score of the best of its words there. */
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

/** The weight of a unit: the fewer pages have it, the more it says. The formula is the IDF of BM25. */
function rarity(unit, all) {
  return Math.log(1 + (all - unit.total + 0.5) / (unit.total + 0.5));
}

/**
 * The pages with their scores: the impact of each unit, how much of the query the page has, and whether words are
 * next to each other.
 */
function rank(index, gathered) {
  const able = gathered.filter((unit) => unit.pages.size > 0);
  const weights = able.map((unit) => rarity(unit, index.pages));
  const asked = able.filter((unit) => !unit.omitted);
  const whole = able.reduce((sum, unit, at) => sum + (unit.omitted ? 0 : weights[at]), 0) || 1;
  const scores = new Map();
  for (const page of new Set(asked.flatMap((unit) => [...unit.pages.keys()]))) {
    let [sum, covered, headed, beside, pairs] = [0, 0, 0, 0, 0];
    for (const [at, unit] of able.entries()) {
      const hit = unit.pages.get(page);
      if (hit) {
        sum += weights[at] * hit.score;
        if (!unit.omitted) covered += weights[at];
        if (hit.heading) headed += weights[at];
      }
      const after = able[at + 1];
      const next = after?.pages.get(page);
      if (after) pairs += 1;
      if (hit && next) beside += closeness(hit.places, next.places, after.place - unit.place);
    }
    const together = 1 + (BESIDE * beside) / Math.max(1, pairs) + HEADED * (headed / whole) ** 2;
    // A page that lacks words of the query loses more than their share.
    scores.set(page, sum * (covered / whole) ** 2 * together);
  }
  return scores;
}

/** 1 if two words are as far apart as in the query, less if they are near each other, else 0. */
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

/** Raises pages whose title is the query. Only titles that are already loaded count: those with one of the words. */
function lift(scores, gathered) {
  const wanted = gathered.filter((unit) => !unit.token).sort((a, b) => a.place - b.place);
  const lines = new Map();
  for (const some of new Set(gathered.flatMap((unit) => unit.found.map((one) => one.lines)))) {
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
