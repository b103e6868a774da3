// Marks the words that a search found, on the page that a result leads to. The words travel in the URL, because pages
// that are opened as files share nothing else. No element changes: the browser paints ranges of text (CSS Custom
// Highlight API). Browsers that know text fragments also scroll to the text of the excerpt.

import { loadEngine } from "./search-engine.js";

const PARAMETER = "found";
/** The name of the highlight in search.css. */
const HIGHLIGHT = "ob-found";
/** The maximum number of words in a URL, and of marked ranges. */
const MOST_WORDS = 24;
const MOST_PLACES = 2000;
/** The number of words before the first hit, and from it on, that a text fragment names. Fewer may stand elsewhere, too. */
const [BEFORE, FROM_HIT] = [2, 4];

/**
 * Adds the words and the text of the excerpt to the URL of a result whose link is being followed. For a link within the
 * open page, marks them at once.
 */
export function followed(link, { url, words, excerpt }) {
  if (words.length === 0) return;
  const way = new URL(url);
  // Without an anchor the page is loaded again, and marks made now would be lost.
  if (way.hash && way.origin === location.origin && way.pathname === location.pathname) {
    markAll(words);
    return;
  }
  way.hash += directive(excerpt);
  way.searchParams.set(PARAMETER, words.slice(0, MOST_WORDS).join(" "));
  link.href = way.href;
}

/**
 * The text around the first hit of an excerpt as a text fragment; empty where the browser would take it for a part of the
 * anchor. A text that two blocks of the page share is not found, and the browser goes to the anchor.
 */
function directive(excerpt) {
  const first = excerpt.findIndex(({ mark }) => mark);
  if (first < 0 || !("fragmentDirective" in document)) return "";
  const words = (parts) => parts.map(({ text }) => text).join("").split(/\s+/).filter((word) => word && word !== "…");
  const written = (words) => encodeURIComponent(words.join(" ")).replaceAll("-", "%2D");
  const [before, from] = [words(excerpt.slice(0, first)).slice(-BEFORE), words(excerpt.slice(first)).slice(0, FROM_HIT)];
  return `:~:text=${before.length > 0 ? `${written(before)}-,` : ""}${written(from)}`;
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

/**
 * Marks the words in the URL and removes them from it, so that a copy of the URL leads to the page and nothing else.
 */
function arrived() {
  const url = new URL(location.href);
  const words = url.searchParams.get(PARAMETER);
  if (!words || !document.querySelector("[data-body]")) return;
  url.searchParams.delete(PARAMETER);
  history.replaceState(history.state, "", url);
  // Without the engine nothing is marked, and the page works as usual.
  markAll(words.split(" ")).catch(() => {});
}

arrived();
