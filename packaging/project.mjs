// What Cargo.toml says of the project, the time of the sources, and the licences of the crates.

import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = resolve(fileURLToPath(import.meta.url), '../..');

/** Ends the program with a message and the way out. */
export function fail(message, help) {
  console.error(`error: ${message}\n${help.startsWith('usage:') ? '' : '  help: '}${help}`);
  process.exit(2);
}

/** The output of a command in the repository. */
export function run(command, words) {
  const options = { cwd: repository, maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] };
  try {
    return execFileSync(command, words, options).toString();
  } catch (error) {
    return fail(`\`${command} ${words.join(' ')}\` failed`, `${error.stderr?.toString().trim() || error.message}`);
  }
}

/** The text of a file of the repository. */
export function text(path) {
  return readFileSync(join(repository, path), 'utf8');
}

/** The one definition that all artefacts are made from. */
export function project() {
  const metadata = JSON.parse(run('cargo', ['metadata', '--locked', '--no-deps', '--format-version', '1']));
  const { name, version, license, description, homepage, repository: sources, keywords, authors } = metadata.packages.find(
    (one) => one.name === 'opsbook',
  );
  return { name, version, license, description, homepage, sources, keywords, authors, epoch: epoch() };
}

/** The time of each file in an artefact, in seconds. */
function epoch() {
  const given = process.env.SOURCE_DATE_EPOCH ?? run('git', ['log', '-1', '--format=%ct']).trim();
  if (!/^[0-9]{1,10}$/.test(given)) fail(`SOURCE_DATE_EPOCH is no number of seconds: ${given}`, 'Unset it to use the last commit.');
  return Number(given);
}

/** The licences of all crates that are part of the program, as one text. Equal texts are there once. */
export function thirdPartyLicences(triple) {
  const words = ['metadata', '--locked', '--format-version', '1', '--filter-platform', triple];
  const { packages, resolve: graph } = JSON.parse(run('cargo', words));
  const byId = new Map(packages.map((one) => [one.id, one]));
  const owners = new Map();
  for (const crate of linked(graph, byId)) {
    const texts = licenceFiles(dirname(crate.manifest_path)).map((file) => readFileSync(file, 'utf8').trim());
    for (const licence of texts.length > 0 ? texts : [`The package holds no text of its licence: ${crate.license}.`]) {
      owners.set(licence, [...(owners.get(licence) ?? []), `${crate.name} ${crate.version} (${crate.license})`]);
    }
  }
  const line = '-'.repeat(80);
  const parts = [...owners].map(([licence, crates]) => `${line}\n${crates.join('\n')}\n${line}\n\n${licence}\n`);
  const head =
    'Opsbook is licensed under Apache-2.0. The program also holds the standard library of Rust (MIT OR Apache-2.0)\n' +
    'and these crates. A text that several of them share is printed once.\n';
  return [head, ...parts].join('\n');
}

/** The files that hold the licences of a crate, also those of a folder such as `LICENSES`. Sorted. */
function licenceFiles(folder) {
  const named = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => /^(licen[cs]e|copying|copyright|notice|unlicense)/i.test(name));
  const files = named.flatMap((entry) => {
    const place = join(folder, entry.name);
    if (!entry.isDirectory()) return [place];
    return readdirSync(place, { withFileTypes: true }).filter((inner) => inner.isFile()).map(({ name }) => join(place, name));
  });
  return files.sort(compare);
}

/** The crates whose code is in the program: no crates for tests and builds, no macros. Sorted by name. */
function linked(graph, byId) {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const found = new Set();
  const visit = (id) => {
    const isMacro = byId.get(id).targets.some((one) => one.kind.includes('proc-macro'));
    if (found.has(id) || isMacro) return;
    found.add(id);
    for (const { pkg, dep_kinds: kinds } of nodes.get(id).deps) if (kinds.some(({ kind }) => kind === null)) visit(pkg);
  };
  visit(graph.root);
  found.delete(graph.root);
  const order = (a, b) => (a.name === b.name ? compare(a.version, b.version) : compare(a.name, b.name));
  return [...found].map((id) => byId.get(id)).sort(order);
}

/** Compares by code units, so that the order depends on no language of the machine. */
export function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
