// Commands of the search box: what a reader can do or open by its name, after a `>`.

import { setScheme } from "./theme.js";
import { say } from "./strings.js";

/** The links of the page that are commands: in the header and the footer, and those about the page itself. */
const LINKS = ".ob-links a, .ob-nav-end a, .ob-source a, .ob-foot a";

/** Whether a query asks for commands. */
export const isCommand = (query) => query.trimStart().startsWith(">");

/** Reads a page as an inert document. */
function documentAt(url) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", url);
    request.responseType = "document";
    request.onload = () => (request.response ? resolve(request.response) : reject(new Error(`${url}: ${request.status}`)));
    request.onerror = () => reject(new Error(url));
    request.send();
  });
}

let registers = null;

/** The links to all registers. A page that is opened as a file cannot read another one, and offers only its own links. */
function registerLinks() {
  const url = document.querySelector("[data-registers]")?.href;
  registers ??= url ? documentAt(url).then((page) => [...page.querySelectorAll("main .ob-table th a")], () => []) : Promise.resolve([]);
  return registers;
}

function actions() {
  const schemes = { auto: "scheme_auto", light: "scheme_light", dark: "scheme_dark" };
  const found = Object.entries(schemes).map(([scheme, name]) => ({
    title: say("scheme_changed", { scheme: say(name) }),
    run: () => setScheme(scheme),
  }));
  const keys = document.getElementById("ob-keys");
  if (keys) found.push({ title: say("keys"), run: () => keys.click() });
  found.push({ title: say("print"), run: () => print() });
  return found;
}

/** The commands whose names have every word of the query: links have `href`, the others `run`. */
export async function commands(query) {
  const links = [...document.querySelectorAll(LINKS), ...(await registerLinks())];
  const named = new Map(links.map((link) => [link.href, link.textContent.trim()]));
  const all = [...Array.from(named, ([href, title]) => ({ title, href })), ...actions()];
  const words = query.trimStart().slice(1).toLowerCase().split(/\s+/);
  return all.filter(({ title }) => words.every((word) => title.toLowerCase().includes(word)));
}
