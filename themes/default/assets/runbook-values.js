// The form, and the places in the commands that its values go to. A value is only ever set as text, and quoted so that it
// stays one word of its command, whatever signs it holds.

import { say } from "./strings.js";

/** What no language takes for anything but a part of a word. */
const PLAIN = /^[\w.\/:@%+,=-]+$/;
/** The same with letters of any script and blanks, for files of settings. */
const WORDS = /^[\p{L}\p{N}_ .\/:@%+,=~-]+$/u;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const MASK = "••••••";
const TITLES = { open: "place_open", filled: "place_filled", refused: "place_refused" };

const escaped = (value) => value.replaceAll("'", "'\\''");

/** The value as it stands in a place of that sort (`data-in`), or null where it cannot. */
function fit(value, place) {
  if (place === undefined || (PLAIN.test(value) && place !== "single")) return value;
  if (place === "bare") return `'${escaped(value)}'`;
  // An interactive shell reads `!` also between double quotes: they end and begin again.
  if (place === "double") return `"'${escaped(value)}'"`;
  if (place === "single") return escaped(value);
  return place === "text" && WORDS.test(value) ? value : null;
}

/**
 * Whether all of a value fits the steps of a pattern. All ways through them are gone at once, one character after the
 * other: no pattern and no value takes long.
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
  /** Why the value in the field cannot be taken; empty where there is none, or it can. */
  refusal = "";
  places = [];
  /** Whether the value came with the link and nobody has touched it. */
  linked = false;

  constructor(input) {
    this.input = input;
    this.name = input.name;
    this.secret = input.type === "password";
    this.note = document.getElementById(`ob-note-${this.name}`);
    this.steps = input.dataset.steps && JSON.parse(input.dataset.steps);
  }

  /** Why a value cannot be taken; empty where it can. */
  problem(value) {
    if (value.length > 200 || UNSEEN.test(value)) return say("value_line");
    return !this.steps || fits(this.steps, value) ? "" : say("value_pattern", { name: this.name, pattern: this.input.dataset.pattern });
  }

  takes(value) {
    return typeof value === "string" && value !== "" && !this.secret && !this.problem(value);
  }

  /** Without a pattern a link may bring no option and no sign with a meaning. */
  takesFromLink(value) {
    return this.takes(value) && (this.steps ? true : PLAIN.test(value) && value[0] !== "-");
  }

  /** Shows a value in the field and at its places. One that cannot be taken stays in the field alone. */
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

  /** `changed` hears of each value that the reader takes, `shown` of all that the page shows. */
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

  /** The fields of the form for these names, with all that belongs to each. */
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

  /** What may be kept: neither secrets nor what only a link has said. */
  kept() {
    const own = this.all.filter(({ value, secret, linked }) => value && !secret && !linked);
    return new Map(own.map(({ name, value }) => [name, value]));
  }

  /** Takes the values of a link (`#HOST=node7`), or offers them where there is one. Returns whether it was such a link. */
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

  /** Offers a value that the reader must take by a click: the same name may mean another thing here. */
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

  /** Puts what a copy holds into a clone of a code on the page. */
  fill(code, clone) {
    const texts = Array.from(code.querySelectorAll("var.ob-var"), (element) => this.places.get(element)?.text);
    for (const [index, place] of clone.querySelectorAll("var.ob-var").entries()) {
      if (texts[index]) place.textContent = texts[index];
    }
  }
}
