// Writes tar archives: fixed owners, one time for all entries, sorted by path.

import { gzipSync } from 'node:zlib';
import { compare } from './project.mjs';

const BLOCK = 512;

/**
 * An archive of the form ustar. An entry is `{ path, bytes, mode, owner }`; a path that ends with `/` is a folder, and
 * an owner other than root is a number. Folders above entries are added.
 */
export function tar(entries, epoch) {
  const all = new Map(entries.map((entry) => [entry.path, entry]));
  for (const { path } of entries) {
    const parts = path.replace(/\/$/, '').split('/');
    for (let depth = 1; depth < parts.length; depth += 1) {
      const folder = `${parts.slice(0, depth).join('/')}/`;
      if (folder !== './' && !all.has(folder)) all.set(folder, { path: folder });
    }
  }
  const sorted = [...all.values()].sort((a, b) => compare(a.path, b.path));
  const blocks = sorted.flatMap((entry) => {
    const bytes = Buffer.from(entry.bytes ?? '');
    return [header(entry, bytes.length, epoch), bytes, Buffer.alloc(-bytes.length & (BLOCK - 1))];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function header({ path, mode, owner = 0 }, size, epoch) {
  const isFolder = path.endsWith('/');
  const [name, prefix] = split(path);
  const block = Buffer.alloc(BLOCK);
  const octal = (value, offset, length) => block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, offset);
  block.write(name, 0);
  octal(mode ?? (isFolder ? 0o755 : 0o644), 100, 8);
  octal(owner, 108, 8);
  octal(owner, 116, 8);
  octal(size, 124, 12);
  octal(epoch, 136, 12);
  block.write('        ', 148);
  block.write(isFolder ? '5' : '0', 156);
  block.write('ustar\x0000', 257);
  if (owner === 0) {
    block.write('root', 265);
    block.write('root', 297);
  }
  block.write(prefix, 345);
  // The checksum counts its own field as spaces.
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** The name of at most 100 bytes and the prefix of at most 155 that the form has room for. */
function split(path) {
  if (Buffer.byteLength(path) <= 100) return [path, ''];
  for (let at = path.indexOf('/'); at > 0 && at < path.length - 1; at = path.indexOf('/', at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (Buffer.byteLength(name) <= 100 && Buffer.byteLength(prefix) <= 155) return [name, prefix];
  }
  throw new Error(`the path is too long for tar: ${path}`);
}

/** Packs with gzip, without a time and without the name of the system. */
export function gzip(bytes, compression) {
  const packed = gzipSync(bytes, { level: compression });
  packed.writeUInt32LE(0, 4);
  packed[9] = 255;
  return packed;
}
