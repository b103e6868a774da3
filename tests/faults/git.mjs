// Builds beside Git: whatever it changes meanwhile, no hidden folder is published.

import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { folders, seen, write } from './site.mjs';

/** A handbook whose files Git changes without end, between two commits that both hide twenty folders. */
export class Changing {
  constructor(folder) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    this.git('init', '-q', '-b', 'one');
    this.commit('first');
    this.git('checkout', '-q', '-b', 'two');
    this.commit('second');
  }

  /** Begins; `way` is a key of `WAYS`. */
  start(way) {
    this.process = spawn('bash', ['-c', WAYS[way]], { cwd: this.folder, env: environment(), stdio: 'ignore', detached: true });
  }

  commit(version) {
    write(this.folder, folders(version));
    this.git('add', '.');
    this.git('commit', '-q', '-m', version);
  }

  git(...command) {
    const done = spawnSync('git', command, { cwd: this.folder, env: environment(), encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`git ${command.join(' ')}: ${done.stderr}`);
    return done.stdout.trim();
  }

  get runs() {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  async stop() {
    if (!this.process || !this.runs) return;
    const ended = new Promise((done) => this.process.once('exit', done));
    process.kill(-this.process.pid, 'SIGKILL');
    await ended;
  }
}

const CHECKOUT = 'while git checkout -q one && git checkout -q two; do :; done';

// With time between for the preview to look.
const PAUSES = 'while git checkout -q one && sleep 0.$((RANDOM % 4)) && git checkout -q two && sleep 0.$((RANDOM % 4)); do :; done';

// Somebody else commits now one version, now the other, and it is pulled each time.
const PULL = `set -e
git clone -q --bare . ../origin.git
git remote add origin ../origin.git
git branch -q --set-upstream-to=origin/two 2>/dev/null || { git fetch -q && git branch -q --set-upstream-to=origin/two; }
last=$(git rev-parse two)
while :; do
    for version in one two; do
        last=$(git -C ../origin.git commit-tree "$version^{tree}" -p "$last" -m "$version")
        git -C ../origin.git update-ref refs/heads/two "$last"
        git pull -q --ff-only
    done
done`;

const WAYS = { checkout: CHECKOUT, pauses: PAUSES, pull: PULL };

function environment() {
  const name = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@h.example', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@h.example' };
  return { ...process.env, ...name, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' };
}

// Lines that say how far a long run is come every so many builds.
const PROGRESS = 50;

/** Builds `count` times beside `git checkout`, and as often beside `git pull`. */
export async function beside(binary, folder, count, report) {
  for (const way of ['checkout', 'pull']) {
    const root = join(folder, way, 'handbook');
    const changing = new Changing(root);
    changing.start(way);
    const tally = { built: 0, refused: 0, 'with a wrong level': 0, 'of two versions': 0 };
    const words = {};
    try {
      for (let at = 0; at < count; at += 1) {
        if (at > 0 && at % PROGRESS === 0) console.log(`beside git ${way}, after ${at}: ${JSON.stringify(tally)}`);
        const problems = build(binary, root, tally, words);
        if (!changing.runs) problems.push(`git has ended`);
        report.check(`build ${at + 1} beside git ${way}`, problems);
      }
    } finally {
      await changing.stop();
    }
    console.log(`beside git ${way}: ${JSON.stringify(tally)}; refused for ${JSON.stringify(words)}`);
  }
}

function build(binary, root, tally, words) {
  rmSync(join(root, 'public'), { recursive: true, force: true });
  const built = spawnSync(binary, ['build'], { cwd: root, encoding: 'utf8' });
  const problems = [];
  const site = seen(join(root, 'public'));
  if (site?.leaks) {
    tally['with a wrong level'] += 1;
    problems.push('a hidden folder is published', ...built.stdout.split('\n'));
  }
  if (built.status === 0 && site) {
    tally.built += 1;
    if (versions(join(root, 'public')).size > 1) tally['of two versions'] += 1;
  } else {
    tally.refused += 1;
    const error = /^error.*$/m.exec(`${built.stderr}${built.stdout}`)?.[0] ?? `exit ${built.status}`;
    const why = error.replaceAll(root, '…').replace(/g\d+\.md/, 'g….md');
    words[why] = (words[why] ?? 0) + 1;
    if (built.status === 0 || site) problems.push('exit code and output do not agree');
  }
  return problems;
}

/** The versions that pages of a site say. */
function versions(folder) {
  const said = new Set();
  for (const name of readdirSync(folder)) {
    if (!/^g\d+$/.test(name)) continue;
    const version = /The (first|second) text/.exec(readFileSync(join(folder, name, 'index.html'), 'utf8'));
    if (version) said.add(version[1]);
  }
  return said;
}

