// The page for a URL that does not exist: offers the pages that the reader may have meant, found by the words of the
// URL.

import "./search-shared.js";
import { loadEngine, ROOT } from "./search-engine.js";
import { element, spoken } from "./search-view.js";

/** The number of offered pages. The style sheet reserves room for them. */
const OFFERED = 3;
/** The number of best results among which those near the URL are preferred. */
const CONSIDERED = 10;

/** The words of each part of the URL, the last part first: it names the page, the parts before it name its folders. */
function questions() {
  const path = location.pathname.startsWith(ROOT.pathname) ? location.pathname.slice(ROOT.pathname.length) : location.pathname;
  return path.split("/").map(readable).filter(Boolean).reverse();
}

function readable(part) {
  let text = part;
  try {
    text = decodeURIComponent(part);
  } catch {
    // A part that cannot be decoded is searched for as it is.
  }
  return text.replace(/\.(?:html?|md)$/, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim().slice(0, 100);
}

/** The minimum length of a word. Shorter words are in too many names. */
const SHORT = 3;
/** The number of wrong letters that a word may have. Short words have too many neighbours. */
const slips = (word) => (word.length < 5 ? 0 : word.length < 10 ? 1 : 2);
/** The share of the letters in the URL that the name of a page must have to be offered. */
const ENOUGH = 0.6;
/**
 * A word of at least this length on at most `RARE` pages is a name, such as that of an alert. It may be in the text
 * instead of the name.
 */
const LONG = 10;
const RARE = 3;

/** Whether a result may be what the URL meant: its name has most of the words. Many pages have one of them. */
function isNear(question, result, total, { distance, words }) {
  const split = (text) => words(text).map(({ word }) => word);
  const name = new URL(result.url).pathname.split("/").findLast(Boolean) ?? "";
  const names = split(`${result.title} ${readable(name)}`);
  const asked = split(question).filter((word) => word.length >= SHORT);
  const isLike = (word, other) => word[0] === other[0] && distance(word, other, slips(word)) <= slips(word);
  const isMet = (word) =>
    names.some((other) => isLike(word, other)) ||
    (total <= RARE && word.length >= LONG && result.words.includes(word));
  const letters = (some) => some.join("").length;
  return asked.length > 0 && letters(asked.filter(isMet)) >= ENOUGH * letters(asked);
}

/** Puts pages of the same section first: the name of a page is misspelt more often than its folder. */
function nearest(found) {
  const parts = location.pathname.split("/");
  const shared = ({ url }) => {
    const own = new URL(url).pathname.split("/");
    const apart = own.findIndex((part, at) => part !== parts[at]);
    return apart < 0 ? own.length : apart;
  };
  return found.toSorted((one, other) => shared(other) - shared(one)).slice(0, OFFERED);
}

async function guess(asked) {
  const engine = await loadEngine();
  for (const question of asked) {
    const found = await engine.search(question, { limit: CONSIDERED, excerpts: 0 });
    const near = found.filter((result) => isNear(question, result, found.total, engine));
    if (near.length > 0) return nearest(near);
  }
  return [];
}

/** Shows the pages that were found. The room for them is hidden if there are none. */
function offer(found) {
  const room = document.getElementById("ob-guess");
  room.hidden = found.length === 0;
  const place = room.firstElementChild;
  place.querySelector("ul").append(...found.map((result) => {
    const link = spoken(result, element("a", "", result.title));
    link.href = result.url.replace(/#.*$/, "");
    return element("li", "", link);
  }));
  place.hidden = found.length === 0;
}

const asked = questions();
if (asked.length > 0) {
  const all = document.getElementById("ob-guess-all");
  all.search = new URLSearchParams({ q: asked[0] }).toString();
}
// Without an index nothing is offered, and the page stays as it is.
guess(asked).catch(() => []).then(offer);
