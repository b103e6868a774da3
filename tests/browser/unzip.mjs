// Unpacks an archive as a reader would.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { crc32, inflateRawSync } from 'node:zlib';

/** Writes every file of an archive into `folder`; gives their names and lengths. */
export async function unzip(archive, folder) {
  const bytes = await readFile(archive);
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const files = new Map();
  for (let at = bytes.readUInt32LE(end + 16), left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const [method, sum, packed, length] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 16), bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 24)];
    const [name, extra, comment, start] = [bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32), bytes.readUInt32LE(at + 42)];
    const path = bytes.toString('utf8', at + 46, at + 46 + name);
    const from = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
    const data = bytes.subarray(from, from + packed);
    const text = method === 8 ? inflateRawSync(data) : data;
    if (text.length !== length || (crc32 && crc32(text) !== sum)) throw new Error(`${path} is broken`);
    const target = join(folder, path);
    if (normalize(path) !== path || path.startsWith('..') || path.startsWith('/')) throw new Error(`${path} leads out`);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
    files.set(path, length);
    at += 46 + name + extra + comment;
  }
  return files;
}
