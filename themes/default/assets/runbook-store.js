// Storage in this browser: values and ticks of a page, and the last value of each name in the handbook. Anyone may
// have put data there, so stored data is checked as if it came with a link.

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/;
/** After this time in milliseconds, values belong to another incident. */
const SHIFT = 12 * 3600e3;

export const isOld = (time) => Date.now() - Date.parse(time) > SHIFT;
const isTime = (text) => typeof text === "string" && ISO.test(text) && Date.parse(text) <= Date.now() + SHIFT;
const entries = (object) => (object && typeof object === "object" && !Array.isArray(object) ? Object.entries(object) : []);

function read(key) {
  try {
    const text = localStorage.getItem(key) ?? "";
    return new Map(entries(text.length < 65536 ? JSON.parse(text) : null));
  } catch {
    return new Map();
  }
}

function write(key, value) {
  try {
    if (value) localStorage.setItem(key, JSON.stringify(value));
    else localStorage.removeItem(key);
  } catch {
    // Storage may be forbidden or full: values then last as long as this page.
  }
}

export class Store {
  constructor(root) {
    const path = new URL(root, location.href).pathname;
    this.key = `opsbook-runbook ${path} ${location.pathname.slice(path.length)}`;
    this.shared = `opsbook-values ${path}`;
  }

  /** The stored values and ticks of the page that pass the checks. */
  page(isValue, isStep) {
    const kept = read(this.key);
    const values = entries(kept.get("values")).filter(([name, value]) => isValue(name, value));
    const steps = entries(kept.get("steps")).filter(([id, time]) => isStep(id) && isTime(time));
    return { at: isTime(kept.get("at")) && kept.get("at"), values: new Map(values), steps: new Map(steps) };
  }

  keep(values, steps) {
    const kept = { at: new Date().toISOString(), values: Object.fromEntries(values), steps: Object.fromEntries(steps) };
    write(this.key, values.size + steps.size > 0 && kept);
  }

  /** Values that were typed on other pages within the time of a shift, with their names. */
  offers(isValue) {
    const found = [];
    for (const [name, offer] of read(this.shared)) {
      const { value, title, at, page } = Object.fromEntries(entries(offer));
      const sound = isValue(name, value) && typeof title === "string" && isTime(at) && !isOld(at);
      if (sound && page !== this.key) found.push({ name, value, title: title.slice(0, 120), at });
    }
    return found;
  }

  share(name, value, title) {
    const shared = read(this.shared);
    shared.delete(name);
    shared.set(name, { value, title, at: new Date().toISOString(), page: this.key });
    write(this.shared, Object.fromEntries([...shared].slice(-50)));
  }
}
