// The container image: the program alone, as an archive in the form of the OCI image layout.
//
// The image has no base. A static program needs none. A program that needs the glibc of a system gets the loader and the
// libraries of this machine, with their licences: so an image can be made where no static program can be built, and it
// is the very program that was tested.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { fail, run } from './project.mjs';
import { gzip, tar } from './tar.mjs';

/** The user of the process. The handbook is often a folder of another user: `--user` of the runtime names that one. */
const USER = 65532;

export function oci({ project, program, compression }) {
  const { target } = program;
  if (target.os !== 'linux') fail(`an image needs a program for Linux, not for ${target.triple}`, 'Choose another target.');
  const files = [
    { path: 'usr/bin/opsbook', bytes: program.bytes, mode: 0o755 },
    { path: 'etc/passwd', bytes: `root:x:0:0::/:\nopsbook:x:${USER}:${USER}::/handbook:\n` },
    { path: 'etc/group', bytes: `root:x:0:\nopsbook:x:${USER}:\n` },
    { path: 'handbook/', owner: USER },
    { path: 'tmp/', mode: 0o1777 },
    ...program.licences().map(([name, bytes]) => ({ path: `usr/share/doc/opsbook/${name}`, bytes })),
    ...(program.isStatic() ? [] : libraries(program)),
  ];
  const layer = tar(files, project.epoch);
  const packed = blob(gzip(layer, compression), 'application/vnd.oci.image.layer.v1.tar+gzip');
  const created = new Date(project.epoch * 1000).toISOString().replace('.000', '');
  const platform = { architecture: target.debian, os: 'linux' };
  const labels = {
    'org.opencontainers.image.title': project.name,
    'org.opencontainers.image.description': project.description,
    'org.opencontainers.image.version': project.version,
    'org.opencontainers.image.licenses': project.license,
    'org.opencontainers.image.created': created,
    ...(project.homepage ? { 'org.opencontainers.image.url': project.homepage } : {}),
    ...(project.sources ? { 'org.opencontainers.image.source': project.sources } : {}),
  };
  const config = blob({
    created,
    ...platform,
    config: {
      User: `${USER}:${USER}`,
      Env: ['PATH=/usr/bin', 'HOME=/handbook'],
      Entrypoint: ['/usr/bin/opsbook'],
      Cmd: ['--help'],
      WorkingDir: '/handbook',
      Labels: labels,
    },
    rootfs: { type: 'layers', diff_ids: [digest(layer)] },
    history: [{ created, created_by: 'packaging/build oci' }],
  }, 'application/vnd.oci.image.config.v1+json');
  const manifest = blob({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: config.descriptor,
    layers: [packed.descriptor],
    annotations: labels,
  }, 'application/vnd.oci.image.manifest.v1+json');
  const index = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [{ ...manifest.descriptor, platform, annotations: { 'org.opencontainers.image.ref.name': `localhost/${project.name}:${project.version}` } }],
  };
  const layout = [
    { path: 'oci-layout', bytes: '{"imageLayoutVersion":"1.0.0"}' },
    { path: 'index.json', bytes: JSON.stringify(index) },
    ...[packed, config, manifest].map(({ descriptor, bytes }) => ({ path: `blobs/${descriptor.digest.replace(':', '/')}`, bytes })),
  ];
  return [[`${project.name}-${project.version}-linux-${target.debian}.oci.tar`, tar(layout, project.epoch)]];
}

/** The bytes of a blob, which may be given as a value, and what describes it. */
function blob(content, mediaType) {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
  return { bytes, descriptor: { mediaType, digest: digest(bytes), size: bytes.length } };
}

function digest(bytes) {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The loader and the libraries that a program needs, under the paths where the loader looks for them. */
function libraries({ path, needs }) {
  // The loader says what it would load; nothing of the program runs.
  const listed = execFileSync(needs.loader, ['--list', path], { encoding: 'utf8' });
  const found = [...listed.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, place]) => place);
  const places = [...new Set([needs.loader, ...found])];
  if (!existsSync('/usr/bin/dpkg-query')) {
    fail('the program needs libraries of this machine, whose licences are known on Debian only', 'Give a static program with `--binary`.');
  }
  // dpkg knows files in `/lib` or `/usr/lib`, whichever its package says; on the disk both are one folder.
  const owner = (place) => run('dpkg-query', ['--search', realpathSync(place).replace(/^\/usr\/lib/, '*/lib')]).split(':')[0];
  const licences = [...new Set(places.map(owner))].sort().map((name) => `/usr/share/doc/${name}/copyright`);
  return [
    ...places.map((place) => ({ path: place.slice(1), bytes: readFileSync(place), mode: 0o755 })),
    ...licences.map((place) => ({ path: place.slice(1), bytes: readFileSync(place) })),
  ];
}
