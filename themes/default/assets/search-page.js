// The search page. The URL has the query and the chosen filters, so every state of the page has a link, and back and
// forward work. Without this script the page is a list of all pages.

import "./search-shared.js";
import { setSlashOpens, slashOpens } from "./search-open.js";
import { completeInSight, loadEngine, newest, warmEngine } from "./search-engine.js";
import { rememberSearch } from "./search-memory.js";
import { followed } from "./found-words.js";
import { button, counted, element, failed, filterChips, kindMark, marked, nothingFound, place, spoken } from "./search-view.js";
import { fieldLabel, kindName, number, say, valueName } from "./strings.js";

/** The number of results that are shown at first, and added by each press of the button. */
const STEP = 20;
/** The number of values of a filter that are shown at first. */
const VALUES = 8;
/** The time without a key, in milliseconds, after which the URL is updated. */
const PAUSE = 400;

const form = document.getElementById("ob-query");
const field = document.getElementById("ob-query-text");
const found = document.getElementById("ob-found");
const count = document.getElementById("ob-count");
const facets = document.getElementById("ob-facets");
const results = document.getElementById("ob-results");
const further = document.getElementById("ob-further");
const contents = document.getElementById("ob-contents");
const title = document.title;

const ask = newest({ answer, show, fail, wait });

// The state, as in the URL

/** The query, the chosen filters as pairs of name and value, and the number of results to show. */
function state(limit = STEP) {
  const pairs = [...new FormData(form)].filter(([name]) => name !== "q");
  return { query: field.value, chosen: pairs, limit };
}

function address({ query, chosen }) {
  const url = new URL(location.href);
  const filled = query.trim() ? [["q", query], ...chosen] : [];
  url.search = new URLSearchParams(filled).toString();
  return url;
}

/** Fills the form from the URL. */
function restore() {
  const parameters = new URLSearchParams(location.search);
  field.value = parameters.get("q") ?? "";
  const chosen = [...parameters].filter(([name]) => name !== "q");
  ask({ query: field.value, chosen, limit: history.state?.limit ?? STEP });
}

let pause = 0;

/** Writes the state into the URL. Each query is one entry of the history, not each letter. */
function record(typing) {
  clearTimeout(pause);
  const now = state();
  const url = address(now);
  const entry = { typing };
  if (history.state?.typing || url.href === location.href) history.replaceState(entry, "", url);
  else history.pushState(entry, "", url);
  entitle(now.query);
}

function entitle(query) {
  document.title = query.trim() ? `${query.trim().slice(0, 120)} · ${title}` : title;
}

// Asking

async function answer({ query, chosen, limit }, signal) {
  if (!query.trim()) return null;
  const { parse, search } = await loadEngine();
  const look = (filters, most) => search(query, { limit: most, excerpts: 0, facets: true, filters, signal });
  const all = await look({}, limit);
  const filters = grouped(chosen, all.facets);
  const answered = Object.keys(filters).length > 0 ? await look(filters, limit) : all;
  // In a group with a chosen value, the counts say what another choice in the same group would give.
  const counts = new Map();
  for (const { name } of all.facets) {
    const { [name]: own, ...others } = filters;
    counts.set(name, own ? (await look(others, 1)).facets : answered.facets);
  }
  return { results: answered, groups: groups(all.facets, counts, filters), typed: parse(query).filters };
}

/** The chosen pairs as filters. The URL may contain anything; only fields that filter are used. */
function grouped(chosen, known) {
  const values = (name) => chosen.filter(([other]) => other === name).map(([, value]) => value);
  const filters = known.map(({ name }) => [name, values(name)]).filter(([, chosen]) => chosen.length > 0);
  return Object.fromEntries(filters);
}

function groups(all, counts, filters) {
  return all.map(({ name, label, values }) => {
    const same = counts.get(name).find((facet) => facet.name === name);
    const counted = new Map(same?.values.map(({ value, count }) => [value, count]));
    const chosen = filters[name] ?? [];
    const shown = new Set([...values.map(({ value }) => value), ...chosen]);
    const described = (value) => ({ value, count: counted.get(value) ?? 0, chosen: chosen.includes(value) });
    return { name, label, values: [...shown].map(described) };
  });
}

// Showing

/** Functions that stop the completion of results. */
let stops = [];
let shown = "";

function show({ query, chosen }, answer) {
  const question = JSON.stringify([query, chosen]);
  const here = question === shown ? results.children.length : 0;
  // More results of the same query are appended; for any other answer the list is drawn again.
  const before = answer?.results.length > here ? here : 0;
  shown = question;
  if (before === 0) clear();
  entitle(query);
  searching(answer !== null);
  if (!answer) return;
  count.replaceChildren(counted(answer.results.total), ...filterChips(answer.typed).flatMap((chip) => [" ", chip]));
  showFacets(answer.groups);
  showResults(query, answer.results, before);
  further.replaceChildren(...whatFollows(answer.results));
}

