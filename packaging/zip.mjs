// Writes zip archives: one time for all entries, in the given order.

import { deflateRawSync } from 'node:zlib';

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(bytes) {
  let sum = ~0;
  for (const byte of bytes) sum = (sum >>> 8) ^ TABLE[(sum ^ byte) & 255];
  return ~sum >>> 0;
}

/** An archive of entries `{ path, bytes, mode }`. */
export function zip(entries, epoch, compression) {
  const [time, date] = dosTime(epoch);
  const [local, central] = [[], []];
  let offset = 0;
  for (const { path, bytes: content, mode = 0o644 } of entries) {
    const [name, bytes] = [Buffer.from(path), Buffer.from(content)];
    const packed = deflateRawSync(bytes, { level: compression });
    const common = Buffer.alloc(26);
    // Version 2.0, names in UTF-8, deflate.
    [20, 0x0800, 8, time, date].forEach((value, index) => common.writeUInt16LE(value, 2 * index));
    [crc32(bytes), packed.length, bytes.length].forEach((value, index) => common.writeUInt32LE(value, 10 + 4 * index));
    common.writeUInt16LE(name.length, 22);
    local.push(Buffer.from('PK\x03\x04'), common, name, packed);
    const rest = Buffer.alloc(14);
    // Comment, disk and inner attributes are zero; the outer ones hold the mode of a regular file.
    rest.writeUInt32LE(((0o100000 | mode) << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    // Made on Unix by version 2.0.
    central.push(Buffer.from('PK\x01\x02'), Buffer.from([20, 3]), common, rest, name);
    offset += 4 + common.length + name.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  [entries.length, entries.length].forEach((value, index) => end.writeUInt16LE(value, 4 + 2 * index));
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...local, directory, Buffer.from('PK\x05\x06'), end]);
}

/** Time and date in the form of DOS, in UTC. It knows no time before 1980. */
function dosTime(epoch) {
  const day = new Date(Math.max(epoch, Date.UTC(1980, 0, 1) / 1000) * 1000);
  const time = (day.getUTCHours() << 11) | (day.getUTCMinutes() << 5) | (day.getUTCSeconds() >> 1);
  const date = ((day.getUTCFullYear() - 1980) << 9) | ((day.getUTCMonth() + 1) << 5) | day.getUTCDate();
  return [time, date];
}
