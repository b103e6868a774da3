// The archive for any Linux or macOS, and the bill of materials beside it.

import { billOfMaterials } from './program.mjs';
import { text } from './project.mjs';
import { gzip, tar } from './tar.mjs';

export function archive({ project, program, compression }) {
  const name = `${project.name}-${project.version}-${program.target.triple}`;
  const materials = billOfMaterials();
  const files = [
    { path: 'opsbook', bytes: program.bytes, mode: 0o755 },
    { path: 'opsbook.cdx.json', bytes: materials },
    ...['README.md', 'CHANGELOG.md'].map((path) => ({ path, bytes: text(path) })),
    ...program.licences().map(([path, bytes]) => ({ path, bytes })),
    ...program.manualPages().map(([page, bytes]) => ({ path: `share/man/man1/${page}`, bytes })),
    ...program.completions().map(([path, bytes]) => ({ path: `share/${path}`, bytes })),
  ];
  const entries = files.map((file) => ({ ...file, path: `${name}/${file.path}` }));
  return [
    [`${name}.tar.gz`, gzip(tar(entries, project.epoch), compression)],
    [`${project.name}-${project.version}.cdx.json`, Buffer.from(materials)],
  ];
}
