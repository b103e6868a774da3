// The script of the theme: colour scheme, copying code, the current section in the outline. Every page is readable
// without it. It only creates elements and sets text, never HTML.

import { readStored, writeStored } from "./storage.js";
import { say } from "./strings.js";

/** The colour schemes, with the keys of their names. */
const NAMES = { auto: "scheme_auto", light: "scheme_light", dark: "scheme_dark" };
const SCHEMES = Object.keys(NAMES);
const KEY = "opsbook-theme";

export function announce(text) {
  const status = document.getElementById("ob-status");
  if (!status) return;
  status.textContent = "";
  // A change in a later task is announced even if the text stays the same.
  setTimeout(() => (status.textContent = text), 50);
}

/** Loads the style sheets and scripts in a `<template>`. A script may not set the URL of another one; it may copy its element. */
export const loadParts = (template) => Promise.all(Array.from(template.content.children, (part) => insert(part, template)));

function insert(part, template) {
  const copy = document.importNode(part, true);
  // Scripts run in their order, whichever is here first.
  copy.async = false;
  return new Promise((resolve, reject) => {
    copy.addEventListener("load", resolve);
    copy.addEventListener("error", (event) => {
      copy.remove();
      reject(event);
    });
    // Here the style sheet comes before that of the handbook, which may change it.
    template.before(copy);
  });
}

// Colour scheme

function storedScheme() {
  const scheme = readStored(KEY);
  return SCHEMES.includes(scheme) ? scheme : "auto";
}

let scheme = storedScheme();

