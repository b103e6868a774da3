// Builds the sites and Pagefind's index of the very same pages, and says how long it took and how large it is.

import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, linkSync, lstatSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { REPOSITORY } from './options.mjs';

const shelf = resolve(REPOSITORY, '../shared/corpora');
/** What the theme adds around the page's own title and text; opsbook does not index it either. */
const CHROME = '.ob-outline, .ob-section, .ob-after, .ob-eyebrow, .ob-meta';

/** Lays a corpus out in `root`; false where it is not at hand. */
export function layOut(corpus, root) {
  if (corpus === 'german') {
    const own = join(REPOSITORY, 'benches/search/german');
    if (existsSync(join(own, 'book.toml'))) run('cp', ['-r', own, root]);
    return existsSync(root);
  }
  if (!existsSync(join(shelf, corpus))) return false;
  run('python3', [join(REPOSITORY, 'benches/layout.py'), 'opsbook', join(shelf, corpus), root]);
  return true;
}

/** Builds a handbook; returns milliseconds in all and by stage. Problems in the content do not matter here. */
export function build(program, root) {
  const start = performance.now();
  const { stdout, stderr, status } = spawnSync(program, ['build', '--keep-going', '--timings', '--root', root], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const ms = performance.now() - start;
  if (status !== 0 && status !== 1) throw new Error(`opsbook ended with ${status}: ${stderr.slice(-2000)}`);
  const stages = [...`${stdout}\n${stderr}`.matchAll(/^\s*([a-z][a-z ]*?)\s+([\d.]+) (ms|s)\s*$/gm)];
  return { ms, stages: Object.fromEntries(stages.map(([, name, number, unit]) => [name, number * (unit === 's' ? 1000 : 1)])) };
}

/** A folder with the finished HTML of the pages in handbook.json and nothing else, linked rather than copied. */
export function plainPages(folder, pages, target) {
  rmSync(target, { recursive: true, force: true });
  for (const { url } of pages) {
    const from = join(folder, url, 'index.html');
    const to = join(target, url, 'index.html');
    mkdirSync(dirname(to), { recursive: true });
    link(from, to);
  }
}

function link(from, to) {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

/** Indexes the pages with Pagefind's own program, without npm around it; returns milliseconds. */
export function pagefind(site, out) {
  rmSync(out, { recursive: true, force: true });
  const start = performance.now();
  run(pagefindProgram(), ['--site', site, '--output-path', out, '--root-selector', '#ob-main', '--exclude-selectors', CHROME, '--quiet']);
  return performance.now() - start;
}

function pagefindProgram() {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve(`@pagefind/${process.platform}-${process.arch}/package.json`));
  return join(folder, 'bin/pagefind_extended');
}

export function pagefindVersion() {
  return JSON.parse(readFileSync(join(REPOSITORY, 'benches/search/node_modules/pagefind/package.json'), 'utf8')).version;
}

/** Bytes, bytes in blocks of the disk and number of files; Pagefind's ready-made dialogs are left out. */
export function sizeOf(folder) {
  const total = { bytes: 0, disk: 0, files: 0 };
  if (!existsSync(folder)) return total;
  for (const entry of readdirSync(folder, { recursive: true })) {
    const found = lstatSync(join(folder, entry));
    if (!found.isFile() || /^pagefind-(?:ui|modular-ui|component-ui|highlight)\./.test(entry)) continue;
    total.bytes += found.size;
    total.disk += found.blocks * 512;
    total.files += 1;
  }
  return total;
}

function run(program, parameters) {
  const { status, stderr, error } = spawnSync(program, parameters, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${program} ${parameters.join(' ')}: ${error ?? stderr.slice(-2000)}`);
}
