// Runbook mode: values for the commands, a checklist, and a question before a destructive command is copied. Nothing
// is run and nothing is sent: the values and ticks of readers stay in this browser.

import { announce, writeClipboard } from "./theme.js";
import { say } from "./strings.js";
import { refreshCopies, startCopies } from "./runbook-copy.js";
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

/** A link may have values. Before the first `&` it may also name a heading. */
function follow() {
  if (!values?.follow(location.hash)) return;
  const [anchor] = location.hash.slice(1).split("&");
  document.getElementById(anchor)?.scrollIntoView();
}

function start() {
  const form = find(".ob-values");
  store = new Store(section.dataset.root);
  if (form) {
    values = new Values(form, changed, refreshCopies);
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

if (section) start();
startCopies(values);
