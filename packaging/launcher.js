#!/usr/bin/env node
// Starts the program of this platform, which npm has installed as an optional dependency.

'use strict';

const { spawn } = require('node:child_process');
const { constants } = require('node:os');

const name = `@opsbook/${process.platform}-${process.arch}`;

function find() {
  for (const candidate of [name, `${name}-musl`]) {
    try {
      return require.resolve(`${candidate}/bin/opsbook`);
    } catch {
      // The next one, or the message below.
    }
  }
  return null;
}

function fail(message, help) {
  console.error(`error: ${message}\n  help: ${help}`);
  process.exit(2);
}

const program = find();
if (program === null) {
  fail(
    `the package ${name} is not installed`,
    'Install without `--omit=optional` and on the platform that runs it. Where no such package exists, build Opsbook from source.',
  );
}

const child = spawn(program, process.argv.slice(2), { stdio: 'inherit' });
child.on('error', (error) => fail(`cannot start ${program}: ${error.message}`, 'Install the package again.'));
// The terminal sends Ctrl-C to both processes; this one waits for the end of the program.
process.on('SIGINT', () => {});
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal === null ? code : 128 + constants.signals[signal]));
