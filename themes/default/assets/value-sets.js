// Sets of values: readers choose a region, a cluster or an inventory once, and its values stand in all commands. Only loaded on
// pages that offer sets. The choice is in the address, so that it can be sent to others, and stays in this browser. Anyone may have
// written the address: it can only name a set of the page, and takes no place of a value or a choice of the reader.

import { followers, store, values } from "./runbook.js";
import { announce } from "./theme.js";
import { say } from "./strings.js";
import { readStored, writeStored } from "./storage.js";
import { code, plain, shown } from "./runbook-steps.js";

const parts = () => location.hash.slice(1).split("&").filter(Boolean);

class Choice {
  /** The name of the set that the reader or the link has chosen. */
  chosen = "";
  /** Whether the reader has chosen it, not the link. */
  isOwn = false;
  /** The set that this script has put into the address. */
  written = "";

  constructor(box) {
    this.name = box.dataset.name;
    this.title = box.querySelector("label").textContent;
    this.select = box.querySelector("select");
    this.note = box.querySelector(".ob-value-note");
    const table = document.querySelector(`#ob-sets-${this.name} table`);
    this.sets = new Map(Array.from(table.tBodies, (group) => [group.dataset.set, valuesOf(group)]));
    // The space keeps it apart from the names of variables.
    this.shared = `choice ${this.name}`;
    this.key = `${store.key} ${this.name}`;
    const kept = readStored(this.key);
    if (this.sets.has(kept)) Object.assign(this, { chosen: kept, isOwn: true });
    this.select.addEventListener("change", () => this.choose(this.select.value));
    this.select.parentElement.hidden = false;
  }

  /** The chosen set, as long as any of its values stands in its field. */
  active() {
    const stands = ([name, value]) => values.known.get(name).value === value;
    return [...(this.sets.get(this.chosen) ?? [])].some(stands) ? this.chosen : "";
  }

  /** The title of a set for readers. */
  titleOf(name) {
    return [...this.select.options].find((option) => option.value === name).textContent;
  }

  /** Chooses a set for the reader; an empty name clears the values of the last one. */
  choose(name) {
    this.fill(name, false);
    this.isOwn = true;
    this.offered = false;
    writeStored(this.key, name || null);
    // No value of its own is shared with other pages: they offer the whole set.
    values.changed({});
    if (name) store.share(this.shared, name, document.querySelector("h1").textContent);
    values.shown();
    announce(`${this.title}: ${this.titleOf(name)}`);
  }

  /** Puts the values of a set into their fields. */
  fill(name, isLinked) {
    const before = this.sets.get(this.active());
    const set = this.sets.get(name);
    for (const variable of values.all) {
      const isOfBefore = variable.value !== "" && variable.value === before?.get(variable.name);
      // What the reader typed, and what the link says of this one value, count more than the set of a link.
      if (isLinked && variable.input.value && !(variable.linked && isOfBefore)) continue;
      const value = set?.get(variable.name);
      if (value !== undefined) variable.show(value, isLinked);
      // A value of the set before must not stay: the command would run in two places.
      else if (isOfBefore) variable.show("");
    }
    this.chosen = name;
  }

  /** Takes the set that the link names, or offers it if the reader has chosen another one. */
  follow() {
    const part = parts().find((part) => part.startsWith(`${this.name}=`));
    const name = part?.slice(this.name.length + 1);
    if (!this.sets.has(name) || name === this.active()) return;
    if (this.isOwn && this.active()) {
      this.offer(name, say("value_says", { value: this.titleOf(name) }));
      document.querySelector(".ob-sheet").open = true;
      return;
    }
    this.isOwn = false;
    this.fill(name, true);
    values.shown();
  }

  /** Offers the set that was chosen on another page within the time of a shift. */
  offerLast() {
    if (this.active() || values.all.some(({ input }) => input.value)) return;
    for (const { value, title, at } of store.offers((name, value) => name === this.shared && this.sets.has(value))) {
      this.offer(value, say("value_offer", { value: this.titleOf(value), title, time: shown(at) }));
    }
  }

  /** Offers a set that the reader must accept by a click. */
  offer(name, text) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = say("value_use");
    button.addEventListener("click", () => {
      this.choose(name);
      this.select.focus();
    });
    this.note.replaceChildren(`${text} `, button);
    this.offered = true;
  }

  /** Shows the set whose values stand in the fields, and which of them differ. */
  update() {
    const name = this.active();
    this.select.value = name;
    // Not each time: a link that was just followed names another set, which is only offered.
    if (this.isOwn && name !== this.written) this.write(name);
    if (!this.offered) this.note.textContent = this.differences();
  }

  /** Which fields have another value than the chosen set. */
  differences() {
    const set = this.sets.get(this.active()) ?? [];
    const other = [...set].filter(([name, value]) => values.known.get(name).value !== value).map(([name]) => name);
    return other.length > 0 ? `${this.note.dataset.other} ${other.join(", ")}` : "";
  }

  /** Puts the chosen set into the address. */
  write(name) {
    this.written = name;
    const own = name ? [`${this.name}=${name}`] : [];
    const hash = [...parts().filter((part) => !part.startsWith(`${this.name}=`)), ...own].join("&");
    history.replaceState(history.state, "", `${location.pathname}${location.search}${hash && `#${hash}`}`);
  }

  /** The line of the incident log; empty if no set is chosen. */
  logged() {
    const name = this.active();
    const differences = this.differences() && `; ${plain(this.differences())}`;
    return name && `${plain(this.title)}: ${code(name)}${differences}`;
  }
}

/** The values of a set in the table, by the names of their variables. */
function valuesOf(group) {
  return new Map(Array.from(group.querySelectorAll("tr:has(td)"), ({ cells: [name, value] }) => [name.textContent, value.textContent]));
}

const choices = Array.from(document.querySelectorAll(".ob-choice"), (box) => new Choice(box));
followers.push(...choices);
for (const choice of choices) {
  choice.follow();
  choice.offerLast();
}
values.shown();
addEventListener("hashchange", () => choices.forEach((choice) => choice.follow()));
