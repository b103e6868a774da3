// What was found, in few lines for whoever waits for it.

import { KINDS } from './draw.mjs';
import { score, spread } from './measure.mjs';

/** Prints the scores of one corpus. */
export function printScores(result) {
  for (const [engine, queries] of Object.entries(result.found)) {
    console.log(`\n${result.name} (${result.pages} pages), ${engine}`);
    console.log('kind        n   MRR@10  first  in 10');
    printLine('all', queries);
    for (const kind of Object.keys(KINDS)) printLine(kind, queries.filter((query) => query.kind === kind));
    printLine(' in words', queries.filter((query) => query.known));
    const { median, p95, max } = spread(queries.map(({ ms }) => ms));
    console.log(`a query, warm: median ${median.toFixed(1)} ms, 95 % ${p95.toFixed(1)} ms, most ${max.toFixed(1)} ms`);
    const broken = queries.filter(({ error }) => error);
    if (broken.length > 0) console.log(`${broken.length} queries ended in an error, the first: ${broken[0].text}: ${broken[0].error}`);
  }
  for (const [name, costs] of Object.entries(result.cold)) {
    const bytes = spread(costs.map((cost) => cost.bytes));
    const requests = spread(costs.map((cost) => cost.requests));
    const ms = spread(costs.map((cost) => cost.ms));
    console.log(`first query, ${name}: ${(bytes.median / 1000).toFixed(0)} kB (most ${(bytes.max / 1000).toFixed(0)}), ${requests.median} requests, ${ms.median.toFixed(0)} ms`);
  }
}

/** `in words` are the parts of compounds that stand by themselves on another page. */
function printLine(name, queries) {
  if (queries.length === 0) return;
  const { mrr, first, ten } = score(queries);
  console.log(`${name.padEnd(9)} ${String(queries.length).padStart(3)}   ${mrr.toFixed(3)}  ${first.toFixed(3)}  ${ten.toFixed(3)}`);
}
