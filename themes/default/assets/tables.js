// Tables of registers: one toolbar filters the rows of all tables of a page, and their heads sort them. What is chosen stands in
// the address. Loaded on pages with more than a few rows; without it the tables are complete.

import "./page.js";
import { announce } from "./theme.js";
import { say } from "./strings.js";

const collator = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });
const NUMBER = /^-?\d+(?:[.,]\d+)?(?: ?%)?$/;
/** The minimum number of rows that can be sorted; fewer are seen at once. `parts.css` has the same number. */
const FEW = 5;
const ORDERS = { none: "ascending", ascending: "descending", descending: "none" };
/** The value of a facet for rows without any. */
const NO_VALUE = "-";

/** The text of a cell without the remark below it. */
function said(cell) {
  return Array.from(cell.childNodes, (node) => (node.nodeName === "SMALL" ? "" : node.textContent)).join(" ").trim();
}

/** The value that a cell is sorted by: a number or a text; `null` if the cell is empty. */
function keyOf(cell) {
  const text = cell?.dataset.sort ?? cell?.querySelector("time")?.dateTime ?? (cell ? said(cell) : "");
  if (text === "") return null;
  return NUMBER.test(text) ? parseFloat(text.replace(",", ".")) : text;
}

function compare(one, other) {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return collator.compare(one, other);
}

/** The text in lower case, without accents. */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** The values of a facet in a cell. */
function valuesOf(cell, facet) {
  if (facet === "year") return Array.from(cell.querySelectorAll("time"), (time) => time.dateTime.slice(0, 4));
  const text = said(cell).toLowerCase();
  return cell.dataset.value?.toLowerCase().split("|") ?? (text ? [text] : []);
}

class Table {
  constructor(table, sort) {
    this.body = table.tBodies[0];
    this.rows = [...this.body.rows];
    this.heads = [...table.tHead.rows[0].cells];
    this.group = table.closest(".ob-group");
    this.jump = document.querySelector(`.ob-jumps a[href="#${CSS.escape(this.group.getAttribute("aria-labelledby"))}"]`)?.parentNode;
    if (this.rows.length < FEW) return;
    for (const head of this.heads) this.startColumn(head, sort);
  }

  startColumn(head, sort) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(head.dataset.key));
    head.append(button);
    head.setAttribute("aria-sort", "none");
  }

  /** Puts the rows in order. Rows without a value stay last, equal rows keep their order. */
  sort(key, order) {
    const column = this.heads.findIndex((head) => head.dataset.key === key);
    const sign = order === "descending" ? -1 : 1;
    const keyed = this.rows.map((row) => [keyOf(row.cells[column]), row]);
    if (order !== "none" && column >= 0) {
      keyed.sort(([one], [other]) => (one === null || other === null ? (one === null) - (other === null) : sign * compare(one, other)));
    }
    this.body.append(...keyed.map(([, row]) => row));
    if (this.rows.length < FEW) return;
    this.heads.forEach((head, at) => head.setAttribute("aria-sort", at === column ? order : "none"));
  }

  /** Hides the rows that lack a word or the value of a facet, and returns how many are left. */
  filter(words, facets) {
    this.texts ??= this.rows.map((row) => plain(row.textContent));
    const fits = (row, [facet, wanted]) => {
      const values = this.heads.flatMap((head, at) => (head.dataset.facet === facet ? valuesOf(row.cells[at], facet) : []));
      return wanted === NO_VALUE ? values.length === 0 : values.includes(wanted);
    };
    let shown = 0;
    this.rows.forEach((row, at) => {
      row.hidden = !words.every((word) => this.texts[at].includes(word)) || !facets.every((facet) => fits(row, facet));
      shown += row.hidden ? 0 : 1;
    });
    this.group.hidden = shown === 0;
    if (this.jump) this.jump.hidden = shown === 0;
    return shown;
  }
}

class Toolbar {
  key = "";
  order = "none";

