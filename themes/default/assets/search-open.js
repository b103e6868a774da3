// Opens the search box: by the link in the header, by `/` or by Ctrl-K (⌘K on a Mac). The box and its style sheet are
// loaded when they are first needed. Without this script the link leads to the search page, which lists all pages.

import { loadParts } from "./theme.js";
import { readStored, writeStored } from "./storage.js";
import { say } from "./strings.js";

const MAC = /^(Mac|iP)/.test(navigator.platform);
const SLASH = "opsbook-search-slash";

/** Whether `/` opens the box. Readers who use voice control or have a tremor may want it off. */
export function slashOpens() {
  return readStored(SLASH) !== "off";
}

export function setSlashOpens(on) {
  writeStored(SLASH, on ? null : "off");
}

// Loading

/** The style sheet and the scripts of the box. */
const parts = document.getElementById("ob-search-box");

let loading = null;

/** The module `search-box.js`. A failure is not cached: the next call tries again. */
function loadBox() {
  loading ??= loadParts(parts)
    .then(() => opsbook["search-box.js"])
    .catch((error) => {
      loading = null;
      throw error;
    });
  return loading;
}

/** Loads the box before it is needed. A failure is reported when it is. */
const warmBox = () => loadBox().catch(() => {});

// Opening

let opening = false;

/** Opens the box. On the search page it focuses the field of the page instead. */
async function open(link) {
  const field = document.getElementById("ob-query-text");
  // A heading may have the same id.
  if (field instanceof HTMLInputElement) {
    field.focus();
    field.select();
    return;
  }
  if (opening) return;
  opening = true;
  const [typed, finish] = collect();
  try {
    const { openBox } = await loadBox();
    finish();
    openBox(typed.value);
  } catch {
    finish();
    // The search page may be available where the box is not, and it says what is wrong.
    const page = new URL(link.href);
    if (typed.value.trim()) page.searchParams.set("q", typed.value);
    location.assign(page.href);
  } finally {
    opening = false;
  }
}

/**
 * A field that takes what the reader types until the box is there. It also keeps the keyboard of a phone open, which
 * comes only for a field that gets the focus while the press is handled. `finish` gives the focus back, so that it
 * returns there when the box is closed.
 */
function collect() {
  const before = document.activeElement;
  const typed = document.createElement("input");
  typed.className = "ob-hidden";
  typed.setAttribute("aria-label", say("search_handbook"));
  document.body.append(typed);
  typed.focus({ preventScroll: true });
  const finish = () => {
    typed.remove();
    before?.focus?.({ preventScroll: true });
  };
  return [typed, finish];
}

function opens(event) {
  if (event.defaultPrevented || event.isComposing || event.altKey) return false;
  const modified = MAC ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
  if (modified) return event.key.toLowerCase() === "k" && !event.shiftKey;
  if (event.ctrlKey || event.metaKey || event.key !== "/") return false;
  return slashOpens() && !writes(event.target);
}

/** Whether the reader is writing into something. */
function writes(target) {
  return target instanceof Element && (target.isContentEditable || target.matches("input, textarea, select"));
}

/** Lets a link to the search page open the box. */
function opensBox(link) {
  link.setAttribute("role", "button");
  link.setAttribute("aria-haspopup", "dialog");
  link.addEventListener("pointerenter", warmBox, { once: true });
  link.addEventListener("focus", warmBox, { once: true });
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link);
  });
  link.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    open(link);
  });
}

/** The home page has a large search field. The one in the header is hidden until the large one is out of view. */
function watchLarge(large) {
  const band = new IntersectionObserver((seen) => document.body.classList.toggle("past", !seen.at(-1).isIntersecting));
  band.observe(large);
}

function start() {
  const links = document.querySelectorAll("a.ob-search");
  // A theme may have no search.
  if (!parts || links.length === 0) return;
  links.forEach(opensBox);
  document.querySelectorAll(".ob-find").forEach(watchLarge);
  addEventListener("keydown", (event) => {
    if (!opens(event)) return;
    event.preventDefault();
    open(links[0]);
  });
  // The reader came from a result: the box marks the words that were found.
  if (new URLSearchParams(location.search).has("found")) warmBox();
}

start();
