// The packages for npm: `opsbook` with a launcher, and one with the program for each platform.
//
// Platforms are optional dependencies of `opsbook`: npm installs the one that matches by itself, and no script runs
// when a package is installed.

import { TARGETS } from './targets.mjs';
import { text } from './project.mjs';
import { gzip, tar } from './tar.mjs';

export function npm({ project, program, compression }) {
  const { target } = program;
  const common = {
    version: project.version,
    license: project.license,
    author: project.authors[0],
    homepage: project.homepage ?? undefined,
    repository: project.sources ?? undefined,
  };
  const platform = {
    name: packageName(target),
    description: `${project.description}: the program for ${target.triple}`,
    ...common,
    os: [target.os],
    cpu: [target.cpu],
    // npm asks for the library of C only on Linux.
    libc: target.os === 'linux' ? [target.libc === 'gnu' ? 'glibc' : 'musl'] : undefined,
    preferUnplugged: true,
  };
  const launcher = {
    name: project.name,
    description: project.description,
    ...common,
    keywords: project.keywords,
    bin: { opsbook: 'bin/opsbook.js' },
    engines: { node: '>=18' },
    optionalDependencies: Object.fromEntries(Object.values(TARGETS).map((one) => [packageName(one), project.version])),
  };
  const pack = (manifest, files) => {
    const all = [{ path: 'package.json', bytes: `${JSON.stringify(manifest, null, 2)}\n` }, ...files];
    const entries = all.map((file) => ({ ...file, path: `package/${file.path}` }));
    const file = `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`;
    return [file, gzip(tar(entries, project.epoch), compression)];
  };
  const readme = { path: 'README.md', bytes: text('packaging/README.package.md') };
  return [
    pack(launcher, [
      readme,
      { path: 'LICENSE', bytes: text('LICENSE') },
      { path: 'bin/opsbook.js', bytes: text('packaging/launcher.js'), mode: 0o755 },
    ]),
    pack(platform, [
      readme,
      ...program.licences().map(([path, bytes]) => ({ path, bytes })),
      { path: 'bin/opsbook', bytes: program.bytes, mode: 0o755 },
    ]),
  ];
}

/** `@opsbook/linux-x64`, and `@opsbook/linux-x64-musl` for systems without glibc. */
function packageName({ os, cpu, libc }) {
  return `@opsbook/${os}-${cpu}${libc === 'musl' ? '-musl' : ''}`;
}
