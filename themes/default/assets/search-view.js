// How results look. Whatever comes from the index or the reader is put in as text, never as markup.

import { ROOT } from "./search-engine.js";

/** A new element with a class and children; strings become text. */
export function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

export function button(className, text, press) {
  const made = element("button", className, text);
  made.type = "button";
  made.addEventListener("click", press);
  return made;
}

/** The parts of an excerpt, hits marked. */
export function marked(parts) {
  return parts.map(({ text, mark }) => (mark ? element("mark", "", text) : text));
}

/** What a kind of page is called; nothing for an ordinary page. */
export function kindName(kind) {
  if (!kind || kind === "page") return "";
  return kind === "rca" ? "RCA" : kind[0].toUpperCase() + kind.slice(1);
}

/** Where a result is: the folders above the page, then the section. */
export function placeOf({ url, section }) {
  const path = new URL(url, ROOT).pathname.slice(ROOT.pathname.length);
  const folders = path.split("/").slice(0, -2).map(readable);
  return [...folders, ...(section ? [section] : [])];
}

function readable(segment) {
  try {
    return decodeURIComponent(segment).replaceAll("-", " ");
  } catch {
    return segment;
  }
}

/** The place as one line. */
export function place(result) {
  return placeOf(result).join(" › ");
}

/** How many pages were found, in words. */
export function counted(total) {
  if (total === 0) return "No pages found";
  return total === 1 ? "1 page" : `${total.toLocaleString("en")} pages`;
}

/** The search page with a question. */
export function searchPage(query) {
  const url = new URL("search/", ROOT);
  url.searchParams.set("q", query);
  return url.href;
}

/** What is said when nothing was found: the nearest words, to be taken by a press. */
export function nothingFound(suggestions, take) {
  if (!suggestions?.length) return [element("p", "", "Try fewer or other words, or look at the ", allPages(), ".")];
  const words = suggestions.map((word) => button("ob-word", word, () => take(word)));
  return [element("p", "", "Did you mean:"), element("div", "ob-words", ...words)];
}

/** What is said when the engine or its index could not be loaded. */
export function failed(retry) {
  const reason =
    navigator.onLine === false
      ? "You are offline, and the search index is not in this browser yet."
      : "The search index could not be loaded.";
  return [element("p", "", `${reason} The `, allPages(), " does not need it."), button("ob-retry", "Try again", retry)];
}

function allPages() {
  const link = element("a", "", "list of all pages");
  link.href = new URL("search/", ROOT).href;
  return link;
}

/** The filters that the question names, each as a word. */
export function filterChips(filters) {
  const chips = ([name, values]) => [values].flat().map((value) => element("span", "ob-filter", `${name}: ${value}`));
  return Object.entries(filters).flatMap(chips);
}

/** What can be typed. */
export function hint() {
  const code = (text) => element("code", "", text);
  const words = "An error message, a command, a word of a title. ";
  return element("p", "ob-hint", words, code('"exact words"'), ", ", code("-without"), ", ", code("kind:runbook"));
}
