// Runbook mode: values for the commands, a checklist, and a question before a destructive command is copied. Nothing
// is run and nothing is sent: the values and ticks of readers stay in this browser.

import "./page.js";
import { announce, loadParts, writeClipboard } from "./theme.js";
import { say } from "./strings.js";
import { Bar } from "./runbook-bar.js";
import { Focus } from "./runbook-focus.js";
import { refreshCopies, startCopies } from "./runbook-copy.js";
import { Steps, log, shown } from "./runbook-steps.js";
import { Store, isOld } from "./runbook-store.js";
import { Values } from "./runbook-values.js";

const section = document.getElementById("ob-runbook");
// Focus mode moves a part of the section away and back.
const find = (name) => document.querySelector(name);
const title = () => document.querySelector("h1").textContent;
const nothing = { values: new Map(), steps: new Map() };
/** What follows the values and has a line in the log: the alert, then lists of sets, which `value-sets.js` adds. */
const followers = [null];
let values, steps, store, bar, focus, parts;

const state = () => ({ values: values?.kept() ?? new Map(), steps: steps.ticks() });

function keep() {
  const { values, steps } = state();
  store.keep(values, steps);
  find(".ob-stale").hidden = true;
}

function changed({ name, value, secret }) {
  keep();
  if (value && !secret) store.share(name, value, title());
}

function ticked() {
  keep();
  bar.show();
  focus?.update();
  announce(steps.progress());
}

function valuesShown() {
  refreshCopies();
  bar?.show();
  for (const follower of followers) follower?.update();
}

function restore(state) {
  values?.restore(state.values);
  steps.restore(state.steps);
  steps.progress();
  bar.show();
}

async function copyLog() {
  const copied = await writeClipboard(log(steps, values, followers)).then(() => true, () => false);
  announce(say(copied ? "log_copied" : "copy_failed"));
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
  find(".ob-log")?.addEventListener("click", copyLog);
  find(".ob-runbook-tools").hidden = false;
}

/** A link may have values. Before the first `&` it may also name a heading. */
function follow() {
  if (/[#&]alert=/.test(location.hash)) return showAlert();
  followValues();
}

/** Loads the script for alerts. Without it, the address is a link with values. */
async function showAlert() {
  const template = find("#ob-alert-link");
  const loaded = template && (await (parts ??= loadParts(template)).then(() => true, () => (parts = null)));
  if (!loaded) return followValues();
  followers[0]?.close();
  followers[0] = new opsbook["alert-link.js"].AlertLink(section, values, location.hash);
  followers[0].open();
}

function followValues() {
  if (!values?.follow(location.hash)) return;
  // A value of the link that was not taken is for the reader to decide.
  if (values.all.some(({ note, linked }) => note.textContent && !linked)) bar.ask();
  const [anchor] = location.hash.slice(1).split("&");
  document.getElementById(anchor)?.scrollIntoView();
}

function start() {
  const form = find(".ob-values");
  store = new Store(section.dataset.root);
  if (form) {
    values = new Values(form, changed, valuesShown);
    find(".ob-values-list").hidden = true;
  }
  steps = new Steps(section, ticked);
  bar = new Bar(section, values, steps, copyLog);
  const isValue = (name, value) => values?.isValue(name, value) ?? false;
  const kept = store.page(isValue, (id) => steps.known.has(id));
  restore(kept);
  if (kept.at && isOld(kept.at)) {
    find(".ob-stale").textContent = say("values_stale", { time: shown(kept.at) });
    find(".ob-stale").hidden = false;
    bar.ask();
  }
  for (const { name, value, title, at } of store.offers(isValue)) {
    const variable = values.known.get(name);
    if (!variable.value) values.offer(variable, say("value_offer", { value, title, time: shown(at) }), value);
  }
  startTools();
  follow();
  addEventListener("hashchange", follow);
  focus = new Focus(section, steps, bar, copyLog);
}

if (section?.querySelector(".ob-sheet")) start();
startCopies(values);

export { followers, store, values };
