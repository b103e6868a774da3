// The form for values, and the places in the commands that show them. A value is only set as text, and quoted so that
// it stays one word of its command, whatever characters it contains.

import { say } from "./strings.js";

/** Characters that every language reads as a part of a word. */
const PLAIN = /^[\w.\/:@%+,=-]+$/;
/** The same with letters of any script and spaces, for configuration files. */
const WORDS = /^[\p{L}\p{N}_ .\/:@%+,=~-]+$/u;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const MASK = "••••••";
const TITLES = { open: "place_open", filled: "place_filled", refused: "place_refused" };

const escaped = (value) => value.replaceAll("'", "'\\''");

/** The value as written in a place of this type (`data-in`), or null if it cannot be written there. */
function fit(value, place) {
  if (place === undefined || (PLAIN.test(value) && place !== "single")) return value;
  if (place === "bare") return `'${escaped(value)}'`;
  // An interactive shell also expands `!` between double quotes, so they end before the value and begin again after
  // it.
  if (place === "double") return `"'${escaped(value)}'"`;
  if (place === "single") return escaped(value);
  return place === "text" && WORDS.test(value) ? value : null;
}

/**
 * Whether the whole value matches the steps of a pattern. All paths through the steps are followed at the same time,
 * one character after another, so that no pattern and no value takes long.
 */
function fits(steps, value) {
  const characters = Array.from(value, (character) => character.codePointAt(0));
  const enter = (from, place) => {
    const reached = new Set();
    for (const waiting = from; waiting.length > 0; ) {
      const at = waiting.pop();
      const step = steps[at];
      if (reached.has(at)) continue;
      reached.add(at);
      if (step.to) waiting.push(...step.to);
      else if ((step === "^" && place === 0) || (step === "$" && place === characters.length)) waiting.push(at + 1);
    }
    return [...reached];
  };
  let at = enter([0], 0);
  characters.forEach((character, index) => {
    const takes = (first, place, ranges) => place % 2 === 0 && first <= character && character <= ranges[place + 1];
    const next = at.filter((step) => Array.isArray(steps[step]) && steps[step].some(takes));
    at = enter(next.map((step) => step + 1), index + 1);
  });
  return at.includes(steps.length - 1);
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

class Variable {
  value = "";
  /** Why the value in the field is refused; empty if it is accepted or there is none. */
  refusal = "";
  places = [];
  /** Whether the value came with the link and the reader has not changed it. */
  linked = false;

  constructor(input) {
    this.input = input;
    this.name = input.name;
    this.secret = input.type === "password";
    this.note = document.getElementById(`ob-note-${this.name}`);
    this.steps = input.dataset.steps && JSON.parse(input.dataset.steps);
  }

  /** Why a value is refused; empty if it is accepted. */
  problem(value) {
    if (value.length > 200 || UNSEEN.test(value)) return say("value_line");
    return !this.steps || fits(this.steps, value) ? "" : say("value_pattern", { name: this.name, pattern: this.input.dataset.pattern });
  }

  takes(value) {
    return typeof value === "string" && value !== "" && !this.secret && !this.problem(value);
  }

  /** Without a pattern, a value from a link must not be an option or contain special characters. */
  takesFromLink(value) {
    return this.takes(value) && (this.steps ? true : PLAIN.test(value) && value[0] !== "-");
  }

  /** Shows a value in the field and at its places. A refused value stays in the field only. */
  show(value, linked = false) {
    this.refusal = value && this.problem(value);
    this.value = this.refusal ? "" : value;
    this.linked = linked;
    if (this.input.value !== value) this.input.value = value;
    this.input.setCustomValidity(this.refusal);
    this.input.setAttribute("aria-invalid", this.refusal !== "");
    this.note.textContent = this.refusal || (linked ? say("value_linked") : "");
    for (const place of this.places) place.show(this);
  }
}

/** One place in a command. */
class Place {
  constructor(element) {
    this.element = element;
    this.written = [...element.childNodes];
  }

  show({ name, value, refusal, secret, input }) {
    const { element } = this;
    const text = value && fit(value, element.dataset.in);
    const state = refusal || text === null ? "refused" : text ? "filled" : "open";
    this.text = text;
    if (text) element.textContent = secret ? MASK : text;
    else element.replaceChildren(...this.written);
    element.dataset.state = state;
    element.title = say(refusal ? "place_misfit" : TITLES[state], { name, example: input.placeholder });
  }
}

export class Values {
  places = new WeakMap();

  /** `changed` is called for each value that the reader enters, `shown` whenever the page shows other values. */
  constructor(form, changed, shown) {
    Object.assign(this, { changed, shown });
    this.all = Array.from(form.querySelectorAll("input"), (input) => new Variable(input));
    this.known = new Map(this.all.map((variable) => [variable.name, variable]));
    for (const element of document.querySelectorAll("var.ob-var[data-var]")) {
      const place = new Place(element);
      this.known.get(element.dataset.var)?.places.push(place);
      this.places.set(element, place);
    }
    for (const variable of this.all) {
      variable.input.addEventListener("input", () => this.take(variable, variable.input.value.trim()));
    }
    form.hidden = false;
  }

  take(variable, value) {
    variable.show(value);
    this.changed(variable);
    this.shown();
  }

  /** The parts of the form for these names, each with its field and all that belongs to it. */
  fields(names) {
    return names.map((name) => this.known.get(name)?.input.closest(".ob-value")).filter(Boolean);
  }

  isValue(name, value) {
    return this.known.get(name)?.takes(value) ?? false;
  }

  restore(values) {
    for (const variable of this.all) variable.show(values.get(variable.name) ?? "");
    this.shown();
  }

  /** The values that may be stored: neither secrets nor values that only came with a link. */
  kept() {
    const own = this.all.filter(({ value, secret, linked }) => value && !secret && !linked);
    return new Map(own.map(({ name, value }) => [name, value]));
  }

  /**
   * Takes the values of a link (`#HOST=node7`), or offers them if the field has another value. Returns whether the
   * link had values.
   */
  follow(hash) {
    const parts = hash.slice(1).split("&").filter((part) => part.includes("="));
    for (const part of parts) {
      const [name, ...rest] = part.split("=");
      const [variable, value] = [this.known.get(name), decoded(rest.join("="))];
      if (!variable || variable.value === value) continue;
      if (!variable.takesFromLink(value)) variable.note.textContent = say("value_misfit");
      else if (!variable.value || variable.linked) variable.show(value, true);
      else this.offer(variable, say("value_says", { value }), value);
    }
    this.shown();
    return parts.length > 0;
  }

  /** Offers a value that the reader must accept by a click: the same name may mean something else here. */
  offer(variable, text, value) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = say("value_use");
    button.addEventListener("click", () => {
      this.take(variable, value);
      variable.input.focus();
    });
    variable.note.replaceChildren(`${text} `, button);
  }

  /** Puts the values, also secret ones, into the clone of a code block that is copied. */
  fill(code, clone) {
    const texts = Array.from(code.querySelectorAll("var.ob-var"), (element) => this.places.get(element)?.text);
    for (const [index, place] of clone.querySelectorAll("var.ob-var").entries()) {
      if (texts[index]) place.textContent = texts[index];
    }
  }
}
