// The words of the index that answer a unit: the word itself, its other forms, longer words, words inside others,
// words with typing errors.

/** The weights of words that answer a unit without being its word. `SLIP` is by the number of typing errors. */
const FORM = 0.85;
const BEGINNING = 0.7;
const INSIDE = 0.5;
const SLIP = [1, 0.7, 0.45];
const MOST_ENDINGS = 48;
const FEW_SHARDS = 8;
const MOST_CORRECTIONS = 6;

/** A word of the index that answers a unit, with its weight and its pages. */
function answer(shard, at, weight) {
  return { word: shard.words[at], weight, ...shard.pages(at), lines: shard.lines };
}

/** All words of the index that answer a unit. `ue` may be typed for `ü`, which the index has as `u`. */
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
  // Words inside others and corrections are used only if nothing closer was found.
  if (found.length === 0 && infix) found.push(...(await within(index, unit)));
  if (found.length === 0 && !unit.token) found.push(...(await corrected(index, unit, read[0])));
  if (found.length === 0) {
    for (const part of unit.parts ?? []) found.push(...(await answers(index, { word: part, parts: [] })));
  }
  return found;
}

/**
 * Words that contain a unit's word. The index of a large handbook knows where words begin inside others
 * (compounds.rs). A small handbook has too few words for that, but is quickly searched as a whole.
 */
async function within(index, unit) {
  if (index.words.length > FEW_SHARDS) return [];
  const every = await Promise.all(index.from.map((from) => shards(index, from)));
  return every.flatMap(([shard]) =>
    shard.words.flatMap((word, at) => (word.includes(unit.word) ? [answer(shard, at, INSIDE)] : [])),
  );
}

/** Words one or two typing errors away from a unit's word, with their other forms. */
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

/** The maximum number of typing errors in a word of this length. */
function slips(word) {
  return word.length < 4 ? 0 : word.length < 8 ? 1 : 2;
}

/** The words nearest to `word`, the best first, as `[slips, word]` with the number of typing errors. */
async function nearest(index, word, most, shard) {
  const lists = index.spelling.filter(([longest], at, all) => {
    const shortest = at > 0 ? all[at - 1][0] : 0;
    return longest >= word.length - most && shortest <= word.length + most;
  });
  const loaded = await Promise.all(lists.map(([, name]) => load(name, (list) => list.split(" "))));
  const letters = signature(word);
  const near = new Map();
  for (const other of loaded.concat([shard.words]).flat()) {
    // Lengths and letters are cheap to compare and exclude most words.
    if (Math.abs(other.length - word.length) > most || differing(signature(other), letters) > 2 * most) continue;
    const found = distance(word, other, most);
    if (found <= most) near.set(other, found);
  }
  const order = ([one, a], [other, b]) => a - b || (other[0] === word[0]) - (one[0] === word[0]) || compare(one, other);
  return [...near].sort(order).map(([other, slips]) => [slips, other]);
}

/** The letters of a word, one bit for each. A typing error changes at most two of them. */
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

/**
 * The number of insertions, deletions, substitutions and swaps of neighbours between two words (optimal string
 * alignment), at most `most + 1`.
 */
export function distance(one, other, most) {
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
