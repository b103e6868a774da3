// The latest searches, stored in this browser. Nothing is sent.

import { ROOT } from "./search-engine.js";
import { readStored, writeStored } from "./storage.js";

const MOST = 6;
const LONGEST = 120;
// Several handbooks may share one origin, and with it one storage.
const SEARCHES = `opsbook-searches:${ROOT.pathname}`;

/** The latest searches, newest first. */
export function recentSearches() {
  try {
    const stored = JSON.parse(readStored(SEARCHES) ?? "[]");
    return Array.isArray(stored) ? stored.filter((query) => typeof query === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** Puts a search in front of the others. */
export function rememberSearch(query) {
  const text = query.trim();
  if (!text || text.length > LONGEST) return;
  writeStored(SEARCHES, JSON.stringify([text, ...recentSearches().filter((other) => other !== text)].slice(0, MOST)));
}

export function forgetSearches() {
  writeStored(SEARCHES, null);
}
