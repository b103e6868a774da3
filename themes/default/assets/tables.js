// Tables of registers: sorts rows by a column, and filters them by words.

import { announce } from "./theme.js";
import { say } from "./strings.js";

const collator = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });
const NUMBER = /^-?\d+(?:[.,]\d+)?(?: ?%)?$/;
/**
 * The minimum number of rows that can be sorted; fewer are seen at once. The template and `parts.css` have the same
 * number.
 */
const FEW = 5;
const ORDERS = { none: "ascending", ascending: "descending", descending: "none" };

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

class Table {
  order = "none";
  column = 0;

  constructor(table) {
    this.body = table.tBodies[0];
    this.rows = [...this.body.rows];
    this.heads = [...table.tHead.rows[0].cells];
    if (this.rows.length >= FEW) this.heads.forEach((head, column) => this.startColumn(head, column));
    const row = table.parentNode.querySelector(".ob-rows");
    if (row?.querySelector("input")) this.startFilter(row);
    const place = row?.querySelector(".ob-order");
    if (place) this.startOrder(place);
  }

  startColumn(head, column) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => this.sort(column));
    head.append(button);
    head.setAttribute("aria-sort", "none");
  }

  /** Adds a list of sort orders for narrow screens, which do not show the table head. */
  startOrder(place) {
    this.choice = document.createElement("select");
    this.choice.append(new Option(say("order_usual"), "none"));
    this.heads.forEach((head, column) => {
      for (const order of ["ascending", "descending"]) {
        const name = { column: head.textContent.trim() };
        this.choice.append(new Option(say(order === "ascending" ? "order_up" : "order_down", name), `${order} ${column}`));
      }
    });
    this.choice.addEventListener("change", () => {
      const [order, column] = this.choice.value.split(" ");
      this.put(order, Number(column ?? this.column));
    });
    const label = document.createElement("label");
    label.append(say("order"), " ", this.choice);
    place.append(label);
    // A browser may have restored the choice of an earlier visit.
    this.choice.value = "none";
  }

  /** Sorts by a column: upwards, then downwards, then in the original order. */
  sort(column) {
    this.put(column === this.column ? ORDERS[this.order] : "ascending", column);
    if (this.choice) this.choice.value = this.order === "none" ? "none" : `${this.order} ${column}`;
  }

  /** Puts the rows in order. Rows without a value stay last, equal rows keep their order. */
  put(order, column) {
    this.order = order;
    this.column = column;
    const sign = order === "descending" ? -1 : 1;
    const keyed = this.rows.map((row) => [keyOf(row.cells[column]), row]);
    if (order !== "none") {
      keyed.sort(([one], [other]) => (one === null || other === null ? (one === null) - (other === null) : sign * compare(one, other)));
    }
    this.body.append(...keyed.map(([, row]) => row));
    this.heads.forEach((head, at) => head.setAttribute("aria-sort", at === column ? order : "none"));
    const name = this.heads[column].textContent.trim();
    announce(say({ ascending: "sorted_up", descending: "sorted_down", none: "sorted_none" }[order], { column: name }));
  }

  startFilter(filter) {
    const field = filter.querySelector("input");
    const status = filter.querySelector("[role=status]");
    const texts = this.rows.map((row) => plain(row.textContent));
    field.addEventListener("input", () => {
      const words = plain(field.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      this.rows.forEach((row, at) => {
        row.hidden = !words.every((word) => texts[at].includes(word));
        shown += row.hidden ? 0 : 1;
      });
      status.textContent = words.length > 0 ? say("rows_shown", { shown, all: this.rows.length }) : "";
    });
    // A browser may have restored the text of an earlier visit.
    if (field.value) field.dispatchEvent(new Event("input"));
  }
}

for (const table of document.querySelectorAll(".ob-table")) new Table(table);
