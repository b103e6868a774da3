// What the theme does in the browser: colour scheme, copying code, the reader's place in the outline.
// Every page reads well without it. It only creates elements and sets text, never HTML.

import { say } from "./strings.js";

/** Each with what it is called. */
const NAMES = { auto: "scheme_auto", light: "scheme_light", dark: "scheme_dark" };
const SCHEMES = Object.keys(NAMES);
const KEY = "opsbook-theme";

function announce(text) {
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

const PROMPT = "\uE000";
const GOES_ON = "\uE001";

/** The text to copy: with prompts in the block only the commands, else all of it. */
export function copyText(code) {
  if (!code.querySelector(".c-prompt")) return code.textContent.replace(/\n$/, "");
  const clone = code.cloneNode(true);
  for (const prompt of clone.querySelectorAll(".c-prompt")) {
    const sign = /^\s*(>|->|\.\.\.)\s*$/.test(prompt.textContent) ? GOES_ON : PROMPT;
    prompt.textContent = /\s$/.test(prompt.textContent) ? `${sign} ` : sign;
  }
  const commands = [];
  let command = null;
  for (const line of clone.textContent.split("\n")) {
    const text = line.replace(/^.*?[\uE000\uE001] ?/, "");
    if (line.includes(PROMPT)) commands.push((command = { lines: [text], complete: 1 }));
    else if (command && (line.includes(GOES_ON) || goesOn(command))) command.lines.push(text);
    else command = null;
    if (command && !goesOn(command)) command.complete = command.lines.length;
  }
  // What seemed to go on but never ended was output.
  return commands.flatMap(({ lines, complete }) => lines.slice(0, complete)).join("\n");
}

/** Whether a shell would ask for another line: after a backslash or a pipe, in quotes, in a here-document. */
function goesOn({ lines }) {
  const here = /(?<!<)<<-?\s*(["']?)([A-Za-z_]\w*)\1/.exec(lines[0]);
  if (here) return !lines.slice(1).some((line) => line.trim() === here[2]);
  let quote = "";
  const text = lines.join("\n");
  let end = text.length;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === "\\" && quote !== "'") {
      if (++at === text.length) return true;
    } else if (quote) {
      if (sign === quote) quote = "";
    } else if (sign === '"' || sign === "'" || sign === "`") {
      quote = sign;
    } else if (sign === "#" && /\s/.test(text[at - 1] ?? " ")) {
      const next = text.indexOf("\n", at);
      if (next < 0) {
        end = at;
        break;
      }
      at = next;
    }
  }
  return quote !== "" || /(?:(?<!\\)\||\|&|&&)\s*$/.test(text.slice(0, end));
}

async function writeClipboard(text) {
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

function copyButton(code) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "ob-copy";
  const label = document.createElement("span");
  label.textContent = say("copy");
  button.append(label);
  const commands = code.querySelector(".c-prompt") !== null;
  button.title = say(commands ? "copy_commands" : "copy_code");
  button.setAttribute("aria-label", button.title);
  button.addEventListener("click", async () => {
    const copied = await writeClipboard(copyText(code)).then(() => true, () => false);
    button.dataset.state = copied ? "done" : "failed";
    label.textContent = say(copied ? "copied" : "failed");
    const done = commands ? "copied_commands" : "copied_code";
    announce(say(copied ? done : "copy_failed"));
    setTimeout(() => {
      delete button.dataset.state;
      label.textContent = say("copy");
    }, 2000);
  });
  return button;
}

function startCopying() {
  for (const code of document.querySelectorAll("figure.code > pre > code")) {
    code.closest("figure").append(copyButton(code));
  }
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
  const mark = () => {
    const line = window.innerHeight / 4;
    const here = headings.findLast((heading) => heading.getBoundingClientRect().top <= line);
    for (const [heading, link] of links) {
      if (heading === here) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
  };
  const observer = new IntersectionObserver(mark, { rootMargin: "0px 0px -75% 0px" });
  headings.forEach((heading) => observer.observe(heading));
}

function startNavigation() {
  const side = document.querySelector(".ob-side");
  if (!side) return;
  const current = side.querySelector('[aria-current="page"]');
  const wide = matchMedia("(min-width: 64rem)");
  if (wide.matches && current && current.offsetTop > side.clientHeight - 96) {
    side.scrollTop = current.offsetTop - side.clientHeight / 3;
  }
  if (CSS.supports("selector(::details-content)")) return;
  // Older browsers cannot show a closed <details>: open it where there is room.
  const open = () => (side.open = wide.matches);
  open();
  wide.addEventListener("change", open);
}

startScheme();
startCopying();
startOutline();
startNavigation();
