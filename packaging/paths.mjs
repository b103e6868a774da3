// Keeps the folders of the machine that builds out of the program: they name its user, and two machines would make different bytes.

import { execFileSync } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { repository, run } from './project.mjs';

/** `[folder, name in the program]` of all folders whose files are compiled. Where one is in another, the inner one comes last. */
function folders() {
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), '.cargo');
  const rustc = (words) => execFileSync('rustc', words, { cwd: repository }).toString();
  const commit = /^commit-hash: (\S+)$/m.exec(rustc(['-vV']))?.[1] ?? 'unknown';
  const { target_directory: target } = JSON.parse(run('cargo', ['metadata', '--locked', '--no-deps', '--format-version', '1']));
  return [
    [cargoHome, '/cargo'],
    // The standard library has this name by itself, unless its sources are installed.
    [join(rustc(['--print', 'sysroot']).trim(), 'lib/rustlib/src/rust'), `/rustc/${commit}`],
    [repository, '/opsbook'],
    [target, '/opsbook/target'],
  ];
}

/** The environment in which cargo compiles without these folders in the program. */
export function environment() {
  const given = process.env.CARGO_ENCODED_RUSTFLAGS?.split('\x1f') ?? process.env.RUSTFLAGS?.split(' ').filter(Boolean) ?? [];
  const flags = folders().map(([folder, name]) => `--remap-path-prefix=${folder}=${name}`);
  return { ...process.env, CARGO_ENCODED_RUSTFLAGS: [...given, ...flags].join('\x1f') };
}

/** The folders of this machine that a program names. */
export function foldersIn(bytes) {
  return folders()
    .map(([folder]) => folder)
    .filter((folder) => bytes.includes(`${folder}/`));
}
