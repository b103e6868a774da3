// Settings of the search in this browser: the latest searches, and whether the key `/` opens the box. Nothing is
// sent.

import { ROOT } from "./search-engine.js";

const MOST = 6;
const LONGEST = 120;
// Several handbooks may share one origin, and with it one storage.
const SEARCHES = `opsbook-searches:${ROOT.pathname}`;
const SLASH = "opsbook-search-slash";

/** The latest searches, newest first. */
export function recentSearches() {
  try {
    const stored = JSON.parse(read(SEARCHES) ?? "[]");
    return Array.isArray(stored) ? stored.filter((query) => typeof query === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** Puts a search in front of the others. */
export function rememberSearch(query) {
  const text = query.trim();
  if (!text || text.length > LONGEST) return;
  write(SEARCHES, JSON.stringify([text, ...recentSearches().filter((other) => other !== text)].slice(0, MOST)));
}

export function forgetSearches() {
  write(SEARCHES, null);
}

/** Whether `/` opens the box. Readers who use voice control or have a tremor may want it off. */
export function slashOpens() {
  return read(SLASH) !== "off";
}

export function setSlashOpens(on) {
  write(SLASH, on ? null : "off");
}

// Storage may be forbidden: then nothing is remembered.

function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key, text) {
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    // As above.
  }
}
