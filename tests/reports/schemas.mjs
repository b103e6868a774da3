// The schemas for editors, judged by the programs that editors use for them: Taplo for TOML, Ajv for YAML and JSON.
// Owns which files they must take and which they must refuse. `run.mjs` runs it.

import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020.js';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const taplo = fileURLToPath(new URL('node_modules/.bin/taplo', import.meta.url));
const read = (path) => readFileSync(join(repository, path), 'utf8');

/** TOML that a schema must refuse: the file, its text and a part of what Taplo says. */
const WRONG_TOML = [
  ['book.toml', '[book]\ntitel = "A"\n', "'titel' was unexpected"],
  ['book.toml', '[markdown]\nmath = "yes"\n', 'is not of type "boolean"'],
  ['book.toml', '[external]\nper_host = 40\n', '40 is greater than the maximum'],
  ['book.toml', '[rules]\n"link.anchr" = "warn"\n', "'link.anchr' was unexpected"],
  ['book.toml', '[rules]\n"link.anchor" = "of"\n', 'is not valid'],
  ['book.toml', '[rules]\n"url.conflict" = "off"\n', "'url.conflict' was unexpected"],
  ['book.toml', '[[allow]]\nrule = "link.missing"\npath = "a"\n', '"reason" is a required property'],
  ['kinds/drill.toml', '[fields.passed]\ntype = "flagg"\n', 'is not one of'],
  ['kinds/drill.toml', '[fields.a]\ntype = "record"\n[fields.a.fields.b]\nhelpp = "x"\n', "'helpp' was unexpected"],
  ['registers/due.toml', 'sorted = ["date"]\n', "'sorted' was unexpected"],
  ['data/controls/house.toml', 'id = "House"\nedition = "1"\ntitle = "A"\n[[controls]]\nid = "A"\ntitle = "B"\n', 'does not match'],
];

/** YAML and JSON that a schema must refuse. */
const WRONG_DATA = [
  ['people', 'people:\n  - also: [a]\n'],
  ['people', 'person: []\n'],
  ['calendar', 'events:\n  - summary: A\n'],
  ['calendar', 'events:\n  - {summary: A, begin: 2026-01-01, repeat: {intervall: {weeks: 1}}}\n'],
  ['health', '{"lights": [{"service": "A", "success": 101}]}'],
  ['health', '{"lights": [], "measured_at": "yesterday"}'],
  ['front-matter', 'kind: runbok\n'],
  ['front-matter', 'kind: runbook\ntitel: A\n'],
  ['front-matter', 'kind: decision\nstatus: maybe\n'],
];

export function examineSchemas(binary, is) {
  const folder = mkdtempSync(join(tmpdir(), 'opsbook-schemas-'));
  const book = join(folder, 'book');
  const opsbook = (...args) => {
    const run = spawnSync(binary, args, { cwd: folder, encoding: 'utf8' });
    if (run.status !== 0) throw new Error(run.stderr);
    return run.stdout;
  };
  const lint = (...files) => spawnSync(process.execPath, [taplo, 'lint', ...files], { cwd: book, encoding: 'utf8' });
  opsbook('init', 'book');
  const first = readFileSync(join(book, 'book.toml'), 'utf8');
  const line = first.split('\n')[0];
  is('init names the schema of book.toml', line, '#:schema ./.schemas/book.json');
  is('Taplo takes the settings of init', lint('book.toml').status, 0);

  const put = (path, text) => {
    mkdirSync(dirname(join(book, path)), { recursive: true });
    writeFileSync(join(book, path), path === 'book.toml' ? `${line}\n${text}` : text);
  };
  put('book.toml', read('book.toml'));
  const own = lint('book.toml');
  is("Taplo takes this handbook's settings", own.status, 0, own.stderr);
  put('book.toml', titled('content/guide/book-toml.md', 'book.toml with every key'));
  const every = lint('book.toml');
  is('Taplo takes every key of the guide', every.status, 0, every.stderr);
  for (const [from, to] of [['kinds', 'kinds'], ['registers', 'registers'], ['controls', 'data/controls']]) {
    cpSync(join(repository, 'src', from, 'built_in'), join(book, to), { recursive: true });
    const taken = lint(`${to}/*.toml`);
    is(`Taplo takes the built-in ${from}`, taken.status, 0, taken.stderr);
    is(`Taplo has read the built-in ${from}`, taken.stderr.includes(`total=${readdirSync(join(book, to)).length}`), true, taken.stderr);
  }
  for (const [path, text, message] of WRONG_TOML) {
    put(path, text);
    const refused = lint(path);
    is(`Taplo refuses ${path}: ${text.trim()}`, refused.status === 1 && refused.stderr.includes(message), true, refused.stderr);
  }

  const schema = (name) => JSON.parse(readFileSync(join(book, `.schemas/${name}.json`), 'utf8'));
  const seven = new Ajv({ allErrors: true, strict: false });
  const twenty = new Ajv2020({ allErrors: true, strict: false });
  const judges = Object.fromEntries(['people', 'calendar', 'health'].map((name) => [name, seven.compile(schema(name))]));
  judges['front-matter'] = twenty.compile(schema('front-matter'));
  const takes = (name, what, value) => is(`Ajv takes ${what}`, judges[name](value), true, JSON.stringify(judges[name].errors));
  takes('people', 'people', parse('people:\n  - name: Kurt\n    also: ["@kurt"]\n'));
  takes('calendar', 'the calendar of the guide', parse(titled('content/guide/how-to/keep-a-calendar.md', 'data/calendar/community.yaml')));
  takes('health', 'the health data of the guide', JSON.parse(titled('content/guide/how-to/show-traffic-lights.md', 'data/health/example-cloud.json')));
  takes('health', 'the answers of a status page', { components: { data: [] }, incidents: { data: [] } });
  const pages = readdirSync(join(repository, 'content'), { recursive: true }).filter((path) => path.endsWith('.md'));
  const wrong = pages.flatMap((path) => {
    const matter = /^---\n([\s\S]*?)\n---\n/.exec(read(join('content', path)))?.[1];
    const value = matter ? parse(matter) : {};
    return judges['front-matter'](value) ? [] : [`${path}: ${JSON.stringify(judges['front-matter'].errors.slice(0, 3))}`];
  });
  is(`Ajv takes the front matter of ${pages.length} pages`, wrong.join('\n'), '');
  for (const [name, text] of WRONG_DATA) is(`Ajv refuses ${text.trim()}`, judges[name](parse(text)), false);
  rmSync(folder, { recursive: true });
}

/** The code block of a page with this title. */
function titled(page, title) {
  const block = new RegExp(`\`\`\`[a-z]+ title="${title.replaceAll('.', '\\.')}"[^\\n]*\\n([\\s\\S]*?)\\n\`\`\``);
  return `${block.exec(read(page))[1]}\n`;
}
