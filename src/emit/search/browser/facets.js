// Filters and facets: the pages by the values of their fields.

/** The pages of each value of each field that filters. */
async function facets(index) {
  const [names, file] = index.facets;
  return load(file, (data) => new Map(names.map((name, at) => [name, new Map(Object.entries(data[at]).map(pagesOf))])));
}

function pagesOf([value, text]) {
  let page = 0;
  return [value, new Set(numbers(text).map((step) => (page += step)))];
}

const slug = (text) => words(text).map(({ word }) => word).join("-");

/** The pages that pass every filter; `null` without filters. */
async function allowed(index, filters) {
  const asked = Object.entries(filters).filter(([, values]) => values.length > 0);
  if (asked.length === 0) return null;
  const fields = await facets(index);
  const sets = asked.map(([name, values]) => {
    const wanted = values.map(slug);
    const having = [...(fields.get(name) ?? [])].filter(([value]) => wanted.includes(slug(value)));
    return new Set(having.flatMap(([, pages]) => [...pages]));
  });
  return new Set([...sets[0]].filter((page) => sets.every((set) => set.has(page))));
}

/** For each field that filters, the values of these pages and the number of pages with each. */
async function counted(index, pages) {
  const all = new Set(pages);
  const count = ([value, having]) => ({ value, count: [...having].filter((page) => all.has(page)).length });
  const most = (a, b) => b.count - a.count || compare(a.value, b.value);
  return [...(await facets(index))].map(([name, values], at) => ({
    name,
    label: index.facets[2][at],
    values: [...values].map(count).filter((value) => value.count > 0).sort(most),
  }));
}
