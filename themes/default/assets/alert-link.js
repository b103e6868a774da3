// Opens a runbook from an alert: `#alert=CephOSDDown&since=2026-11-21T02:12:00Z&osd=12`. Shows the alert under the title and fills in
// the values. Anyone may have written the address: its parts become text or the value of a field, and nothing else. Values that a
// shell could misread, that do not match, or that differ from the reader's are only used after a click.
// `runbook.js` loads this script when the address names an alert.

import "./runbook.js";
import { announce } from "./theme.js";
import { say } from "./strings.js";
import { code, iso, shown } from "./runbook-steps.js";

/** The most characters of an address. */
const MOST = 4000;
const MOST_NAME = 120;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const UNSEEN_ALL = new RegExp(UNSEEN, "gu");
/** Characters without a meaning in shells, apart from spaces, which are quoted. */
const HARMLESS = /^[\p{L}\p{N}_.\/:@%+,=~ -]+$/u;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
const PORT = /:\d{1,5}$/;
const YEAR = 365 * 86400e3;
const UNITS = [["day", 86400e3], ["hour", 3600e3], ["minute", 60e3]];

/** The parts of an address by their names, the first of each. A part that cannot be decoded is empty. */
function read(hash) {
  const parts = new Map();
  for (const part of hash.slice(1).split("&")) {
    const [name, ...rest] = part.split("=");
    if (rest.length === 0 || parts.has(name)) continue;
    try {
      // Templates of Go write a space as `+`.
      parts.set(name, decodeURIComponent(rest.join("=").replaceAll("+", " ")));
    } catch {
      parts.set(name, "");
    }
  }
  return parts;
}

/** When the alert began; `null` where the address does not say it, or says what cannot be. */
function start(text = "") {
  const time = TIME.test(text) ? Date.parse(text) : NaN;
  const age = Date.now() - time;
  return age > -YEAR && age < 10 * YEAR ? new Date(time) : null;
}

/** How long ago that was, in the largest fitting unit: `14 minutes ago`. */
function age(date) {
  const passed = Math.max(0, Date.now() - date);
  const [unit, length] = UNITS.find(([, length]) => passed >= 2 * length) ?? UNITS.at(-1);
  return new Intl.RelativeTimeFormat(document.documentElement.lang, { style: "short" }).format(-Math.floor(passed / length), unit);
}

