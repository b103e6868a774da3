// The wheel for pip, pipx and uv: the program as a script (PEP 427, 491, 600, 639, 656).

import { createHash } from 'node:crypto';
import { highestVersion } from './binary.mjs';
import { compare, fail, text } from './project.mjs';
import { zip } from './zip.mjs';

export function wheel({ project, program, compression }) {
  const version = pythonVersion(project.version);
  const stem = `${project.name}-${version}`;
  const info = `${stem}.dist-info`;
  const tags = platforms(program).map((platform) => `py3-none-${platform}`);
  const licences = program.licences();
  const files = [
    { path: `${stem}.data/scripts/opsbook`, bytes: program.bytes, mode: 0o755 },
    ...licences.map(([name, bytes]) => ({ path: `${info}/licenses/${name}`, bytes })),
    { path: `${info}/METADATA`, bytes: metadata(project, version, licences.map(([name]) => name)) },
    {
      path: `${info}/WHEEL`,
      bytes: lines(['Wheel-Version: 1.0', 'Generator: opsbook packaging', 'Root-Is-Purelib: false', ...tags.map((tag) => `Tag: ${tag}`)]),
    },
  ].sort((a, b) => compare(a.path, b.path));
  const record = [...files.map(({ path, bytes }) => `${path},sha256=${digest(bytes)},${Buffer.byteLength(bytes)}`), `${info}/RECORD,,`];
  files.push({ path: `${info}/RECORD`, bytes: lines(record) });
  const platform = tags.map((tag) => tag.slice('py3-none-'.length)).join('.');
  return [[`${stem}-py3-none-${platform}.whl`, zip(files, project.epoch, compression)]];
}

/** The platform tags: the oldest systems that the program itself needs. */
function platforms({ target, needs, isStatic }) {
  const machine = target.machine;
  if (target.os === 'darwin') {
    const [major, minor] = needs.oldest ?? fail('the program names no oldest macOS', 'Build it with MACOSX_DEPLOYMENT_TARGET.');
    // From version 11 on, pip counts major versions only.
    return [`macosx_${major}_${major > 10 ? 0 : minor}_${machine}`];
  }
  // 1.1 is the oldest musl that pip has a tag for. A static program needs none of it.
  if (target.libc === 'musl') return [`musllinux_1_1_${machine}`];
  const [major, minor] = highestVersion(needs.versions, 'GLIBC') ?? [2, 0];
  // Rust itself supports no glibc before 2.17.
  return [`manylinux_2_${major > 2 ? fail(`glibc ${major}.${minor} has no tag`, 'Add it here.') : Math.max(minor, 17)}_${machine}`];
}

/** The version in the form of PEP 440: `0.2.0-rc.1` is `0.2.0rc1`. */
export function pythonVersion(version) {
  const [, release, stage, number] = version.match(/^([0-9.]+)(?:-(alpha|beta|rc)\.([0-9]+))?$/) ?? [];
  if (release === undefined) fail(`Python knows no version \`${version}\``, 'Use -alpha.N, -beta.N or -rc.N.');
  return stage === undefined ? release : `${release}${{ alpha: 'a', beta: 'b', rc: 'rc' }[stage]}${number}`;
}

function metadata(project, version, licences) {
  const address = { Homepage: project.homepage, Source: project.sources };
  const addresses = Object.entries(address).filter(([, url]) => url);
  const head = [
    'Metadata-Version: 2.4',
    `Name: ${project.name}`,
    `Version: ${version}`,
    `Summary: ${project.description}`,
    ...project.authors.map((author) => `Author: ${author}`),
    `License-Expression: ${project.license}`,
    ...licences.map((name) => `License-File: ${name}`),
    `Keywords: ${project.keywords.join(',')}`,
    ...addresses.map(([name, url]) => `Project-URL: ${name}, ${url}`),
    'Requires-Python: >=3.8',
    'Description-Content-Type: text/markdown; charset=UTF-8; variant=GFM',
  ];
  return `${lines(head)}\n${text('packaging/README.package.md')}`;
}

function lines(texts) {
  return texts.map((line) => `${line}\n`).join('');
}

/** The digest as RECORD has it: base64 for URLs, without padding. */
function digest(bytes) {
  return createHash('sha256').update(bytes).digest('base64url');
}
