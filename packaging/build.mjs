// Makes what users install of one program: archive, wheel, npm packages, Debian package, container image, manual pages.
//
// Name, version, licence, description and addresses are those of Cargo.toml. Two runs over the same program give the same
// bytes: entries are sorted, owners and modes are fixed, and the time of each file is SOURCE_DATE_EPOCH. Needs Node and
// cargo, and no npm package.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { archive } from './archive.mjs';
import { deb } from './deb.mjs';
import { npm } from './npm.mjs';
import { oci } from './oci.mjs';
import { Program } from './program.mjs';
import { environment, foldersIn } from './paths.mjs';
import { fail, project, repository, run } from './project.mjs';
import { TARGETS, hostTarget } from './targets.mjs';
import { wheel } from './wheel.mjs';

const USAGE = `usage: packaging/build ARTEFACT... --out DIR [--binary FILE] [--target TRIPLE] [--compression N]

ARTEFACT       archive, wheel, npm, deb, oci or man; several are possible
--out DIR      the folder; SHA256SUMS lists all artefacts in it
--binary FILE  the program [default: cargo build --profile dist builds it]
--target       its platform [default: this machine]:
${Object.keys(TARGETS).map((triple) => `                 ${triple}`).join('\n')}
--compression  0 to 9 [default: 9]

SOURCE_DATE_EPOCH is the time of each file [default: the last commit].`;

const ARTEFACTS = { archive, wheel, npm, deb, oci, man };

const { values, positionals } = parseArguments();
const triple = values.target ?? hostTarget();
const target = TARGETS[triple] ?? fail(`there is no target \`${triple}\``, `Use one of ${Object.keys(TARGETS).join(', ')}.`);
const program = new Program(resolve(values.binary ?? built()), { triple, ...target });
const definition = project();
program.verify(definition.version);
const out = resolve(values.out);
mkdirSync(out, { recursive: true });
const compression = Number(values.compression);
for (const name of positionals) {
  for (const [file, bytes] of ARTEFACTS[name]({ project: definition, program, compression })) {
    mkdirSync(dirname(join(out, file)), { recursive: true });
    writeFileSync(join(out, file), bytes);
    console.log(`${join(values.out, file)}  ${bytes.length} bytes`);
  }
}
writeFileSync(join(out, 'SHA256SUMS'), checksums(out));

/** The arguments, or the end of the program with a message. */
function parseArguments() {
  const options = {
    out: { type: 'string' },
    binary: { type: 'string' },
    target: { type: 'string' },
    compression: { type: 'string', default: '9' },
    help: { type: 'boolean', short: 'h' },
  };
  let given;
  try {
    given = parseArgs({ options, allowPositionals: true });
  } catch (error) {
    fail(error.message, USAGE);
  }
  if (given.values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  const unknown = given.positionals.find((name) => !Object.hasOwn(ARTEFACTS, name));
  if (unknown !== undefined) fail(`there is no artefact \`${unknown}\``, USAGE);
  if (given.positionals.length === 0) fail('no artefact is named', USAGE);
  if (given.values.out === undefined) fail('`--out DIR` is missing', USAGE);
  if (!/^[0-9]$/.test(given.values.compression)) fail('`--compression` must be a digit', USAGE);
  return given;
}

/** Builds the program and returns its path. */
function built() {
  const platform = values.target === undefined ? [] : ['--target', values.target];
  const options = { cwd: repository, stdio: 'inherit', env: environment() };
  const done = spawnSync('cargo', ['build', '--profile', 'dist', '--locked', ...platform], options);
  if (done.status !== 0) fail('the program cannot be built', 'Solve this, or name a program with `--binary`.');
  const folder = JSON.parse(run('cargo', ['metadata', '--locked', '--no-deps', '--format-version', '1'])).target_directory;
  const path = join(folder, values.target ?? '', 'dist/opsbook');
  const named = foldersIn(readFileSync(path));
  if (named.length > 0) fail(`the program names folders of this machine: ${named.join(', ')}`, 'Add them to packaging/paths.mjs.');
  return path;
}

/** The manual pages as files of their own. */
function man({ program }) {
  return program.manualPages().map(([page, bytes]) => [`man1/${page}`, bytes]);
}

/** The digests of all artefacts in a folder, in the form that `sha256sum --check` reads. */
function checksums(folder) {
  const files = readdirSync(folder).filter((name) => name !== 'SHA256SUMS' && statSync(join(folder, name)).isFile());
  const line = (name) => `${createHash('sha256').update(readFileSync(join(folder, name))).digest('hex')}  ${name}\n`;
  return files.sort().map(line).join('');
}
