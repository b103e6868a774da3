// What the theme does in the browser: colour scheme, copying code, the reader's place in the outline.
// Every page reads well without it. It only creates elements and sets text, never HTML.

import { say } from "./strings.js";

/** Each with what it is called. */
const NAMES = { auto: "scheme_auto", light: "scheme_light", dark: "scheme_dark" };
const SCHEMES = Object.keys(NAMES);
const KEY = "opsbook-theme";

export function announce(text) {
  const status = document.getElementById("ob-status");
  if (!status) return;
  status.textContent = "";
  // A change in a later task is announced even when the text stays the same.
  setTimeout(() => (status.textContent = text), 50);
}

// Colour scheme

function storedScheme() {
  try {
    const scheme = localStorage.getItem(KEY);
    return SCHEMES.includes(scheme) ? scheme : "auto";
  } catch {
    return "auto";
  }
}

function storeScheme(scheme) {
  try {
    if (scheme === "auto") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, scheme);
  } catch {
    // Storage may be forbidden: the choice then holds for this page.
  }
}

function showScheme(button, scheme) {
  if (scheme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = scheme;
  const name = say(NAMES[scheme]);
  button.lastElementChild.textContent = name;
  button.setAttribute("aria-label", say("scheme_label", { scheme: name }));
}

function startScheme() {
  const button = document.getElementById("ob-theme");
  if (!button) return;
  let scheme = storedScheme();
  showScheme(button, scheme);
  button.addEventListener("click", () => {
    scheme = SCHEMES[(SCHEMES.indexOf(scheme) + 1) % SCHEMES.length];
    storeScheme(scheme);
    showScheme(button, scheme);
    announce(say("scheme_changed", { scheme: say(NAMES[scheme]) }));
  });
}

// Copying code

/**
 * What runbooks add: `fill(code, clone)` puts secrets into a copy, `missing(figure)` names the values that a block waits
 * for, `may(figure)` says whether it may be copied.
 */
export const copying = { fill: null, missing: () => [], may: () => true };

/** Blocks that can do no harm. The others get their button from `runbook.js`, which asks for values first. */
const HARMLESS = ':not([data-risk="destructive"], :is([data-risk="change"], [data-risk="disruptive"]):has(> pre [data-in]))';

/** Places that nobody has filled in. */
const OPEN = 'var.ob-var:not([data-state="filled"])';

/** Names the places in a clone that nobody has filled in: an example never leaves the page, and no shell takes `<HOST>` for a host. */
export function nameOpenPlaces(clone) {
  for (const place of clone.querySelectorAll(OPEN)) place.textContent = `<${place.dataset.var}>`;
  return clone;
}

/** The text to copy: of a session only its commands. The lines that they stand on are counted when the page is built. */
export function copyText(code, fill = copying.fill) {
  const clone = nameOpenPlaces(code.cloneNode(true));
  fill?.(code, clone);
  const commands = code.closest("figure").dataset.commands;
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

/** Writes on each button what it will do. */
export const nameButtons = () => document.querySelectorAll(".ob-copy:not([data-state])").forEach(nameButton);

function nameButton(button) {
  const figure = button.closest("figure");
  const count = copying.missing(figure).length;
  const fill = count > 0 && say("fill_values", { count });
  button.firstElementChild.textContent = fill || say("copy");
  button.title = fill || say(figure.dataset.commands ? "copy_commands" : "copy_code");
  button.setAttribute("aria-label", button.title);
  button.toggleAttribute("data-waits", count > 0);
}

function addButton(figure) {
  const code = figure.querySelector("code");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "ob-copy";
  const label = document.createElement("span");
  button.append(label);
  figure.append(button);
  nameButton(button);
  let shown = 0;
  button.addEventListener("click", async () => {
    if (!(await copying.may(figure))) return;
    const copied = await writeClipboard(copyText(code)).then(() => true, () => false);
    button.dataset.state = copied ? "done" : "failed";
    label.textContent = say(copied ? "copied" : "failed");
    const done = figure.dataset.commands ? "copied_commands" : "copied_code";
    announce(say(copied ? done : "copy_failed"));
    clearTimeout(shown);
    shown = setTimeout(() => {
      delete button.dataset.state;
      nameButton(button);
    }, 2000);
  });
}

/** Adds the buttons that are not there yet to the blocks that match. */
export function addButtons(selector) {
  for (const figure of document.querySelectorAll("figure.code:has(> pre > code):not(:has(> .ob-copy))")) {
    if (figure.matches(selector)) addButton(figure);
  }
}

/** A selection within a block carries no example either. */
function copySelection(event) {
  const selection = getSelection();
  if (selection.isCollapsed) return;
  const range = selection.getRangeAt(0).cloneRange();
  const [first, common] = [range.startContainer, range.commonAncestorContainer].map((node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement));
  const code = first.closest("figure.code code");
  if (!code) return;
  // A third click selects up to the beginning of what follows the block.
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

// The reader's place

function startOutline() {
  const links = new Map();
  for (const link of document.querySelectorAll(".ob-outline a")) {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (heading) links.set(heading, link);
  }
  if (links.size === 0) return;
  const headings = [...links.keys()];
  let [here, followed, waiting] = [null, null, false];
  // The line that a heading has to pass: high up in the window, and at the end of the page where the page ends.
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
    // Only the list is moved, never the page.
    if (list && list.scrollHeight > list.clientHeight) list.scrollTop = link.offsetTop - list.clientHeight / 2;
  };
  const later = () => {
    if (!waiting) requestAnimationFrame(mark);
    waiting = true;
  };
  // Who follows a link is in that section, also where the page ends before it can be moved to the top.
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
  // Only the list is moved, never the page, and only where the current page is out of sight.
  const follow = () => {
    if (!wide.matches || !current) return;
    const [{ top }, { bottom }] = [list.getBoundingClientRect(), current.getBoundingClientRect()];
    if (bottom > Math.min(top + list.clientHeight, innerHeight)) list.scrollTop += bottom - top - list.clientHeight / 2;
  };
  // Older browsers cannot show a closed <details>: open it where there is room.
  const open = () => {
    if (!CSS.supports("selector(::details-content)")) side.open = wide.matches;
    follow();
  };
  open();
  wide.addEventListener("change", open);
}

startScheme();
startCopying();
startOutline();
startNavigation();
