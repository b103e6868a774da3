// Numbers of an earlier run in place of those that this one did not measure.

import { readFileSync } from 'node:fs';

/**
 * Adds what `--json` wrote down in `file` to the results: engines, corpora and sizes that only the earlier run has. The
 * queries must be the same.
 */
export function complete(results, file) {
  const earlier = JSON.parse(readFileSync(file, 'utf8'));
  for (const old of earlier.corpora) {
    const now = results.corpora.find(({ name }) => name === old.name);
    if (now) completeCorpus(now, old);
    else results.corpora.push(old);
  }
  for (const old of earlier.scale) {
    const now = results.scale.find(({ pages }) => pages === old.pages);
    if (now) for (const part of ['size', 'cold', 'found']) now[part] = { ...old[part], ...now[part] };
    else results.scale.push(old);
    if (now) now.pagefind ??= old.pagefind;
  }
  results.scale.sort((a, b) => a.pages - b.pages);
}

function completeCorpus(now, old) {
  for (const [engine, queries] of Object.entries(old.found)) {
    if (now.found[engine]) continue;
    const asked = Object.values(now.found)[0];
    if (asked && texts(asked) !== texts(queries)) throw new Error(`${now.name}: the earlier run had other queries`);
    now.found[engine] = queries;
  }
  now.cold = { ...old.cold, ...now.cold };
  now.anchored ??= old.anchored;
  for (const list of ['opsbook', 'pagefind', 'without']) if (now.index[list].length === 0) now.index[list] = old.index[list];
  if (now.index.size.pagefind.files === 0) now.index.size.pagefind = old.index.size.pagefind;
}

function texts(queries) {
  return queries.map((query) => query.text).join('\n');
}