function showScheme() {
  if (scheme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = scheme;
  const button = document.getElementById("ob-theme");
  if (!button) return;
  const name = say(NAMES[scheme]);
  button.lastElementChild.textContent = name;
  button.setAttribute("aria-label", say("scheme_label", { scheme: name }));
}

/** Sets and stores the colour scheme: `auto`, `light` or `dark`. */
export function setScheme(chosen) {
  scheme = chosen;
  writeStored(KEY, scheme === "auto" ? null : scheme);
  showScheme();
  announce(say("scheme_changed", { scheme: say(NAMES[scheme]) }));
}

function startScheme() {
  showScheme();
  const next = () => SCHEMES[(SCHEMES.indexOf(scheme) + 1) % SCHEMES.length];
  document.getElementById("ob-theme")?.addEventListener("click", () => setScheme(next()));
}

// Copying code

/**
 * Functions that runbooks replace. `fill(code, clone)` puts secrets into a copy, `missing(figure)` returns the names
 * of the values that a block needs, and `may(figure)` whether it may be copied.
 */
export const copying = { fill: null, missing: () => [], may: () => true };

/** Blocks that cannot do harm. The others get their button from `runbook.js`, which asks for values first. */
const HARMLESS = ':not([data-risk="destructive"], :is([data-risk="change"], [data-risk="disruptive"]):has(> pre [data-in]))';

/** Places without a value. */
const OPEN = 'var.ob-var:not([data-state="filled"])';

/**
 * Replaces the places without a value in a clone by their names. An example is thus never copied, and no shell takes
 * `<HOST>` for a host.
 */
export function nameOpenPlaces(clone) {
  for (const place of clone.querySelectorAll(OPEN)) place.textContent = `<${place.dataset.var}>`;
  return clone;
}

/**
 * The text to copy; for a terminal session only its commands, or one of them. The numbers of their lines are computed
 * when the page is built.
 */
export function copyText(code, fill = copying.fill, commands = code.closest("figure").dataset.commands) {
  const clone = nameOpenPlaces(code.cloneNode(true));
  fill?.(code, clone);
  if (!commands) return clone.textContent.replace(/\n$/, "");
  for (const prompt of clone.querySelectorAll(".c-prompt")) prompt.remove();
  const lines = clone.textContent.split("\n");
  const taken = commands.split(" ").flatMap((range) => {
    const [from, to = from] = range.split("-").map(Number);
    return lines.slice(from, to + 1);
  });
  return taken.join("\n");
}

export async function writeClipboard(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Pages served without TLS have no clipboard API.
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "ob-hidden";
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  if (!copied) throw new Error("copying refused");
}

/** Labels each button with what it does. */
export const nameButtons = () => document.querySelectorAll(".ob-copy:not([data-state])").forEach(nameButton);

function nameButton(button) {
  const figure = button.closest("figure");
  const one = button.classList.contains("ob-copy-one");
  const count = copying.missing(figure).length;
  const fill = count > 0 && say("fill_values", { count });
  if (!one) button.firstElementChild.textContent = fill || say("copy");
  button.title = fill || say(one ? "copy_command" : figure.dataset.commands ? "copy_commands" : "copy_code");
  button.setAttribute("aria-label", button.title);
  button.toggleAttribute("data-waits", count > 0);
}

/** A button that copies the block, or one of its commands. */
function makeButton(figure, command) {
  const code = figure.querySelector("code");
  const button = document.createElement("button");
  button.type = "button";
  button.className = command ? "ob-copy ob-copy-one" : "ob-copy";
  // The text of the code stays as it is: a button in it has no text.
  const label = document.createElement("span");
  if (!command) button.append(label);
  let shown = 0;
  button.addEventListener("click", async () => {
    if (!(await copying.may(figure))) return;
    const copied = await writeClipboard(copyText(code, undefined, command)).then(() => true, () => false);
    button.dataset.state = copied ? "done" : "failed";
    label.textContent = say(copied ? "copied" : "failed");
    const done = command ? "copied_command" : figure.dataset.commands ? "copied_commands" : "copied_code";
    announce(say(copied ? done : "copy_failed"));
    clearTimeout(shown);
    shown = setTimeout(() => {
      delete button.dataset.state;
      nameButton(button);
    }, 2000);
  });
  return button;
}

/** Puts a button before each of several commands; the style sheet moves it to the end of the line. */
function addCommandButtons(figure, commands) {
  const starts = new Map(commands.map((command) => [parseInt(command), command]));
  const texts = document.createTreeWalker(figure.querySelector("code"), NodeFilter.SHOW_TEXT);
  const places = [];
  for (let line = 0, begins = true, text = texts.nextNode(); text; text = texts.nextNode()) {
    for (const part of text.data.split(/(?<=\n)/)) {
      // A prompt begins a line and an element.
      if (begins && starts.has(line)) places.push([text.parentNode.matches("code") ? text : text.parentNode, starts.get(line)]);
      begins = part.endsWith("\n");
      line += begins;
    }
  }
  for (const [before, command] of places) {
    const button = makeButton(figure, command);
    before.before(button);
    nameButton(button);
  }
}

function addButton(figure) {
  const button = makeButton(figure);
  figure.append(button);
  nameButton(button);
  const commands = figure.dataset.commands?.split(" ") ?? [];
  if (commands.length > 1) addCommandButtons(figure, commands);
}

/** Adds buttons to the matching blocks that have none. */
export function addButtons(selector) {
  for (const figure of document.querySelectorAll("figure.code:has(> pre > code):not(:has(> .ob-copy))")) {
    if (figure.matches(selector)) addButton(figure);
  }
}

/** Copies a selection within a block without examples. */
function copySelection(event) {
  const selection = getSelection();
  if (selection.isCollapsed) return;
  const range = selection.getRangeAt(0).cloneRange();
  const [first, common] = [range.startContainer, range.commonAncestorContainer].map((node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement));
  const code = first.closest("figure.code code");
  if (!code) return;
  // A triple click selects up to the beginning of the element after the block.
  if (!code.contains(range.endContainer) && range.endOffset === 0) range.setEnd(code, code.childNodes.length);
  if (!code.contains(range.endContainer)) return;
  const clone = document.createElement("code");
  clone.append(common.closest(OPEN)?.cloneNode(true) ?? range.cloneContents());
  if (!clone.querySelector(OPEN)) return;
  event.clipboardData.setData("text/plain", nameOpenPlaces(clone).textContent);
  event.preventDefault();
}

function startCopying() {
  addButtons(HARMLESS);
  document.addEventListener("copy", copySelection);
}

// The current section

function startOutline() {
  const links = new Map();
  for (const link of document.querySelectorAll(".ob-outline a")) {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (heading) links.set(heading, link);
  }
  if (links.size === 0) return;
  const headings = [...links.keys()];
  let [here, followed, waiting] = [null, null, false];
  // The line that a heading must have passed: near the top of the window, and at its bottom when the page ends.
  const find = () => {
    const rest = document.documentElement.scrollHeight - scrollY - innerHeight;
    const line = Math.max(innerHeight / 4, innerHeight - Math.max(rest, 0));
    const passed = (heading) => heading.checkVisibility?.() !== false && heading.getBoundingClientRect().top <= line;
    return followed ?? headings.findLast(passed) ?? null;
  };
  const mark = () => {
    waiting = false;
    const found = find();
    if (found === here) return;
    links.get(here)?.removeAttribute("aria-current");
    here = found;
    const link = links.get(here);
    link?.setAttribute("aria-current", "location");
    const list = link?.closest("nav");
    // Only the list scrolls, never the page.
    if (list && list.scrollHeight > list.clientHeight) list.scrollTop = link.offsetTop - list.clientHeight / 2;
  };
  const later = () => {
    if (!waiting) requestAnimationFrame(mark);
    waiting = true;
  };
  // After a click on a link its section is the current one, even if the page is too short to scroll it to the top.
  for (const [heading, link] of links) {
    link.addEventListener("click", () => {
      followed = heading;
      later();
    });
  }
  const leave = ({ target }) => {
    if (target instanceof Element && target.closest(".ob-outline")) return;
    followed = null;
    later();
  };
  for (const moved of ["wheel", "touchmove", "keydown", "pointerdown"]) addEventListener(moved, leave, { passive: true });
  addEventListener("scroll", later, { passive: true });
  addEventListener("resize", later);
  mark();
}

function startNavigation() {
  const side = document.querySelector(".ob-side");
  if (!side) return;
  const [list, current] = [side.querySelector("nav"), side.querySelector('[aria-current="page"]')];
  const wide = matchMedia("(min-width: 64rem)");
  // Only the list scrolls, never the page, and only if the current page is out of view.
  const follow = () => {
    if (!wide.matches || !current) return;
    const [{ top }, { bottom }] = [list.getBoundingClientRect(), current.getBoundingClientRect()];
    if (bottom > Math.min(top + list.clientHeight, innerHeight)) list.scrollTop += bottom - top - list.clientHeight / 2;
  };
  // Older browsers cannot show the content of a closed <details>, so it is opened where there is room.
  const open = () => {
    if (!CSS.supports("selector(::details-content)")) side.open = wide.matches;
    follow();
  };
  open();
  wide.addEventListener("change", open);
  side.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !side.open || wide.matches) return;
    side.open = false;
    side.querySelector("summary").focus();
  });
}

