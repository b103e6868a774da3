// The package for Debian and Ubuntu: the program with its manual pages and completions.

import { createHash } from 'node:crypto';
import { highestVersion } from './binary.mjs';
import { compare, fail, text } from './project.mjs';
import { gzip, tar } from './tar.mjs';

/** Which package has a library. Before version 2.34, glibc had threads and others in libraries of their own. */
const LIBRARIES = [
  [/^(libc|libm|libpthread|libdl|librt|ld-linux-.*)\.so\.[0-9]+$/, 'libc6'],
  [/^libgcc_s\.so\.1$/, 'libgcc-s1'],
];

export function deb({ project, program, compression }) {
  const { target } = program;
  if (target.debian === undefined) fail(`Debian does not run on ${target.triple}`, 'Choose a target with Linux.');
  // A tilde sorts before the release, so that a candidate is older.
  const version = `${project.version.replace('-', '~')}-1`;
  const author = project.authors[0] ?? fail('Cargo.toml names no author', 'Debian needs a maintainer: add `authors`.');
  // Debian wants an e-mail address. The project has none yet, and no host can be called `.invalid`.
  const maintainer = author.includes('<') ? author : `${author} <maintainers@opsbook.invalid>`;
  const packed = (bytes) => gzip(Buffer.from(bytes), 9);
  const documents = 'usr/share/doc/opsbook';
  const [, [, thirdParty]] = program.licences();
  const files = [
    { path: 'usr/bin/opsbook', bytes: program.bytes, mode: 0o755 },
    ...program.manualPages().map(([page, bytes]) => ({ path: `usr/share/man/man1/${page}.gz`, bytes: packed(bytes) })),
    ...program.completions().map(([path, bytes]) => ({ path: `usr/share/${path}`, bytes: Buffer.from(bytes) })),
    { path: `${documents}/copyright`, bytes: Buffer.from(copyright(project)) },
    { path: `${documents}/THIRD-PARTY-LICENSES.txt.gz`, bytes: packed(thirdParty) },
    { path: `${documents}/changelog.gz`, bytes: packed(text('CHANGELOG.md')) },
    { path: `${documents}/changelog.Debian.gz`, bytes: packed(changelog(project, version, maintainer)) },
  ].sort((a, b) => compare(a.path, b.path));
  const sums = files.map(({ path, bytes }) => `${createHash('md5').update(bytes).digest('hex')}  ${path}\n`).join('');
  const control = [
    ['Package', project.name],
    ['Version', version],
    ['Architecture', target.debian],
    ['Maintainer', maintainer],
    ['Installed-Size', files.reduce((total, { bytes }) => total + Math.ceil(bytes.length / 1024), 0)],
    ['Depends', dependencies(program.needs).join(', ')],
    ['Recommends', 'git'],
    ['Section', 'text'],
    ['Priority', 'optional'],
    ['Homepage', project.homepage ?? project.sources],
    ['Description', description(project)],
  ].filter(([, value]) => value);
  const above = (entries) => entries.map((entry) => ({ ...entry, path: `./${entry.path}` }));
  const archive = (entries, level) => gzip(tar([{ path: './' }, ...above(entries)], project.epoch), level);
  const members = [
    ['debian-binary', Buffer.from('2.0\n')],
    [
      'control.tar.gz',
      archive([
        { path: 'control', bytes: control.map(([key, value]) => `${key}: ${value}\n`).join('') },
        { path: 'md5sums', bytes: sums },
      ], 9),
    ],
    ['data.tar.gz', archive(files, compression)],
  ];
  return [[`${project.name}_${version}_${target.debian}.deb`, ar(members, project.epoch)]];
}

/** The packages that hold the libraries, with the version of glibc whose symbols are used. */
export function dependencies({ libraries, versions }) {
  const names = libraries.map((library) => {
    const row = LIBRARIES.find(([pattern]) => pattern.test(library));
    return row?.[1] ?? fail(`no package is known for the library ${library}`, 'Add it to LIBRARIES in packaging/deb.mjs.');
  });
  const glibc = highestVersion(versions, 'GLIBC');
  const needed = (name) => (name === 'libc6' && glibc ? `libc6 (>= ${glibc.slice(0, 2).join('.')})` : name);
  return [...new Set(names)].sort().map(needed);
}

function description(project) {
  const long = text('packaging/README.package.md').split('\n\n')[1];
  return `${project.description.replace(/^An? /, '')}\n${long.split('\n').map((line) => ` ${line}`).join('\n')}`;
}

/** The licence in the form of DEP 5. */
function copyright(project) {
  return `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: ${project.name}
Comment: The program holds code of other authors. Their licences are in
 THIRD-PARTY-LICENSES.txt.gz.

Files: *
Copyright: ${new Date(project.epoch * 1000).getUTCFullYear()} individual contributors
License: ${project.license}
 On Debian systems the text of this licence is in
 /usr/share/common-licenses/Apache-2.0.
`;
}

function changelog(project, version, maintainer) {
  const day = new Date(project.epoch * 1000).toUTCString().replace('GMT', '+0000');
  return `${project.name} (${version}) unstable; urgency=medium\n\n  * Release ${project.version}; see changelog.gz.\n\n -- ${maintainer}  ${day}\n`;
}

/** An archive of the form that `ar` reads, with members `[name, bytes]`. */
function ar(members, epoch) {
  const parts = [Buffer.from('!<arch>\n')];
  for (const [name, bytes] of members) {
    const fields = [[name, 16], [epoch, 12], [0, 6], [0, 6], ['100644', 8], [bytes.length, 10]];
    const header = fields.map(([value, width]) => String(value).padEnd(width)).join('');
    parts.push(Buffer.from(`${header}\`\n`), bytes, Buffer.from(bytes.length % 2 === 1 ? '\n' : ''));
  }
  return Buffer.concat(parts);
}
