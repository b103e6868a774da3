// What scripts say, in the language of the page's frame. The texts lie in `strings/LANGUAGE.toml`, in the part `browser`;
// the page loads those of its language before this script.

const { language = "en", texts = {}, kinds = {}, fields = {}, values = {} } = globalThis.opsbookTexts ?? {};

/** A number as people write it. */
export function number(value) {
  return value.toLocaleString(language);
}

/** A text with its placeholders filled in; `count` chooses between the forms for one and for many. */
export function say(key, given = {}) {
  const text = texts[key] ?? key;
  const form = typeof text === "string" ? text : given.count === 1 ? text.one : text.other;
  const shown = (value) => (typeof value === "number" ? number(value) : value);
  return form.replace(/\{([a-z_]+)\}/g, (place, name) => (Object.hasOwn(given, name) ? shown(given[name]) : place));
}

const known = (words, name) => (Object.hasOwn(words, name) ? words[name] : null);

/** What a kind of page is called; nothing for an ordinary page. */
export function kindName(kind) {
  if (!kind || kind === "page") return "";
  return known(kinds, kind) ?? (kind === "rca" ? "RCA" : kind[0].toUpperCase() + kind.slice(1));
}

const FACETS = { kind: "facet_kind", language: "facet_language", tag: "facet_tag" };

/** The label of a field that search filters by; `label` is what the index says. */
export function fieldLabel(name, label) {
  if (Object.hasOwn(FACETS, name)) return say(FACETS[name]);
  return known(fields, name) ?? label;
}

/** What a value of such a field is called. */
export function valueName(field, value) {
  if (field === "kind") return kindName(value) || say("page");
  return known(known(values, field) ?? {}, value) ?? value;
}