// The title in the band

/** Shows the title of the page in the band while it is out of view. */
function startTitle() {
  const [band, title] = [document.querySelector(".ob-band"), document.querySelector("h1")];
  const brand = band?.querySelector(".ob-brand");
  if (!brand || !title || document.body.classList.contains("ob-home")) return;
  const here = document.createElement("span");
  here.className = "ob-here";
  here.setAttribute("aria-hidden", "true");
  here.textContent = title.textContent;
  brand.append(here);
  const show = ([entry]) => band.toggleAttribute("data-passed", !entry.isIntersecting && entry.boundingClientRect.top < innerHeight / 2);
  new IntersectionObserver(show, { rootMargin: "-56px 0px 0px" }).observe(title);
}

/** Opens what is folded on narrow screens only, where the browser cannot show the content of a closed <details>. */
function startFolds() {
  if (CSS.supports("selector(::details-content)")) return;
  const wide = matchMedia("(min-width: 48.01rem)");
  const open = () => {
    for (const fold of document.querySelectorAll(".ob-fold")) fold.open = wide.matches;
  };
  open();
  wide.addEventListener("change", open);
}

// Dates

const DAY = 86_400_000;
const UNITS = [["year", 365], ["month", 30], ["week", 7], ["day", 1]];

/** How long ago a day was, or how far away it is, in words. */
function fromToday(day) {
  const today = Date.parse(new Date().toISOString().slice(0, 10));
  const days = Math.round((Date.parse(day) - today) / DAY);
  const [unit, length] = UNITS.find(([, length]) => Math.abs(days) >= 2 * length) ?? UNITS.at(-1);
  return new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" }).format(Math.trunc(days / length), unit);
}

/** Says beside each day how far away it is: among the facts in words, for which they have room, elsewhere in a tip. */
function startDates() {
  for (const time of document.querySelectorAll("time")) {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(time.dateTime)) continue;
    const words = fromToday(time.dateTime);
    if (time.closest(".ob-meta")) time.dataset.away = words;
    else if (!time.title && !time.closest("[title]")) time.title = words;
  }
}

startScheme();
startFolds();
startDates();
startCopying();
startTitle();
startOutline();
startNavigation();
