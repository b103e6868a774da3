// The N-th system call of a build fails: the output is the old site or the new one, and the exit code says which.
//
// strace makes the calls fail, and its log says whether one really did: only those count. A call is counted in its
// thread, so that one number may hit several threads.

import { cpSync, mkdirSync, readFileSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { install } from '../install.mjs';
import { levels, seen, write } from './site.mjs';

// Which errors each call may give. ENOENT is none of them: that a file is not there is an answer.
const ERRORS = {
  statx: ['EIO', 'EACCES', 'ENOMEM', 'EINTR', 'ESTALE'],
  newfstatat: ['EIO', 'EACCES', 'ENOMEM', 'EINTR', 'ESTALE'],
  fstat: ['EIO', 'ENOMEM', 'ESTALE'],
  openat: ['EIO', 'EACCES', 'EMFILE', 'ENFILE', 'ENOMEM', 'EINTR', 'ESTALE', 'ENOSPC'],
  openat2: ['EIO', 'EACCES', 'EMFILE', 'ENFILE', 'ENOMEM', 'EINTR', 'ESTALE', 'EAGAIN', 'ENOSYS'],
  read: ['EIO', 'EINTR', 'ENOMEM', 'ESTALE'],
  pread64: ['EIO', 'EINTR', 'ENOMEM', 'ESTALE'],
  readlink: ['EIO', 'EACCES', 'ENOMEM', 'ESTALE'],
  readlinkat: ['EIO', 'EACCES', 'ENOMEM', 'ESTALE'],
  getdents64: ['EIO', 'ENOMEM', 'EINTR', 'ESTALE'],
  lseek: ['EIO', 'ESTALE'],
  write: ['EIO', 'ENOSPC', 'EDQUOT', 'EINTR', 'EFBIG'],
  fsync: ['EIO', 'ENOSPC', 'EDQUOT'],
  fdatasync: ['EIO', 'ENOSPC', 'EDQUOT'],
  syncfs: ['EIO', 'ENOSPC', 'EDQUOT'],
  close: ['EIO', 'EINTR', 'ENOSPC'],
  mkdir: ['EIO', 'EACCES', 'ENOSPC', 'EROFS', 'ENOMEM'],
  mkdirat: ['EIO', 'EACCES', 'ENOSPC', 'EROFS', 'ENOMEM'],
  rename: ['EIO', 'EACCES', 'ENOSPC', 'ENOMEM', 'ESTALE'],
  renameat: ['EIO', 'EACCES', 'ENOSPC', 'ENOMEM', 'ESTALE'],
  renameat2: ['EIO', 'EACCES', 'ENOSPC', 'ENOMEM', 'EINVAL', 'ENOSYS', 'ESTALE'],
  unlink: ['EIO', 'EACCES', 'EROFS', 'ESTALE'],
  unlinkat: ['EIO', 'EACCES', 'EROFS', 'ESTALE'],
  rmdir: ['EIO', 'EACCES', 'EROFS'],
  fcntl: ['EIO', 'EINTR', 'ENOLCK'],
  flock: ['EINTR', 'ENOLCK', 'EIO'],
  ftruncate: ['EIO', 'ENOSPC', 'EINTR'],
  fallocate: ['EIO', 'ENOSPC', 'EOPNOTSUPP'],
  copy_file_range: ['EIO', 'ENOSPC', 'EXDEV', 'ENOMEM'],
  sendfile: ['EIO', 'ENOMEM', 'EINVAL'],
  fchmod: ['EIO', 'EACCES'],
  chmod: ['EIO', 'EACCES'],
  mmap: ['ENOMEM'],
  getrandom: ['EINTR', 'ENOSYS'],
  clone3: ['EAGAIN', 'ENOMEM'],
};

// The standard library ends a program that gets no memory, no thread or no random numbers: only what is published counts.
const NEEDED = ['clone3', 'getrandom', 'mmap'];

// It also ends one that cannot close a folder. Linux says this of no folder.
const UNCLOSED = 'unexpected error during closedir';

// A call that strace lets fail is not made. Where a pipe stays open that way, its reader waits for ever.
const waitsForEver = (call, built) => call === 'close' && built.error?.code === 'ETIMEDOUT';

// Lines that say how far a long run is come every so many faults.
const PROGRESS = 500;

/** Tries `count` faults, evenly over all that there are; every one where no number is given. */
export async function calls(binary, folder, count, report) {
  install('strace', ['strace']);
  mkdirSync(folder, { recursive: true });
  const site = new Site(binary, folder);
  if (!site.canTrace()) {
    console.log('skipped: strace may not trace here');
    return;
  }
  site.prepare();
  report.check('a site is on the disk before it is published, and its name afterwards', site.order());
  const faults = site.faults();
  const wanted = Math.min(count ?? faults.length, faults.length);
  const tally = { hit: 0, missed: 0, old: 0, new: 0, 'new, with an error': 0 };
  const of = {};
  for (let at = 0; at < wanted; at += 1) {
    const fault = faults[Math.floor((at * faults.length) / wanted)];
    if (at > 0 && at % PROGRESS === 0) console.log(`after ${at}: ${JSON.stringify(tally)}`);
    const { hit, outcome, problems } = site.fail(fault);
    tally[hit ? 'hit' : 'missed'] += 1;
    if (!hit) continue;
    tally[outcome] = (tally[outcome] ?? 0) + 1;
    of[fault.call] = (of[fault.call] ?? 0) + 1;
    report.check(`${fault.call} number ${fault.number} gives ${fault.error}, ${fault.start} before`, problems);
  }
  console.log(`${tally.hit} faults of ${faults.length} (${tally.missed} more hit nothing): ${JSON.stringify(tally)}`);
  console.log(`by call: ${JSON.stringify(of)}`);
}

/** The calls of a log in the order in which they ended: another thread's call may cut one in two lines. */
function whole(log) {
  const open = new Map();
  const calls = [];
  for (const [, thread, text] of log.matchAll(/^(\d+) +(.*)$/gm)) {
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(text);
    if (text.endsWith(' <unfinished ...>')) open.set(thread, text.slice(0, -' <unfinished ...>'.length));
    else calls.push(resumed ? `${open.get(thread)}${resumed[1]}` : text);
  }
  return calls.map((call) => call.replace(/ +=/, ' ='));
}

class Site {
  constructor(binary, folder) {
    this.binary = binary;
    this.folder = folder;
    this.log = join(folder, '..', 'strace.log');
  }

  canTrace() {
    return this.trace(['-e', 'trace=close'], ['--version']).status === 0;
  }

  trace(options, command) {
    const limit = { encoding: 'utf8', timeout: 60_000, killSignal: 'SIGKILL' };
    // One worker, so that the calls come in the same order each time.
    const env = { ...process.env, RAYON_NUM_THREADS: '1' };
    const all = ['-f', '-qq', '--seccomp-bpf', '-o', this.log, ...options, '--', this.binary, ...command];
    return spawnSync('strace', all, { ...limit, env, cwd: this.folder });
  }

  /** An old site in place, and sources for a new one. */
  prepare() {
    write(this.folder, levels('second'));
    this.build();
    this.fresh = this.published();
    rmSync(join(this.folder, 'public'), { recursive: true });
    write(this.folder, levels('first'));
    this.build();
    this.old = this.published();
    cpSync(join(this.folder, 'public'), join(this.folder, '../old'), { recursive: true });
    write(this.folder, levels('second'));
    if (this.old.leaks || this.fresh.leaks || this.old.digest === this.fresh.digest) throw new Error('the sites are not as they should be');
  }

  build() {
    const built = spawnSync(this.binary, ['build'], { cwd: this.folder, encoding: 'utf8' });
    if (built.status !== 0) throw new Error(`the site is not built:\n${built.stdout}${built.stderr}`);
  }

  /**
   * What is wrong with the order in which a first build publishes: files and folders, their name, the folder above. A
   * later build links what has not changed, and that is on the disk already.
   */
  order() {
    this.restore('nothing');
    this.trace(['-y', '-e', 'trace=fsync,fdatasync,renameat,renameat2,rename'], ['build']);
    const finished = whole(readFileSync(this.log, 'utf8')).filter((call) => call.endsWith(' = 0'));
    const exchange = finished.findIndex((call) => /^rename(?:at2?)?\(.*\.public\.new-\d+"/.test(call));
    if (exchange < 0) return ['the site gets no name'];
    const flushed = (part) => new Set(part.map((call) => /^f(?:data)?sync\(\d+<([^>]*)>/.exec(call)?.[1]).filter(Boolean));
    const [before, after] = [flushed(finished.slice(0, exchange)), flushed(finished.slice(exchange))];
    const staged = [...before].map((path) => /^(.*\/\.public\.new-\d+)(?:\/|$)/.exec(path)?.[1]).find(Boolean);
    const entries = readdirSync(join(this.folder, 'public'), { recursive: true, withFileTypes: true });
    const names = entries.map((entry) => join(entry.parentPath, entry.name).slice(join(this.folder, 'public').length));
    const missing = ['', ...names].filter((name) => !before.has(`${staged}${name}`));
    const problems = missing.map((name) => `public${name} may not be on the disk when it is published`);
    if (!after.has(realpathSync(this.folder))) problems.push('the folder above is not flushed after the exchange');
    return problems;
  }

  published() {
    return seen(join(this.folder, 'public'));
  }

  /** As it was before: the old site or none, nothing beside it, no cache. */
  restore(start) {
    if (this.published()?.digest !== this.digestOf(start)) {
      rmSync(join(this.folder, 'public'), { recursive: true, force: true });
      if (start === 'a site') cpSync(join(this.folder, '../old'), join(this.folder, 'public'), { recursive: true });
    }
    for (const name of readdirSync(this.folder)) {
      if (name.startsWith('.')) rmSync(join(this.folder, name), { recursive: true, force: true });
    }
  }

  digestOf(start) {
    return start === 'a site' ? this.old.digest : undefined;
  }

  /** Every call of a build that can fail, in each way; before it there is a site, or none. */
  faults() {
    return ['a site', 'no site'].flatMap((start) => this.faultsAfter(start));
  }

  faultsAfter(start) {
    this.restore(start);
    const calls = Object.keys(ERRORS).map((call) => `?${call}`);
    const traced = this.trace(['-e', `trace=${calls.join(',')}`], ['build']);
    if (traced.status !== 0) throw new Error(`the traced build fails:\n${traced.stderr}`);
    const counts = new Map();
    for (const [, thread, call] of readFileSync(this.log, 'utf8').matchAll(/^(\d+) +(\w+)\(/gm)) {
      const key = `${thread} ${call}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const faults = [];
    for (const [call, errors] of Object.entries(ERRORS)) {
      const most = Math.max(0, ...[...counts].filter(([key]) => key.endsWith(` ${call}`)).map(([, count]) => count));
      for (let number = 1; number <= most; number += 1) {
        for (const error of errors) faults.push({ call, number, error, start });
      }
    }
    return faults;
  }

  /** Builds while a call fails; says what was published and what is wrong with that. */
  fail({ call, number, error, start }) {
    this.restore(start);
    const inject = ['-e', `trace=${call}`, '-e', `inject=${call}:error=${error}:when=${number}`];
    const built = this.trace(inject, ['build']);
    if (!readFileSync(this.log, 'utf8').includes('(INJECTED)')) return { hit: false };
    const now = this.published();
    const problems = [];
    if (now?.leaks) problems.push('something hidden is published');
    const isNew = now?.digest === this.fresh.digest;
    if (!isNew && now?.digest !== this.digestOf(start)) problems.push(`the output is neither the old site nor the new one (${now ? 'mixed' : 'gone'})`);
    const panicked = built.status === 101 && !built.stderr.includes(UNCLOSED);
    const ended = built.error || built.signal || panicked;
    if (ended && !NEEDED.includes(call) && !waitsForEver(call, built)) problems.push(`the program ended by ${built.error?.code ?? built.signal ?? 'a panic'}`);
    if (!isNew && built.status === 0) problems.push('exit code 0, and the new site is not there');
    if (problems.length > 0) problems.push(`${built.stdout}${built.stderr}`.trim());
    const outcome = !isNew ? 'old' : built.status === 0 ? 'new' : 'new, with an error';
    return { hit: true, outcome, problems };
  }
}
