// The words that a search found, marked on the page that a result leads to. They travel in the address, because pages that
// are opened as files share nothing else. No element changes: the browser paints ranges of text (CSS Custom Highlight).

import { loadEngine } from "./search-engine.js";

const PARAMETER = "found";
/** The name of the highlight in search.css. */
const HIGHLIGHT = "ob-found";
/** At most so many words go along, and so many places are marked. */
const MOST_WORDS = 24;
const MOST_PLACES = 2000;

/** A link to a result is being followed: its address gets the words. A way within the open page marks them at once. */
export function followed(link, { url, words }) {
  if (words.length === 0) return;
  const way = new URL(url);
  // Without an anchor the page is loaded anew, and what is marked now would be lost.
  if (way.hash && way.origin === location.origin && way.pathname === location.pathname) {
    markAll(words);
    return;
  }
  way.searchParams.set(PARAMETER, words.slice(0, MOST_WORDS).join(" "));
  link.href = way.href;
}

async function markAll(words) {
  const { highlights } = CSS;
  if (!highlights) return;
  const { words: cut } = await loadEngine();
  const wanted = new Set(words);
  const ranges = [];
  for (const place of document.querySelectorAll("main h1, [data-body]")) {
    const walk = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node && ranges.length < MOST_PLACES; node = walk.nextNode()) {
      const found = cut(node.data).filter(({ word }) => wanted.has(word));
      ranges.push(...found.map(({ start, end }) => stretch(node, start, end)));
    }
  }
  highlights.set(HIGHLIGHT, new Highlight(...ranges));
}

function stretch(node, start, end) {
  const range = document.createRange();
  range.setStart(node, start);
  range.setEnd(node, end);
  return range;
}

/** Takes the words out of the address, so that a copy of it leads to the page and nothing else. */
function arrived() {
  const url = new URL(location.href);
  const words = url.searchParams.get(PARAMETER);
  if (!words || !document.querySelector("[data-body]")) return;
  url.searchParams.delete(PARAMETER);
  history.replaceState(history.state, "", url);
  // Without the engine the page is as good as without a search.
  markAll(words.split(" ")).catch(() => {});
}

arrived();
