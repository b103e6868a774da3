// Builds real handbooks and looks for text that got lost. Ends with `N passed, N failed`.
//
// usage: node run.mjs [FOLDER]     (default: ../shared/corpora beside the repository; OPSBOOK names the program)
//
// Each corpus is laid out in a temporary folder with the settings that stand beside this file. The build must end
// by itself with exit code 0 or 1, make a page for each file, and every word of a file must stand on its page.

import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, lstatSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { wordsOfMarkdown, wordsOfPage } from './words.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const repository = resolve(here, '../..');
const corpora = resolve(process.argv[2] ?? join(repository, '../shared/corpora'));
const binary = resolve(process.env.OPSBOOK ?? join(repository, 'target/debug/opsbook'));
let passed = 0;
let failed = 0;

for (const settings of readdirSync(here).filter((name) => extname(name) === '.toml')) {
  const name = basename(settings, '.toml');
  if (existsSync(join(corpora, name))) run(name, join(here, settings));
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function check(name, problems) {
  if (problems.length === 0) {
    passed += 1;
    return;
  }
  failed += 1;
  console.log(`FAILED ${name}`);
  for (const problem of problems.slice(0, 25)) console.log(`  ${problem}`);
  if (problems.length > 15) console.log(`  and ${problems.length - 15} more`);
}

function run(name, settings) {
  const root = mkdtempSync(join(tmpdir(), `opsbook-${name}-`));
  try {
    cpSync(contentOf(join(corpora, name)), join(root, 'content'), { recursive: true });
    makeWritable(root);
    cpSync(settings, join(root, 'book.toml'));
    const start = Date.now();
    const build = opsbook('build', '--keep-going', '--root', root);
    check(`${name}: the build ends by itself`, [0, 1].includes(build.status) ? [] : [`exit ${build.status}`, build.stderr.slice(-2000)]);
    console.log(`${name}: built in ${((Date.now() - start) / 1000).toFixed(1)} s`);
    tally(name, root);
    pages(name, root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function opsbook(...parameters) {
  return spawnSync(binary, parameters, { encoding: 'utf8', timeout: 300_000, maxBuffer: 1 << 28 });
}

/** `content`, the only folder, or the corpus itself. */
function contentOf(corpus) {
  if (existsSync(join(corpus, 'content'))) return join(corpus, 'content');
  const folders = readdirSync(corpus, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.length === 1 ? join(corpus, folders[0].name) : corpus;
}

function makeWritable(folder) {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder)) {
    const path = join(folder, entry);
    if (lstatSync(path).isDirectory()) makeWritable(path);
    else chmodSync(path, 0o644);
  }
}

/** Prints how many diagnostics there are of each rule. */
function tally(name, root) {
  const lines = opsbook('check', '--format', 'short', '--root', root).stdout.split('\n');
  const rules = lines.map((line) => /: (?:error|warning)\[([^\]]+)\]: /.exec(line)?.[1]).filter(Boolean);
  const counts = new Map();
  for (const rule of rules) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  const text = [...counts].sort((a, b) => b[1] - a[1]).map(([rule, count]) => `${rule} ${count}`);
  console.log(`${name}: ${rules.length} diagnostics: ${text.join(', ')}`);
}

function pages(name, root) {
  const out = join(root, 'public');
  const handbook = JSON.parse(readFileSync(join(out, 'handbook.json'), 'utf8'));
  const urls = new Map(handbook.pages.filter((page) => page.source).map((page) => [page.source, page.url]));
  const sources = markdownIn(join(root, 'content')).map((path) => relative(root, path));
  check(`${name}: each of ${sources.length} files is a page`, sources.filter((source) => !urls.has(source)));
  const [lost, fences] = [[], []];
  for (const source of sources.filter((source) => urls.has(source))) {
    const page = readFileSync(join(out, urls.get(source), 'index.html'), 'utf8');
    const fence = /^\s*(?:```|~~~).*$/m.exec(page.replace(/<(pre|code)\b[\s\S]*?<\/\1>/g, ''));
    if (fence) fences.push(`${source}: ${fence[0].trim()}`);
    const shown = wordsOfPage(page);
    const written = wordsOfMarkdown(readFileSync(join(root, source), 'utf8'), source);
    const missing = [...written].filter(([word, times]) => times > shown(word)).map(([word]) => word);
    if (missing.length > 0) lost.push(`${source}: ${missing.slice(0, 12).join(' ')}${missing.length > 12 ? ' …' : ''}`);
  }
  check(`${name}: no text is lost`, lost);
  check(`${name}: code blocks are code`, fences);
}

function markdownIn(folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return markdownIn(path);
    return ['.md', '.mdx', '.markdown'].includes(extname(entry.name)) ? [path] : [];
  });
}
