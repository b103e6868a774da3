// Faults of the system, and Git, beside a build of a site with levels: the output is the old site or the new one, byte
// by byte, and nothing hidden is ever in it.
//
// Ends with `N passed, N failed`.
//
// usage: node run.mjs [--calls [N]]     the N-th system call fails; every call of the build with no N
//        node run.mjs --git N           N builds beside `git checkout`, and N beside `git pull`
//        node run.mjs --serve N         N questions to the preview beside `git checkout`
// OPSBOOK names the program. Without arguments: 200 faults, 10 builds of each sort, 200 questions.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Report } from '../browser/report.mjs';
import { calls } from './calls.mjs';
import { beside } from './git.mjs';
import { served } from './serve.mjs';

const repository = resolve(fileURLToPath(import.meta.url), '../../..');
const binary = resolve(process.env.OPSBOOK ?? join(repository, 'target/debug/opsbook'));
const report = new Report();
const [form, number] = process.argv.slice(2);
const count = number === undefined ? undefined : Number(number);
const wants = (name) => form === undefined || form === name;

const folder = await mkdtemp(join(tmpdir(), 'opsbook-faults-'));
try {
  if (wants('--calls')) await calls(binary, join(folder, 'calls'), form ? count : 200, report);
  if (wants('--git')) await beside(binary, join(folder, 'git'), form ? count : 10, report);
  if (wants('--serve')) await served(binary, join(folder, 'serve'), form ? count : 200, report);
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
process.exit(report.close());