function whatFollows({ length, suggestions, total }) {
  if (length === 0) return nothingFound(suggestions, take);
  return length < total ? [button("ob-further-button", say("more_results"), more)] : [];
}

function showResults(query, answer, before) {
  const added = new Map(answer.slice(before).map((result) => [element("li", "ob-result"), result]));
  for (const [item, result] of added) draw(item, result);
  results.append(...added.keys());
  stops.push(completeInSight(added, query, { redraw: draw }));
  if (before > 0) results.children[before]?.querySelector("a").focus();
}

function draw(item, result) {
  const link = spoken(result, element("a", "", ...marked(result.titleParts)));
  for (const way of ["click", "auxclick"]) link.addEventListener(way, () => followed(link, result));
  link.href = result.url;
  const kind = kindMark(result.kind);
  const focused = item.contains(document.activeElement);
  item.replaceChildren(
    element("h2", "", link),
    element("p", "ob-result-place", kind, element("span", "", place(result))),
    spoken(result, element("p", "ob-result-excerpt", ...marked(result.excerpt))),
  );
  // The link that had the focus is replaced, so the new one gets the focus.
  if (focused) link.focus();
}

function clear() {
  for (const stop of stops.splice(0)) stop();
  results.replaceChildren();
}

/** Shows the results in place of the list of all pages, or the other way round. */
function searching(on) {
  contents.hidden = on;
  found.classList.toggle("on", on);
  if (!on) {
    count.replaceChildren();
    further.replaceChildren();
    showFacets([]);
    delete document.documentElement.dataset.query;
  }
}

function wait() {
  found.classList.add("on");
  count.textContent = say("searching");
}

function fail() {
  shown = "";
  clear();
  searching(false);
  found.classList.add("on");
  count.textContent = `${say("not_available")}.`;
  further.replaceChildren(...failed(() => ask(state())));
}

// Filters

let drawn = "";

/** Draws the groups. If only counts changed, the elements stay, so that the focus is not lost. */
function showFacets(groups) {
  const worth = groups.filter(({ values }) => values.length > 1 || values.some(({ chosen }) => chosen));
  const outline = JSON.stringify(worth.map(({ name, values }) => [name, values.map(({ value }) => value)]));
  facets.hidden = worth.length === 0;
  if (outline !== drawn) facets.lastElementChild.replaceChildren(...worth.map(group));
  drawn = outline;
  const boxes = [...facets.querySelectorAll("input")];
  worth.flatMap(({ values }) => values).forEach(({ count, chosen }, index) => {
    boxes[index].checked = chosen;
    boxes[index].closest("label").lastElementChild.textContent = number(count);
  });
}

function group({ name, label, values }) {
  const legend = element("legend", "", fieldLabel(name, label));
  const labels = values.map(({ value }) => choice(name, value));
  const set = element("fieldset", "", legend, ...labels.slice(0, VALUES));
  if (labels.length > VALUES) {
    const rest = labels.slice(VALUES);
    set.append(element("details", "", element("summary", "", say("more_values", { count: rest.length })), ...rest));
  }
  return set;
}

function choice(name, value) {
  const box = element("input");
  box.type = "checkbox";
  box.name = name;
  box.value = value;
  box.setAttribute("form", form.id);
  return element("label", "", box, element("span", "", valueName(name, value)), element("span", "ob-number"));
}

// Actions of the reader

function take(word) {
  field.value = word;
  field.focus();
  record(false);
  ask(state());
}

function more() {
  const limit = results.children.length + STEP;
  history.replaceState({ ...history.state, limit }, "");
  ask(state(limit));
}

field.addEventListener("focus", warmEngine);
field.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(() => record(true), PAUSE);
  ask(state());
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  record(false);
  rememberSearch(field.value);
  ask(state());
});
facets.addEventListener("change", () => {
  record(false);
  ask(state());
});
results.addEventListener("click", (event) => {
  if (event.target.closest("a")) rememberSearch(field.value);
});
addEventListener("popstate", restore);

const slash = document.getElementById("ob-slash");
slash.checked = slashOpens();
slash.addEventListener("change", () => setSlashOpens(slash.checked));

// Text that was typed before this script ran is a query as well.
const early = field.value.trim() && !location.search;
if (early) {
  record(false);
  ask(state());
} else {
  restore();
}
