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
  return path.split("/").map(words).filter(Boolean).reverse();
}

function words(part) {
  let text = part;
  try {
    text = decodeURIComponent(part);
  } catch {
    // An address that is no text is searched as it stands.
  }
  return text.replace(/\.(?:html?|md)$/, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim().slice(0, 100);
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
  const { search } = await loadEngine();
  for (const question of asked) {
    const found = await search(question, { limit: CONSIDERED, excerpts: 0 });
    if (found.length > 0) return nearest(found);
  }
  return [];
}

function offer(found) {
  const place = document.querySelector("#ob-guess > div");
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
  // Without an index there is nothing to offer, and the page says all that it knows.
  guess(asked).then(offer, () => {});
}
