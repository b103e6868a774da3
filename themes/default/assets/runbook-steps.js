// The checklist: a box for each step, the time at which it was ticked, and a log in Markdown for the incident.

import { copyText, nameOpenPlaces } from "./theme.js";
import { say } from "./strings.js";

/** The local time with its zone, and with the date if it is not today. */
export function shown(iso) {
  const date = new Date(iso);
  const day = date.toDateString() === new Date().toDateString() ? {} : { day: "numeric", month: "short", year: "numeric" };
  const form = { ...day, hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" };
  return date.toLocaleString(document.documentElement.lang, form);
}

/** The text of a step, shortened and in one line. */
export function summary(element) {
  const clone = nameOpenPlaces(element.cloneNode(true));
  for (const other of clone.querySelectorAll("figure, ol, ul, .table, .admonition, a.anchor, time, .ob-more")) other.remove();
  const text = (clone.querySelector("p") ?? clone).textContent.replace(/\s+/g, " ").trim();
  return text.length > 160 ? `${text.slice(0, 159)}…` : text;
}

/** What folds in a step that is done: all but its first words. `runbook.css` has the same list. */
const BLOCKS = "(p, figure, ol, ul, dl, div, section, details, blockquote, aside)";

class Step {
  box = document.createElement("input");
  time = document.createElement("time");

  constructor(id, element, changed) {
    this.id = id;
    this.element = element;
    this.box.type = "checkbox";
    this.box.className = "ob-tick";
    this.box.setAttribute("aria-label", say("step_done", { step: summary(element) }));
    this.box.addEventListener("change", () => {
      this.show(this.box.checked ? new Date().toISOString() : null);
      changed();
    });
    const line = element.firstElementChild?.tagName === "P" ? element.firstElementChild : element;
    line.querySelector(":scope > input[disabled]")?.remove();
    line.prepend(this.box, this.time);
    const rest = element.tagName === "LI" && element.querySelector(`:scope > :is${BLOCKS}:not(:has(> .ob-tick))`);
    if (rest) this.startFold(rest);
  }

  /** Adds the button that shows what is folded in a step that is done. */
  startFold(rest) {
    this.more = Object.assign(document.createElement("button"), { type: "button", className: "ob-more", hidden: true });
    this.more.addEventListener("click", () => this.fold(!("folded" in this.element.dataset)));
    const line = rest.previousElementSibling;
    if (line?.tagName === "P") line.append(" ", this.more);
    else rest.before(this.more);
  }

  fold(folded) {
    this.element.toggleAttribute("data-folded", folded);
    this.more.textContent = say(folded ? "step_show" : "step_fold");
    this.more.setAttribute("aria-expanded", String(!folded));
  }

  show(at) {
    this.at = at;
    this.box.checked = at !== null;
    this.time.textContent = at ? `${shown(at)} ` : "";
    this.time.dateTime = at ?? "";
    if (!this.more) return;
    this.more.hidden = at === null;
    this.fold(at !== null);
  }

  /** Shows the step and gives its box the focus. */
  go() {
    this.element.scrollIntoView();
    this.box.focus({ preventScroll: true });
  }

  /** The code blocks of the step. For a heading these are all blocks up to the next heading. */
  figures() {
    if (this.element.tagName === "LI") return [...this.element.querySelectorAll("figure.code")];
    const found = [];
    for (let next = this.element.nextElementSibling; next && !/^H\d$/.test(next.tagName); next = next.nextElementSibling) {
      if (next.matches("figure.code")) found.push(next);
    }
    return found;
  }
}

export class Steps {
  constructor(section, changed) {
    const items = Array.from(document.querySelectorAll(".ob-prose li[data-step]"), (item) => [item.dataset.step, item]);
    const headings = section.dataset.steps.split(" ").map((id) => [`#${id}`, document.getElementById(id)]);
    this.all = [...items, ...headings].filter(([, element]) => element).map((step) => new Step(...step, changed));
    this.known = new Set(this.all.map((step) => step.id));
    this.line = section.querySelector(".ob-progress");
  }

  restore(ticks) {
    for (const step of this.all) step.show(ticks.get(step.id) ?? null);
  }

  /** The ticked steps in the order of time. */
  done() {
    return this.all.filter((step) => step.at).sort((a, b) => a.at.localeCompare(b.at));
  }

  ticks() {
    return new Map(this.done().map((step) => [step.id, step.at]));
  }

  /** Shows the progress and returns it as a text. */
  progress() {
    if (!this.line) return "";
    const done = this.done();
    const text = say("steps_done", { done: done.length, all: this.all.length });
    this.line.hidden = false;
    this.line.firstElementChild.value = done.length;
    this.line.lastElementChild.textContent = done.length > 0 ? text + say("steps_last", { time: shown(done.at(-1).at) }) : text;
    return text;
  }
}

// The log: commands with their values, without secrets

/** The local time with its offset: `2026-11-21T14:03:12+01:00`. */
export function iso(date) {
  const offset = -date.getTimezoneOffset();
  const two = (number) => String(Math.trunc(Math.abs(number))).padStart(2, "0");
  const local = new Date(date.getTime() + offset * 60e3).toISOString().slice(0, 19);
  return `${local}${offset < 0 ? "-" : "+"}${two(offset / 60)}:${two(offset % 60)}`;
}

/** Escapes the characters of a text that have a meaning in Markdown. */
export const plain = (text) => text.replace(/[\\\x60*_{}\[\]<>#|~$&]/g, "\\$&");
const said = (step) => plain(summary(step.element));

/** A run of backticks that the text does not contain. */
const fence = (text, least) => "\x60".repeat(Math.max(least, ...Array.from(text.matchAll(/\x60+/g), ([run]) => run.length + 1)));
export const code = (text) => [fence(text, 1), text, fence(text, 1)].join(text.includes("\x60") ? " " : "");

/** A code block as the page shows it: secrets stay hidden. */
function block(figure) {
  const text = copyText(figure.querySelector("code"), null);
  const ends = fence(text, 3);
  return `\n${ends}sh\n${text}\n${ends}`.replace(/\n(?=.)/g, "\n  ");
}

function entry(step) {
  if (!step.at) return `- [ ] ${said(step)}`;
  const commands = step.figures().filter(({ dataset }) => dataset.commands || /^([bkz]a?)?sh(ell)?$/.test(dataset.lang));
  return [`- [x] ${iso(new Date(step.at))} ${said(step)}`, ...commands.map(block)].join("\n");
}

/** The entry of a value in the log. A refused value was never used, so the log does not contain it. */
function told({ value, refusal, secret }) {
  if (!value) return say(refusal ? "log_refused" : "log_unset");
  return secret ? say("log_secret") : `= ${code(value)}`;
}

/** `followers` may have lines of their own in the log: the alert that the page was opened from, chosen sets of values. */
export function log(steps, values, followers) {
  const title = plain(document.querySelector("h1").textContent);
  const unset = values?.all.filter(({ value }) => !value) ?? [];
  const done = steps.done();
  const open = steps.all.filter((step) => !step.at);
  const head = [say("log_page", { url: location.href.split("#")[0] }), say("log_time", { time: iso(new Date()) }), say("steps_done", { done: done.length, all: steps.all.length })];
  head.splice(1, 0, ...followers.flatMap((follower) => follower?.logged() || []));
  if (values) head.push([say("log_values"), ...values.all.map((variable) => `  - ${code(variable.name)} ${told(variable)}`)].join("\n"));
  if (unset.length > 0) head.push(say("log_missing", { names: unset.map(({ name }) => code(`<${name}>`)).join(", ") }));
  const part = (title, steps, note) => (steps.length > 0 ? [`## ${title}`, ...note, steps.map(entry).join("\n")] : []);
  const lines = [`# ${say("log_title", { title })}`, head.map((line) => `- ${line}`).join("\n"), ...part(say("log_done"), done, [say("log_ticked")]), ...part(say("log_open"), open, [])];
  return `${lines.join("\n\n")}\n`;
}
