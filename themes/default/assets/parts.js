// Small features of every page: pictures in full size, copying of links to sections, and the list of keys.

import { slashOpens } from "./search-open.js";
import { announce, writeClipboard } from "./theme.js";
import { say } from "./strings.js";

function make(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** A dialog with a button that closes it. Escape and a click outside close it too. The browser moves the focus back. */
function dialog(className, label, ...children) {
  const close = make("button", { type: "button", className: "ob-close", textContent: say("close") });
  const made = make("dialog", { className }, make("div", { className: "ob-dialog-head" }, make("h2", { textContent: label }), close), ...children);
  made.setAttribute("aria-label", label);
  close.addEventListener("click", () => made.close());
  made.addEventListener("click", ({ target }) => target === made && made.close());
  made.addEventListener("close", () => made.remove());
  document.body.append(made);
  made.showModal();
  return made;
}

// Links to sections

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a.anchor");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const copied = await writeClipboard(link.href).then(() => true, () => false);
  announce(say(copied ? "copied_link" : "copy_failed"));
  link.dataset.state = copied ? "done" : "failed";
  setTimeout(() => delete link.dataset.state, 2000);
});

// Pictures in full

/** Shows a picture in full size, so that it can be scrolled. `back` is called when it is closed. */
function enlarge(label, picture, back) {
  const body = make("div", { className: "ob-full-body", tabIndex: 0 }, picture);
  body.setAttribute("role", "group");
  body.setAttribute("aria-label", label);
  const shown = dialog("ob-full", label, body);
  if (back) shown.addEventListener("close", back);
}

/** Lets the reader enlarge a picture that is shown smaller than it is. */
function startPicture(image) {
  const { clientWidth, clientHeight, naturalWidth } = image;
  const vector = /\.svg$/.test(new URL(image.currentSrc).pathname);
  if (image.closest("a") || clientWidth < 120 || (!vector && naturalWidth < clientWidth * 1.1)) return;
  const width = vector ? Math.max(naturalWidth, 2 * clientWidth) : naturalWidth;
  const full = { src: image.currentSrc, alt: image.alt, width, height: Math.round((width * clientHeight) / clientWidth) };
  const open = () => enlarge(image.alt || say("picture"), make("img", full));
  image.classList.add("ob-enlarges");
  image.tabIndex = 0;
  image.setAttribute("role", "button");
  image.setAttribute("aria-haspopup", "dialog");
  image.setAttribute("aria-label", say("enlarge", { picture: image.alt || say("picture") }));
  image.addEventListener("click", open);
  image.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    open();
  });
}

/**
 * Lets the reader enlarge a drawing. It is moved into the dialog and back, not copied, because its parts refer to
 * each other by id.
 */
function startDrawing(figure) {
  const drawing = figure.querySelector("svg");
  const place = drawing?.parentNode;
  if (!place) return;
  const label = drawing.querySelector("title")?.textContent || say("picture");
  const button = make("button", { type: "button", className: "ob-enlarge", textContent: "⤢" });
  button.setAttribute("aria-label", say("enlarge", { picture: label }));
  button.setAttribute("aria-haspopup", "dialog");
  button.addEventListener("click", () => {
    // The figure keeps its height while it is empty, so that the page does not jump.
    figure.style.minHeight = `${figure.offsetHeight}px`;
    const next = drawing.nextSibling;
    enlarge(label, drawing, () => {
      place.insertBefore(drawing, next);
      figure.style.minHeight = "";
    });
  });
  figure.append(button);
}

function startPictures() {
  for (const image of document.querySelectorAll(".ob-prose img")) {
    if (image.complete) startPicture(image);
    else image.addEventListener("load", () => startPicture(image), { once: true });
  }
  document.querySelectorAll(".ob-prose figure.diagram").forEach(startDrawing);
}

// Keys

/** The keys that work on this page, with their meaning. */
function keys() {
  const has = (selector) => document.querySelector(selector) !== null;
  const mac = /^(Mac|iP)/.test(navigator.platform);
  const all = [
    { names: ["/", mac ? "⌘ K" : say("key_control_k")], text: "keys_search", here: has("#ob-search") },
    { names: ["?"], text: "keys_help", here: true },
    { names: [say("key_tab")], text: "keys_tab", here: true },
    { names: ["Esc"], text: "keys_close", here: true },
    { names: ["←", "→"], text: "keys_tabs", here: has("[role=tab]") },
    { names: [say("key_space")], text: "keys_tick", here: has(".ob-tick") },
    { names: [say("key_enter")], text: "keys_sort", here: has("[aria-sort]") },
    { names: [say("key_enter")], text: "keys_enlarge", here: has(".ob-enlarges, .ob-enlarge") },
  ];
  return all.filter(({ here }) => here);
}

function help() {
  if (document.querySelector("dialog[open]")) return;
  const row = ({ names, text }) => make("div", {}, make("dt", {}, ...names.flatMap((name) => [make("kbd", { textContent: name }), " "])), make("dd", { textContent: say(text) }));
  dialog("ob-keys-list", say("keys"), make("dl", {}, ...keys().map(row)));
}

document.getElementById("ob-keys")?.addEventListener("click", help);
addEventListener("keydown", (event) => {
  const { target } = event;
  const writes = target instanceof Element && (target.isContentEditable || target.matches("input:not([type=checkbox]), textarea, select"));
  if (event.key !== "?" || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || writes || !slashOpens()) return;
  event.preventDefault();
  help();
});

startPictures();
