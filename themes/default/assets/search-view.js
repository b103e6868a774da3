// Elements that show results. Texts from the index and from the reader are inserted as text, never as markup.

import { ROOT } from "./search-engine.js";
import { kindName, say } from "./strings.js";

/** A new element with a class and children; strings become text. */
export function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** The kind of a result with its icon. */
export function kindMark(kind) {
  const mark = element("span", "ob-kind", kindName(kind));
  if (kind !== "page") mark.dataset.kind = kind;
  return mark;
}

export function button(className, text, press) {
  const made = element("button", className, text);
  made.type = "button";
  made.addEventListener("click", press);
  return made;
}

/** Sets the language of an element with words of a result, if it differs from the language of the page. */
export function spoken({ language }, made) {
  if (language && language.toLowerCase() !== document.documentElement.lang.toLowerCase()) made.lang = language;
  return made;
}

/** The parts of an excerpt, hits marked. */
export function marked(parts) {
  return parts.map(({ text, mark }) => (mark ? element("mark", "", text) : text));
}

/** The location of a result in one line: the sections above the page, then the heading. */
export function place(result) {
  return [...result.place, ...(result.section ? [result.section] : [])].join(" › ");
}

/** How many pages were found, in words. */
export function counted(total) {
  return total === 0 ? say("found_none") : say("found", { count: total });
}

/** The URL of the search page, to which the link in the header leads. */
const page = () => document.getElementById("ob-search")?.href ?? new URL("search/", ROOT).href;

/** The URL of the search page with a query. */
export function searchPage(query) {
  const url = new URL(page());
  url.searchParams.set("q", query);
  return url.href;
}

/** The message if nothing was found: the nearest words as buttons, or a link to all pages. */
export function nothingFound(suggestions, take) {
  if (!suggestions?.length) {
    return [element("p", "", say("fewer_before"), allPages(), say("fewer_after"))];
  }
  const words = suggestions.map((word) => button("ob-word", word, () => take(word)));
  return [element("p", "", say("meant")), element("div", "ob-words", ...words)];
}

/** The message if the engine or its index could not be loaded. */
export function failed(retry) {
  const reason = navigator.onLine === false ? say("offline") : say("no_index");
  const way = element("p", "", `${reason} ${say("not_needed_before")}`, allPages(), say("not_needed_after"));
  return [way, button("ob-retry", say("retry"), retry)];
}

function allPages() {
  const link = element("a", "", say("fewer_link"));
  link.href = page();
  return link;
}

/** The filters in the query, each as a label. */
export function filterChips(filters) {
  const chips = ([name, values]) => [values].flat().map((value) => element("span", "ob-filter", `${name}: ${value}`));
  return Object.entries(filters).flatMap(chips);
}

/** Examples of queries. */
export function hint() {
  const code = (text) => element("code", "", text);
  const exact = code(`"${say("exact")}"`);
  const more = [code(`-${say("without")}`), ", ", code("kind:runbook"), ", ", code(`> ${say("command_example")}`)];
  return element("p", "ob-hint", `${say("hint")} `, exact, ", ", ...more);
}
