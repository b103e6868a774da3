// Installs programs that tests need and that a machine does not have, from Debian's packages.

import { spawnSync } from 'node:child_process';

/** Installs `packages` unless `program` can be run already. */
export function install(program, packages) {
  if (!has(program)) installPackages(packages);
}

/** Installs Debian's packages. */
export function installPackages(packages) {
  const root = process.getuid() === 0 ? [] : ['sudo'];
  for (const command of [
    ['apt-get', 'update', '-qq'],
    ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages],
  ]) {
    const [name, ...rest] = [...root, ...command];
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const done = spawnSync(name, rest, { stdio: ['ignore', 'ignore', 'inherit'], env });
    if (done.status !== 0) throw new Error(`\`${command.join(' ')}\` failed; install ${packages.join(', ')} by hand`);
  }
}

function has(program) {
  const path = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`;
  return spawnSync('sh', ['-c', 'command -v "$0"', program], { env: { PATH: path } }).status === 0;
}