function element(name, className, ...content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

/** Whether a value may be filled in without a question. */
const isSafe = (variable, value) => variable.takesFromLink(value) && HARMLESS.test(value) && value[0] !== "-";

/** A value that the alert has for a field. */
class AlertValue {
  constructor(variable, value) {
    const host = value.replace(PORT, "");
    // `control01:9100` is the address of the exporter; the field takes a host.
    const isHost = variable.problem(value) && isSafe(variable, host);
    Object.assign(this, { variable, value, use: isHost ? host : value });
    this.isSafe = isSafe(variable, value);
  }

  /** Whether the field has the value. One that is refused there stays until the reader corrects it. */
  isTaken() {
    return this.variable.input.value === this.use;
  }

  /** Why the reader has to decide. */
  question() {
    const { variable, value } = this;
    if (!this.isSafe) return variable.problem(value) || say("alert_odd");
    return say("alert_differs", { value: variable.input.value });
  }
}

export class AlertLink {
  /** `values` is absent on a page without fields. */
  constructor(section, values, hash) {
    this.section = section;
    this.values = values;
    this.box = document.querySelector(".ob-alert");
    this.isTooLong = hash.length > MOST;
    const parts = read(this.isTooLong ? "" : hash);
    this.name = (parts.get("alert") ?? "").replace(UNSEEN_ALL, "�").slice(0, MOST_NAME);
    this.isListed = JSON.parse(section.dataset.alerts ?? "[]").includes(parts.get("alert"));
    this.since = start(parts.get("since"));
    this.all = [];
    for (const variable of values?.all ?? []) {
      const value = parts.get(variable.name) ?? parts.get(variable.input.dataset.label ?? variable.name.toLowerCase());
      if (!value) continue;
      // A field cannot show these, so the reader could not decide.
      if (variable.secret || value.length > 200 || UNSEEN.test(value)) variable.note.textContent = say("value_misfit");
      else this.all.push(new AlertValue(variable, value));
    }
    // The age of the alert grows while the page is open.
    if (this.since) this.clock = setInterval(() => this.showAge(), 60e3);
  }

  /** Fills in what is safe where the reader has nothing of their own, and shows the rest. */
  open() {
    for (const { variable, value, use, isSafe } of this.all) {
      if (isSafe && (!variable.input.value || variable.linked)) {
        variable.show(value, true);
        // The alert says where the value is from. A line below the field would move those after it.
        variable.note.textContent = "";
      }
      // In focus mode only the fields are at hand.
      else if (variable.input.value !== use) this.values.offer(variable, say("value_says", { value }), use);
    }
    this.values?.shown();
    // A theme of its own may have no place for the alert.
    if (!this.box) return;
    document.documentElement.dataset.alert = "";
    this.update();
    announce(this.box.innerText.replace(/\s+/g, " "));
  }

  close() {
    clearInterval(this.clock);
  }

  update() {
    if (!this.box) return;
    const open = this.all.filter((one) => !one.isTaken());
    const rows = this.all.map((one) => this.row(one));
    const safe = open.filter((one) => one.isSafe);
    if (safe.length > 1) rows.push(element("li", "", this.button(say("alert_use_all"), safe)));
    const notes = [];
    if (this.isTooLong) notes.push(element("p", "ob-alert-note", say("alert_long")));
    else if (!this.isListed) notes.push(this.unlisted());
    const head = this.isTooLong ? [] : [element("p", "ob-alert-head", element("b", "", this.name), " ", this.time())];
    this.box.replaceChildren(...head, ...notes, ...(rows.length > 0 ? [element("ul", "", ...rows)] : []));
    this.box.dataset.state = notes.length + open.length > 0 ? "open" : "filled";
  }

  unlisted() {
    const note = element("p", "ob-alert-note", say("alert_unlisted"));
    const { register } = this.section.dataset;
    if (register) note.append(" ", Object.assign(element("a", "", say("alert_all")), { href: register }));
    return note;
  }

  time() {
    if (!this.since) return "";
    this.age = element("span");
    const time = element("time", "", shown(this.since.toISOString()));
    time.dateTime = this.since.toISOString();
    this.showAge();
    return element("span", "", `${say("alert_since")} `, time, ", ", this.age);
  }

  showAge() {
    this.age.textContent = age(this.since);
  }

  row(one) {
    const { variable, value, use } = one;
    const row = element("li", "", element("b", "", variable.name), " ", element("code", "", one.isTaken() ? use : value));
    if (variable.refusal && one.isTaken()) row.append(" ", element("span", "", variable.refusal));
    if (one.isTaken()) return row;
    const does = variable.problem(use) ? say("alert_edit") : say("alert_use", { value: use });
    row.append(" ", element("span", "", one.question()), " ", this.button(does, [one]));
    return row;
  }

  button(text, chosen) {
    const button = element("button", "", text);
    button.type = "button";
    button.addEventListener("click", () => {
      for (const { variable, use } of chosen) this.values.take(variable, use);
      // The button is gone. What was refused is corrected in its field.
      const refused = chosen.find(({ variable }) => variable.refusal);
      const next = this.box.querySelector("button");
      if (refused) {
        document.querySelector(".ob-sheet").open = true;
        refused.variable.input.focus();
      } else if (next) next.focus();
      else document.querySelector(".ob-next-step")?.focus();
    });
    return button;
  }

  /** The line of the incident log. */
  logged() {
    if (this.isTooLong) return "";
    return say(this.since ? "log_alert_since" : "log_alert", { name: code(this.name), time: this.since && iso(this.since) });
  }
}
