// The page for an address that does not exist: what the reader may have meant, found by the words of the address.

import "./search-box.js";
import { loadEngine, ROOT } from "./search-engine.js";
import { element, spoken } from "./search-view.js";

/** How many pages are offered; the style sheet keeps room for them. */
const OFFERED = 3;
/** Among how many of the best results those are looked for that lie where the address leads. */
const CONSIDERED = 10;

/** The words of each part of the address, the last part first: that is the page, what comes before is where it lies. */
function questions() {
  const path = location.pathname.startsWith(ROOT.pathname) ? location.pathname.slice(ROOT.pathname.length) : location.pathname;
  return path.split("/").map(readable).filter(Boolean).reverse();
}

function readable(part) {
  let text = part;
  try {
    text = decodeURIComponent(part);
  } catch {
    // An address that is no text is searched as it stands.
  }
  return text.replace(/\.(?:html?|md)$/, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim().slice(0, 100);
}

/** Shorter words stand in too many names. */
const SHORT = 3;
/** How many letters of a word may be wrong: short words have too many neighbours. */
const slips = (word) => (word.length < 5 ? 0 : word.length < 10 ? 1 : 2);
/** The share of the letters of an address that a page's name must have to be offered. */
const ENOUGH = 0.6;
/** A word of so many letters on so few pages is a name, such as that of an alert: the text may have it as well. */
const LONG = 10;
const RARE = 3;

/** Whether a result is what the question may have meant: its name has most of it. Many pages have some word of it. */
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

/** Pages from the same section first: a name is oftener misspelt than its folder. */
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

/** Shows what was found; the room for it goes where there is nothing. */
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
// Without an index there is nothing to offer, and the page says all that it knows.
guess(asked).catch(() => []).then(offer);
