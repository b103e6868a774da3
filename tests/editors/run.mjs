// Drives the language server with Neovim, a client that is not ours. Ends with `N passed, N failed`.
//
// usage: node run.mjs     (OPSBOOK names the program; Neovim is installed from Debian if it is missing)
//
// `neovim.lua` beside this file opens, types, completes, follows and renames in a handbook that is made here.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install } from '../install.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const repository = resolve(here, '../..');
const binary = resolve(process.env.OPSBOOK ?? join(repository, 'target/debug/opsbook'));

const files = {
  'book.toml': '[book]\ntitle = "Test"\n',
  'content/index.md': '# Home\r\n\r\na\t😀 [disk](runbooks/disk-full.md) 😀 [gone](runbooks/gone.md)\r\n',
  'content/runbooks/disk-full.md': '---\nkind: page\nowner: Platform\nstatus: stable\n---\n# A disk is full\n\nNo space is left.\n\n## Fix it\n\nDelete logs.\n',
};

install('nvim', ['neovim']);
const root = mkdtempSync(join(tmpdir(), 'opsbook-editors-'));
try {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  const results = join(root, 'results.txt');
  const env = { ...process.env, OPSBOOK: binary, ROOT: root, RESULTS: results, HOME: root, XDG_STATE_HOME: root };
  const done = spawnSync('nvim', ['--headless', '--clean', '-n', '-c', `luafile ${join(here, 'neovim.lua')}`, '-c', 'qall!'], {
    cwd: root, env, encoding: 'utf8', timeout: 120_000,
  });
  const lines = read(results).split('\n').filter(Boolean);
  const failed = lines.filter((line) => !line.startsWith('ok '));
  if (!lines.includes('ok end')) failed.push(`the script did not end: exit ${done.status}\n${done.stderr}`);
  failed.forEach((line) => console.log(`FAILED ${line}`));
  console.log(`${lines.length - lines.filter((line) => !line.startsWith('ok ')).length} passed, ${failed.length} failed`);
  process.exitCode = failed.length === 0 ? 0 : 1;
} finally {
  rmSync(root, { recursive: true, force: true });
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
