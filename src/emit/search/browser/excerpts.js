// Excerpts: reads the page itself, for its best section and the text around the hit.

const MOST_TEXT = 180;
/** The weights of a hit in the title or in a heading, compared with a hit in the text. */
const TITLE_HIT = 0.3;
const HEADING_HIT = 1.3;
const readPages = new Map();

/**
 * The sections of a page. The page is parsed as an inert document: none of its scripts run, and none of its files are
 * loaded.
 */
function page(url) {
  if (packs) return packedSections(url);
  if (!readPages.has(url)) {
    const answer = new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("GET", url);
      request.responseType = "document";
      const fail = () => reject(new Error(`search: ${url}: ${request.status}`));
      request.onload = () => (request.status === 200 && request.response ? resolve(request.response) : fail());
      request.onerror = fail;
      request.send();
    });
    readPages.set(url, answer.then(cut));
    answer.catch(() => readPages.delete(url));
  }
  return readPages.get(url);
}

const sections = (url) => page(url).catch(() => []);

/** What the program and its scripts write into a text: the words of a command's head, buttons. `bundle.rs` has the same list. */
const INTERFACE = "h1,h2,h3,h4,h5,h6,.code-risk,.code-run-on,button";

const BLOCK = /^(?:H[1-6]|P|LI|TR|TD|TH|DT|DD|DIV|PRE|FIGURE|FIGCAPTION|SUMMARY|BLOCKQUOTE|BR)$/;

/**
 * The text of a page by sections: `{ id, heading, text }`. The first section is the text above all headings, with the
 * page's description.
 */
function cut(document) {
  const body = document.querySelector("[data-body]") ?? document.querySelector("main") ?? document.body;
  const found = [{ id: "", heading: document.querySelector("h1")?.textContent.trim() ?? "", text: "" }];
  const walk = document.createTreeWalker(body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const within = found.at(-1);
    if (node.nodeType === Node.TEXT_NODE) {
      if (!node.parentElement.closest(INTERFACE)) within.text += node.data;
    } else if (/^H[1-6]$/.test(node.tagName) && node.id) {
      found.push({ id: node.id, heading: node.textContent.trim(), text: "" });
    } else if (BLOCK.test(node.tagName)) within.text += "\n";
  }
  found[0].description = document.querySelector("meta[name=description]")?.content ?? "";
  return found.map((section) => ({ ...section, text: section.text.replace(/\s+/g, " ").trim() }));
}

/**
 * The result with its best section, the link to it and the text around the hit. May be called at any time after the
 * search.
 */
export async function complete(result) {
  const { hits, compounds } = asking.get(result) ?? { hits: new Map() };
  const found = (await sections(result.url.replace(/#.*$/, ""))).map(tidy);
  if (found.length === 0) return result;
  const weighed = found.map((section, at) => weigh(section, at, hits, compounds));
  const best = weighed.reduce((one, other) => (other.score > one.score ? other : one));
  const { id, heading } = found[best.at];
  const url = id ? `${result.url.replace(/#.*$/, "")}#${encodeURIComponent(id)}` : result.url;
  const around = shown(found[best.at], best) ? excerpt(found[best.at].text, best) : marks(found[0].description, hits, compounds);
  const done = { ...result, url, section: id ? heading : "", excerpt: around };
  asking.set(done, asking.get(result));
  return done;
}

export { complete as excerpt };

/** Replaces several ellipses in a row by one. */
const tidy = (section) => ({ ...section, text: section.text.replace(/(?:(?:\.{3}|…)\s*){2,}/g, "… ").trim() });

/**
 * Whether a section's text is worth showing. Where only the title was found, the beginning of the page is arbitrary.
 */
const shown = ({ id, text }, { marked }) => text !== "" && (id !== "" || marked.length > 0);

/** The value of a word in a text; 0 if it was not searched for. */
const worth = (word, hits, compounds) => hits.get(word) ?? (compounds ? inner(word, hits) : 0);

/** A short text as parts, with the words that were searched for marked. */
function marks(text, hits, compounds) {
  return cutAt(text, words(text).filter(({ word }) => worth(word, hits, compounds) > 0), 0, text.length);
}

/** How much of the query a section has, and where the part of its text begins that has most of it. */
function weigh({ heading, text }, at, hits, compounds) {
  const value = (word) => worth(word, hits, compounds);
  const marked = words(text).map((word) => ({ ...word, value: value(word.word) })).filter((word) => word.value > 0);
  const inHeading = new Set(words(heading).filter(({ word }) => value(word) > 0).map(({ word }) => word));
  let best = { score: 0, from: 0 };
  for (const [first, { start }] of marked.entries()) {
    const near = marked.slice(first, first + 40).filter(({ end }) => end - start <= MOST_TEXT);
    const seen = new Map(near.map(({ word, value }) => [word, value]));
    let score = [...seen.values()].reduce((sum, value) => sum + value, 0);
    score += near.filter((hit, next) => near[next + 1]?.start - hit.end <= 2).length * 0.5;
    if (score > best.score) best = { score, from: start };
  }
  const extra = [...inHeading].reduce((sum, word) => sum + value(word), 0) * (at === 0 ? TITLE_HIT : HEADING_HIT);
  return { at, from: best.from, marked, score: best.score + extra };
}

/** The value of a word that contains a hit, such as a compound: half the value of the hit. */
function inner(word, hits) {
  for (const [hit, value] of hits) if (hit.length > 3 && word.length > hit.length && word.includes(hit)) return value / 2;
  return 0;
}

/** The text around a position as parts, with the words that were searched for marked. */
function excerpt(text, { from, marked }) {
  let start = Math.max(0, from - 50);
  if (start > 0) start = text.indexOf(" ", start) + 1 || start;
  let end = Math.min(text.length, start + MOST_TEXT);
  if (end < text.length) end = Math.max(text.lastIndexOf(" ", end), start + MOST_TEXT / 2);
  // An ellipsis is added at each end, so one that the text itself has there is dropped.
  if (start > 0) start += text.slice(start, end).match(/^[\s.…]*/)[0].length;
  if (end < text.length) end -= text.slice(start, end).match(/(?:\s|\.{3}|…)*$/)[0].length;
  const parts = cutAt(text, marked, start, end);
  if (start > 0) parts.unshift({ text: "… ", mark: false });
  if (end < text.length) parts.push({ text: " …", mark: false });
  return parts;
}

/** The text from `start` to `end` as parts; `marked` are the marked words. */
function cutAt(text, marked, start, end) {
  const parts = [];
  const add = (to, mark) => to > at && (parts.push({ text: text.slice(at, to), mark }), (at = to));
  let at = start;
  for (const hit of marked.filter((hit) => hit.start >= start && hit.end <= end)) {
    add(hit.start, false);
    add(hit.end, true);
  }
  add(end, false);
  return parts;
}