  constructor(bar) {
    this.bar = bar;
    this.fields = [...bar.querySelectorAll("[name]")];
    this.status = bar.querySelector("[role=status]");
    this.reset = bar.querySelector("button");
    this.tables = Array.from(document.querySelectorAll(".ob-table"), (table) => new Table(table, (key) => this.turn(key)));
    this.startOrder(bar.querySelector(".ob-order"));
    for (const field of this.fields) field.addEventListener("input", () => this.changed());
    this.reset.addEventListener("click", () => {
      this.read(new URLSearchParams());
      this.changed();
      this.fields[0]?.focus();
    });
    for (const figure of document.querySelectorAll("li[data-filter]")) this.startFigure(figure);
    this.read(new URLSearchParams(location.search));
    if (this.order !== "none") this.sort();
    this.filter();
  }

  /** Adds a list of sort orders for narrow screens, which do not show the heads of tables. */
  startOrder(place) {
    this.choice = document.createElement("select");
    this.choice.append(new Option(say("order_usual"), ""));
    const heads = new Map(this.tables.flatMap((table) => table.heads).map((head) => [head.dataset.key, head]));
    this.names = new Map(Array.from(heads, ([key, head]) => [key, head.textContent.trim()]));
    for (const [key, column] of this.names) this.choice.append(new Option(say("order_up", { column }), key), new Option(say("order_down", { column }), `-${key}`));
    this.choice.addEventListener("change", () => {
      const { key } = this;
      this.readOrder(this.choice.value);
      this.sort();
      this.announce(this.key || key);
      this.write();
    });
    const label = document.createElement("label");
    label.append(say("order"), " ", this.choice);
    place.append(label);
  }

  /** Makes a figure the link to the rows that it counts. */
  startFigure(figure) {
    const link = document.createElement("a");
    link.href = `?${figure.dataset.filter}`;
    link.append(...figure.childNodes);
    figure.append(link);
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.read(new URLSearchParams(link.search));
      this.sort();
      this.changed();
      this.bar.scrollIntoView();
    });
  }

  /** Sorts by a column: upwards, then downwards, then in the original order. */
  turn(key) {
    this.order = key === this.key ? ORDERS[this.order] : "ascending";
    this.key = key;
    this.sort();
    this.announce(key);
    this.write();
  }

  sort() {
    for (const table of this.tables) table.sort(this.key, this.order);
    this.choice.value = this.sorting();
  }

  announce(key) {
    const told = { ascending: "sorted_up", descending: "sorted_down", none: "sorted_none" };
    announce(say(told[this.order], { column: this.names.get(key) }));
  }

  /** The order as the address has it: `due`, `-due`, or nothing. */
  sorting() {
    return this.order === "none" ? "" : `${this.order === "descending" ? "-" : ""}${this.key}`;
  }

  readOrder(text) {
    const key = text.replace(/^-/, "");
    const known = key && this.names.has(key);
    [this.key, this.order] = known ? [key, text.startsWith("-") ? "descending" : "ascending"] : ["", "none"];
  }

  /** Takes what the address says; what is unknown there counts as nothing. */
  read(query) {
    for (const field of this.fields) {
      const value = query.get(field.name) ?? "";
      const known = field.type === "search" || Array.from(field.options, (option) => option.value).includes(value.toLowerCase());
      field.value = field.type === "search" ? value : known ? value.toLowerCase() : "";
    }
    this.readOrder(query.get("sort") ?? "");
  }

  write() {
    const query = new URLSearchParams(this.fields.filter((field) => field.value.trim()).map((field) => [field.name, field.value.trim()]));
    if (this.sorting()) query.set("sort", this.sorting());
    try {
      history.replaceState(null, "", `${location.pathname}${query.size ? `?${query}` : ""}${location.hash}`);
    } catch {
      // Some browsers forbid this in files; the rows are filtered all the same.
    }
  }

  changed() {
    this.filter();
    this.write();
  }

  filter() {
    const [search] = this.fields.filter((field) => field.type === "search");
    const words = plain(search?.value ?? "").split(/\s+/).filter(Boolean);
    const facets = this.fields.filter((field) => field !== search && field.value).map((field) => [field.name, field.value]);
    const active = words.length > 0 || facets.length > 0;
    let [shown, all] = [0, 0];
    for (const table of this.tables) {
      shown += table.filter(words, facets);
      all += table.rows.length;
    }
    this.status.textContent = active ? say("rows_shown", { shown, all }) : "";
    this.reset.hidden = !active;
  }
}

const bar = document.querySelector(".ob-rows");
if (bar) new Toolbar(bar);
