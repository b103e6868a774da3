// The texts of scripts, in the language of the page's frame. They are in the section `browser` of
// `strings/LANGUAGE.toml`; the page loads those of its language before this script.

const { language = "en", texts = {}, kinds = {}, fields = {}, values = {} } = globalThis.opsbookTexts ?? {};

/** A number in the format of the language. */
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

/** The name of a kind; empty for an ordinary page. */
export function kindName(kind) {
  if (!kind || kind === "page") return "";
  return known(kinds, kind) ?? kind[0].toUpperCase() + kind.slice(1);
}

const FACETS = { kind: "facet_kind", language: "facet_language", tag: "facet_tag" };

/** The label of a field that filters; `label` is the label in the index. */
export function fieldLabel(name, label) {
  if (Object.hasOwn(FACETS, name)) return say(FACETS[name]);
  return known(fields, name) ?? label;
}

/** The name of a value of such a field. */
export function valueName(field, value) {
  if (field === "kind") return kindName(value) || say("page");
  return known(known(values, field) ?? {}, value) ?? value;
}
