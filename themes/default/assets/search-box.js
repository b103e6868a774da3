// The search box: a dialog over every page. The field stays focused all the time; arrow keys move through the list
// below it (a combobox with a listbox). `search-open.js` loads it when the reader first opens it.

import "./search-shared.js";
import { completeInSight, loadEngine, newest, warmEngine } from "./search-engine.js";
import { commands, isCommand } from "./search-commands.js";
import { forgetSearches, recentSearches, rememberSearch } from "./search-memory.js";
import { button, counted, element, failed, filterChips, hint } from "./search-view.js";
import { kindMark, marked, nothingFound, place, searchPage, spoken } from "./search-view.js";
import { followed } from "./found-words.js";
import { kindName, say } from "./strings.js";

const MOST = 10;
/** The kind whose group comes first, unless another one has a result with more than `AHEAD` times its score. */
const FIRST = "runbook";
const AHEAD = 2;

/** The dialog, made when it is first opened. */
class SearchBox {
  constructor() {
    this.input = element("input", "ob-box-input");
    this.filters = element("p", "ob-box-filters");
    this.list = element("div", "ob-box-list");
    this.notes = element("div", "ob-box-notes");
    this.status = element("p", "ob-box-status");
    this.dialog = element("dialog", "ob-box", this.head(), this.filters, this.body(), this.foot());
    this.dialog.setAttribute("aria-label", say("search"));
    this.ask = newest({
      answer: (query, signal) => this.answer(query, signal),
      show: (query, answer) => this.show(query, answer),
      fail: (query) => this.showFailure(query),
      wait: () => (this.status.textContent = say("searching")),
    });
    this.reset();
    this.listen();
    document.body.append(this.dialog);
  }

  head() {
    const { input } = this;
    input.type = "text";
    input.placeholder = say("search_handbook");
    input.enterKeyHint = "search";
    input.spellcheck = false;
    const attributes = {
      role: "combobox",
      "aria-label": say("search_handbook"),
      "aria-autocomplete": "list",
      "aria-controls": "ob-box-list",
      "aria-expanded": "false",
      autocomplete: "off",
      autocapitalize: "off",
    };
    for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
    const close = button("ob-box-close", say("close"), () => this.dialog.close());
    return element("div", "ob-box-head", input, close);
  }

  body() {
    this.list.id = "ob-box-list";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", say("results"));
    return element("div", "ob-box-body", this.list, this.notes);
  }

  foot() {
    this.status.setAttribute("role", "status");
    const key = (name, meaning) => element("span", "", element("kbd", "", name), ` ${meaning}`);
    const shown = [key("↑↓", say("key_choose")), key("Enter", say("key_open")), key("Esc", say("key_close"))];
    const keys = element("p", "ob-box-keys", ...shown);
    keys.setAttribute("aria-hidden", "true");
    return element("div", "ob-box-foot", this.status, keys);
  }

