// Runbook mode: values for the commands, a checklist, and care before a destructive command is copied. Nothing is run and
// nothing is sent: what readers fill in and tick stays in this browser.

import { announce, copying, writeClipboard } from "./theme.js";
import { say } from "./strings.js";
import { Steps, log, shown } from "./runbook-steps.js";
import { Store, isOld } from "./runbook-store.js";
import { Values } from "./runbook-values.js";

const section = document.getElementById("ob-runbook");
const find = (name) => section.querySelector(name);
const title = () => document.querySelector("h1").textContent;
const nothing = { values: new Map(), steps: new Map() };
let values, steps, store;

const state = () => ({ values: values?.kept() ?? new Map(), steps: steps.ticks() });

function keep() {
  const { values, steps } = state();
  store.keep(values, steps);
  find(".ob-stale").hidden = true;
}

function changed({ name, value, secret }) {
  keep();
  document.querySelectorAll(".ob-code-note").forEach((note) => note.remove());
  if (value && !secret) store.share(name, value, title());
}

function ticked() {
  keep();
  announce(steps.progress());
}

function restore(state) {
  values?.restore(state.values);
  steps.restore(state.steps);
  steps.progress();
}

function startTools() {
  const [restart, undo] = [find(".ob-restart"), find(".ob-undo")];
  let before;
  restart.addEventListener("click", () => {
    before = state();
    restore(nothing);
    keep();
    undo.hidden = false;
    undo.focus();
    announce(say("restarted"));
  });
  undo.addEventListener("click", () => {
    restore(before);
    keep();
    restart.focus();
    undo.hidden = true;
    announce(say("restored"));
  });
  find(".ob-log")?.addEventListener("click", () =>
    writeClipboard(log(steps, values)).then(() => announce(say("log_copied")), () => announce(say("copy_failed"))),
  );
  find(".ob-runbook-tools").hidden = false;
}

/** A link may bring values; before the first `&` it may name a heading as well. */
function follow() {
  if (!values?.follow(location.hash)) return;
  const [anchor] = location.hash.slice(1).split("&");
  document.getElementById(anchor)?.scrollIntoView();
}

function start() {
  const form = find(".ob-values");
  store = new Store(section.dataset.root);
  if (form) {
    values = new Values(form, changed);
    find(".ob-values-list").hidden = true;
  }
  steps = new Steps(section, ticked);
  const isValue = (name, value) => values?.isValue(name, value) ?? false;
  const kept = store.page(isValue, (id) => steps.known.has(id));
  restore(kept);
  if (kept.at && isOld(kept.at)) {
    find(".ob-stale").textContent = say("values_stale", { time: shown(kept.at) });
    find(".ob-stale").hidden = false;
  }
  for (const { name, value, title, at } of store.offers(isValue)) {
    const variable = values.known.get(name);
    if (!variable.value) values.offer(variable, say("value_offer", { value, title, time: shown(at) }), value);
  }
  startTools();
  follow();
  addEventListener("hashchange", follow);
}

// Before a command is copied

/** Asks with the page's dialog, whose first button is the safe answer; without a code it only tells. */
function ask(title, text, code) {
  const dialog = document.querySelector("dialog.ob-ask");
  // A theme of the handbook's own may have none.
  if (!dialog) return code !== "";
  const [heading, paragraph, pre] = dialog.querySelectorAll("h2, p, pre");
  heading.textContent = title;
  paragraph.textContent = text;
  pre.textContent = code;
  dialog.toggleAttribute("data-tells", !code);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "copy"), { once: true });
  });
}

function note(figure, text) {
  figure.querySelector(".ob-code-note")?.remove();
  if (!text) return;
  const paragraph = document.createElement("p");
  paragraph.className = "ob-code-note";
  paragraph.textContent = text;
  figure.append(paragraph);
  announce(text);
}

/** Copies hold secrets, the page does not. */
copying.fill = (code, clone) => values?.fill(code, clone);

/** A value that does not fit keeps a block back, and a destructive one asks. */
copying.may = async (figure, text) => {
  const places = [...figure.querySelectorAll("[data-in]")];
  const names = (state) => new Set(places.filter(({ dataset }) => dataset.state === state).map(({ dataset }) => dataset.var));
  const [refused] = names("refused");
  if (refused) return ask(say("not_copied"), say("place_refused", { name: refused }), "");
  const missing = [...names("open")].join(", ");
  const open = missing && say("values_missing", { names: missing });
  if (figure.dataset.risk === "destructive") {
    const undo = figure.querySelector(".undo dd")?.textContent;
    const back = undo ? say("copy_undo", { undo }) : say("copy_final");
    if (!(await ask(say("copy_confirm"), `${open} ${back}`, text))) return false;
  }
  note(figure, open);
  return true;
};

if (section) start();
