// Reads what a program needs of the system from its headers: ELF of Linux, Mach-O of macOS.

const ELF_MACHINES = { 62: 'x86_64', 183: 'aarch64' };
const MACH_O_MACHINES = { 0x01000007: 'x86_64', 0x0100000c: 'arm64' };

/** `{ os, machine, … }` of a program, or `null` if its form is unknown. */
export function inspect(bytes) {
  if (bytes.length < 64) return null;
  if (bytes.readUInt32BE(0) === 0x7f454c46 && bytes[4] === 2 && bytes[5] === 1) return inspectElf(bytes);
  if (bytes.readUInt32LE(0) === 0xfeedfacf) return inspectMachO(bytes);
  return null;
}

/** Adds the loader, the libraries by name, and of each library the versions of its symbols that are needed. */
function inspectElf(bytes) {
  const number = (offset) => Number(bytes.readBigUInt64LE(offset));
  const headers = [];
  for (let index = 0; index < bytes.readUInt16LE(56); index += 1) {
    const at = number(32) + index * bytes.readUInt16LE(54);
    headers.push({ type: bytes.readUInt32LE(at), offset: number(at + 8), address: number(at + 16), size: number(at + 32) });
  }
  const offsetOf = (address) => {
    const segment = headers.find(({ type, ...one }) => type === 1 && address >= one.address && address < one.address + one.size);
    if (segment === undefined) throw new Error(`no segment holds the address ${address}`);
    return address - segment.address + segment.offset;
  };
  const string = (offset) => bytes.toString('utf8', offset, bytes.indexOf(0, offset));
  const interpreter = headers.find(({ type }) => type === 3);
  const found = {
    os: 'linux',
    machine: ELF_MACHINES[bytes.readUInt16LE(18)],
    loader: interpreter ? string(interpreter.offset) : null,
    libraries: [],
    versions: {},
  };
  const dynamic = headers.find(({ type }) => type === 2);
  if (dynamic === undefined) return found;
  const entries = [];
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.size && number(at) !== 0; at += 16) {
    entries.push({ tag: number(at), value: number(at + 8) });
  }
  const value = (tag) => entries.find((entry) => entry.tag === tag)?.value;
  const names = value(5) === undefined ? 0 : offsetOf(value(5));
  found.libraries = entries.filter(({ tag }) => tag === 1).map((entry) => string(names + entry.value));
  // DT_VERNEED and DT_VERNEEDNUM: a chain of libraries, each with a chain of versions.
  let at = value(0x6ffffffe) === undefined ? 0 : offsetOf(value(0x6ffffffe));
  for (let left = value(0x6fffffff) ?? 0; left > 0; left -= 1) {
    const library = string(names + bytes.readUInt32LE(at + 4));
    found.versions[library] = [];
    let aux = at + bytes.readUInt32LE(at + 8);
    for (let more = bytes.readUInt16LE(at + 2); more > 0; more -= 1) {
      found.versions[library].push(string(names + bytes.readUInt32LE(aux + 8)));
      aux += bytes.readUInt32LE(aux + 12);
    }
    at += bytes.readUInt32LE(at + 12);
  }
  return found;
}

/** Adds the oldest macOS that the program runs on. */
function inspectMachO(bytes) {
  const found = { os: 'darwin', machine: MACH_O_MACHINES[bytes.readUInt32LE(4)], oldest: null };
  let at = 32;
  for (let left = bytes.readUInt32LE(16); left > 0; left -= 1) {
    const command = bytes.readUInt32LE(at);
    // LC_BUILD_VERSION has the platform before the version, LC_VERSION_MIN_MACOSX has not.
    const version = { 0x32: at + 12, 0x24: at + 8 }[command];
    if (version !== undefined) found.oldest = [bytes.readUInt16LE(version + 2), bytes[version + 1]];
    at += bytes.readUInt32LE(at + 4);
  }
  return found;
}

/** The highest version of a library's symbols, `[2, 28]` for `GLIBC_2.28`; `null` if there is none. */
export function highestVersion(versions, prefix) {
  const numbers = Object.values(versions).flat().filter((name) => new RegExp(`^${prefix}_[0-9.]+$`).test(name));
  const parsed = numbers.map((name) => name.slice(prefix.length + 1).split('.').map(Number));
  return parsed.sort((a, b) => a[0] - b[0] || (a[1] ?? 0) - (b[1] ?? 0)).at(-1) ?? null;
}
