// What the command line asks for.

import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { join, resolve } from 'node:path';

export const REPOSITORY = resolve(fileURLToPath(import.meta.url), '../../..');
export const CORPORA = ['sourcegraph-handbook', 'gitlab-handbook', 'osism-docs', 'scs-docs', 'german'];

const USAGE = `usage: benches/search/run [tune] [OPTIONS]

  tune              opsbook alone, seed 1, what it finds and how long a query takes; writes no report
  --corpora A,B     only these (${CORPORA.join(', ')})
  --engines A,B     only these (opsbook, pagefind)
  --seeds 2,3       seeds to draw queries by (1 is for tuning, the report has others)
  --kinds A,B       only these kinds (title, heading, typo, prefix, phrase, code, compound)
  --queries N       queries of a kind and seed (100)
  --steps A,B       only these steps (relevance, cold, index, scale)
  --scale A,B       pages of the synthetic handbooks (1000,4651,10000,50000); Pagefind indexes those up to 10,000
  --misses FILE     writes each query that was not found first, as JSON
  --json FILE       writes all numbers, as JSON
  --out FILE        writes the report elsewhere than benches/SEARCH.md; "-" writes none
  --with FILE       takes what this run does not measure from what --json wrote in an earlier one
  --without PROGRAM an opsbook from before it had search, to compare whole builds
  --work FOLDER     keeps the sites there, otherwise they go into a temporary folder
`;

const FLAGS = {
  corpora: { type: 'string' },
  engines: { type: 'string' },
  seeds: { type: 'string' },
  kinds: { type: 'string' },
  queries: { type: 'string', default: '100' },
  steps: { type: 'string' },
  scale: { type: 'string', default: '1000,4651,10000,50000' },
  misses: { type: 'string' },
  json: { type: 'string' },
  out: { type: 'string' },
  with: { type: 'string' },
  without: { type: 'string' },
  work: { type: 'string' },
  help: { type: 'boolean' },
};

/** The options as meant: lists are arrays, defaults depend on whether this is a tuning run. */
export function readOptions() {
  const { values, positionals } = parseArgs({ options: FLAGS, allowPositionals: true });
  const tune = positionals[0] === 'tune';
  if (values.help || positionals.length > (tune ? 1 : 0)) {
    console.log(USAGE);
    process.exit(values.help ? 0 : 2);
  }
  const list = (text, otherwise) => text?.split(',').filter(Boolean) ?? otherwise;
  return {
    tune,
    corpora: list(values.corpora, CORPORA),
    engines: list(values.engines, tune ? ['opsbook'] : ['opsbook', 'pagefind']),
    seeds: list(values.seeds, tune ? ['1'] : ['2', '3']).map(Number),
    kinds: list(values.kinds, null),
    queries: Number(values.queries),
    steps: list(values.steps, tune ? ['relevance'] : ['relevance', 'cold', 'index', 'scale']),
    scale: list(values.scale).map(Number),
    misses: values.misses,
    json: values.json,
    out: values.out ?? (tune ? '-' : join(REPOSITORY, 'benches/SEARCH.md')),
    with: values.with,
    without: values.without && resolve(values.without),
    work: values.work && resolve(values.work),
    program: resolve(process.env.OPSBOOK ?? join(REPOSITORY, 'target/release/opsbook')),
  };
}