  listen() {
    const { dialog, input, list } = this;
    input.addEventListener("input", () => this.search());
    input.addEventListener("focus", warmEngine);
    dialog.addEventListener("keydown", (event) => this.press(event));
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
    list.addEventListener("click", (event) => this.leave(event));
    list.addEventListener("auxclick", (event) => this.send(event.target.closest("a[role=option]")));
    list.addEventListener("mousemove", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.select(option);
    });
  }

  /** Opens the dialog. What is in the field is selected, so that typing replaces it, unless the reader typed it now. */
  open(typed) {
    if (!this.dialog.open) this.dialog.showModal();
    this.input.focus();
    if (!typed) this.input.select();
    this.search();
  }

  // Asking

  search() {
    const query = this.input.value;
    this.input.setAttribute("aria-busy", String(query.trim() !== ""));
    this.ask(query);
  }

  /** Searches for a text that the reader picked. */
  take(query) {
    this.input.value = query;
    this.input.focus();
    this.search();
  }

  async answer(query, signal) {
    if (!query.trim()) return null;
    if (isCommand(query)) return { commands: await commands(query) };
    const { parse, search } = await loadEngine();
    const results = await search(query, { limit: MOST, excerpts: 0, signal });
    return { results, filters: parse(query).filters };
  }

  // Showing

  reset() {
    this.stop?.();
    this.stop = null;
    this.shown = null;
    this.results = new Map();
    this.select(null);
    this.list.replaceChildren();
    this.notes.replaceChildren();
    this.filters.replaceChildren();
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-busy");
  }

  show(query, answer) {
    this.reset();
    this.shown = query;
    if (!answer) return this.showRecent();
    if (answer.commands) return this.showCommands(answer.commands);
    const { results } = answer;
    this.filters.replaceChildren(...filterChips(answer.filters));
    this.status.textContent = counted(results.total);
    if (results.length === 0) {
      this.notes.replaceChildren(...nothingFound(results.suggestions, (word) => this.take(word)));
      return;
    }
    this.offer([...this.groups(results), allResults(query, results.total)]);
    this.select(this.options()[0]);
    this.stop = completeInSight(this.results, query, { root: this.list.parentNode, redraw: draw });
  }

  /** The options of results, those of a kind below its name; without names where all are of one kind. */
  groups(results) {
    const kinds = new Map();
    for (const result of results) kinds.set(result.kind, [...(kinds.get(result.kind) ?? []), result]);
    const value = ([kind, [best]]) => best.score * (kind === FIRST ? AHEAD : 1);
    const sorted = [...kinds].sort((one, other) => value(other) - value(one));
    return sorted.flatMap(([kind, found]) => {
      const options = found.map((result) => this.option(result));
      if (sorted.length === 1) return options;
      const name = kindName(kind) || say("page");
      const heading = element("span", "ob-box-kind", name);
      heading.setAttribute("aria-hidden", "true");
      heading.dataset.kind = kind;
      const group = element("div", "ob-box-group", heading, ...options);
      group.setAttribute("role", "group");
      group.setAttribute("aria-label", name);
      return [group];
    });
  }

  showCommands(found) {
    this.status.textContent = say("commands", { count: found.length });
    if (found.length === 0) return;
    this.offer(found.map((command) => commandOption(command, () => this.dialog.close())));
    this.select(this.options()[0]);
  }

  showRecent() {
    this.status.textContent = "";
    const recent = recentSearches();
    if (recent.length === 0) {
      this.notes.replaceChildren(hint());
      return;
    }
    this.offer(recent.map((query) => recentOption(query, () => this.take(query))));
    const forget = button("ob-forget", say("forget"), () => {
      forgetSearches();
      this.take("");
    });
    this.notes.replaceChildren(forget);
    this.status.textContent = say("recent");
  }

  showFailure(query) {
    this.reset();
    this.shown = query;
    this.status.textContent = say("not_available");
    this.notes.replaceChildren(...failed(() => this.take(this.input.value)));
  }

  offer(options) {
    this.list.replaceChildren(...options);
    this.options().forEach((option, index) => (option.id = `ob-box-option-${index}`));
    this.list.hidden = false;
    this.list.parentNode.scrollTop = 0;
    this.input.setAttribute("aria-expanded", "true");
  }

  /** The options in the order in which they are shown. */
  options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  option(result) {
    const option = listed(element("a", "ob-box-option"));
    option.tabIndex = -1;
    draw(option, result);
    this.results.set(option, result);
    return option;
  }

  // Moving

  select(option) {
    if (option === this.selected) return;
    this.selected?.setAttribute("aria-selected", "false");
    this.selected = option;
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  move(step) {
    const options = this.options();
    if (options.length === 0) return;
    const at = options.indexOf(this.selected);
    const next = at < 0 ? (step > 0 ? 0 : options.length - 1) : (at + step + options.length) % options.length;
    this.select(options[next]);
    this.selected.scrollIntoView({ block: "nearest" });
  }

  press(event) {
    if (event.isComposing) return;
    const inField = event.target === this.input;
    const actions = {
      ArrowDown: () => this.move(1),
      ArrowUp: () => this.move(-1),
      Enter: () => this.enter(event),
      Escape: () => this.dialog.close(),
    };
    if (!Object.hasOwn(actions, event.key) || (!inField && event.key === "Enter")) return;
    event.preventDefault();
    actions[event.key]();
  }

  /**
   * Opens the selected option. If the query has changed since the shown answer, opens the search page with it
   * instead.
   */
  enter({ ctrlKey, metaKey }) {
    const query = this.input.value;
    if (!query.trim() && !this.selected) return;
    const current = this.selected && this.shown === query;
    if (!current && isCommand(query)) return;
    if (!current) {
      rememberSearch(query);
      location.assign(searchPage(query));
    } else if ((ctrlKey || metaKey) && this.selected.href) {
      rememberSearch(query);
      this.send(this.selected);
      window.open(this.selected.href, "_blank", "noopener");
    } else {
      this.selected.click();
    }
  }

  /** Passes the found words to the page of a result, so that it marks them. The open page marks them at once. */
  send(link) {
    const result = this.results.get(link);
    if (result) followed(link, result);
  }

  /** Handles a click on an option. In the same window it closes the box, because the link may lead within the page. */
  leave(event) {
    const link = event.target.closest("a[role=option]");
    if (!link) return;
    if (!isCommand(this.shown)) rememberSearch(this.shown);
    this.send(link);
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) this.dialog.close();
  }
}

/** Fills an option with a result. The lines for location and excerpt always exist, so that nothing moves later. */
function draw(option, result) {
  option.href = result.url;
  option.replaceChildren(
    spoken(result, element("span", "ob-box-title", ...marked(result.titleParts))),
    kindMark(result.kind),
    element("span", "ob-box-place", place(result)),
    spoken(result, element("span", "ob-box-excerpt", ...marked(result.excerpt))),
  );
}

/** The last option: the search page with the same query. */
function allResults(query, total) {
  const text = total > MOST ? say("all_results", { count: total }) : say("on_page");
  const link = listed(element("a", "ob-box-option ob-box-all", text));
  link.href = searchPage(query);
  link.tabIndex = -1;
  return link;
}

/** A command: a link, or an action after which the box closes. */
function commandOption({ title, href, run }, close) {
  const option = listed(element(href ? "a" : "div", "ob-box-option ob-box-command", title));
  if (href) {
    option.href = href;
    option.tabIndex = -1;
    return option;
  }
  option.addEventListener("click", () => {
    close();
    run();
  });
  return option;
}

function recentOption(query, take) {
  const option = listed(element("div", "ob-box-option ob-box-recent", query));
  option.addEventListener("click", take);
  return option;
}

/** Makes an element an option of the list. */
function listed(element) {
  element.setAttribute("role", "option");
  element.setAttribute("aria-selected", "false");
  return element;
}

let box = null;

/** Opens the box. `typed` is what the reader typed before it was loaded. */
export function openBox(typed) {
  box ??= new SearchBox();
  if (typed) box.input.value = typed;
  box.open(typed !== "");
}
