// Packages from PyPI in a virtual environment, for steps that need them.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages } from './install.mjs';

/** Installs the packages into a folder of their own, unless they are there in these versions. Returns its `bin`. */
export function installPython(folder, requirements) {
  const wanted = readFileSync(requirements, 'utf8');
  const mark = join(folder, 'requirements.txt');
  if (!existsSync(mark) || readFileSync(mark, 'utf8') !== wanted) {
    if (spawnSync('python3', ['-c', 'import venv, ensurepip']).status !== 0) installPackages(['python3-venv']);
    for (const [program, ...rest] of [
      ['python3', '-m', 'venv', '--clear', folder],
      [join(folder, 'bin/pip'), 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '-r', requirements],
    ]) {
      if (spawnSync(program, rest, { stdio: ['ignore', 'ignore', 'inherit'] }).status !== 0) throw new Error(`${program} failed`);
    }
    writeFileSync(mark, wanted);
  }
  return join(folder, 'bin');
}
