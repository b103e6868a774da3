// What `opsbook deploy` costs beside `rclone sync`: seconds and requests to put a large handbook into an empty bucket, and to
// put it there again after one page has changed. Prints the table of benches/DEPLOY.md.
//
// usage: node deploy.mjs [PAGES]     (OPSBOOK names the program; needs rclone)
//
// Both programs write to the same server on loopback, through the same proxy, which counts requests.

import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeSynthetic } from './search/synthetic.mjs';
import { CREDENTIALS, installServers, startMoto, startProxy } from '../tests/deploy/servers.mjs';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const binary = process.env.OPSBOOK ?? path('../target/release/opsbook');
const pages = Number(process.argv[2] ?? 4651);
// The requests at the same time, equal for both. The server is slower than either program.
const AT_ONCE = 16;

const temporary = mkdtempSync(join(tmpdir(), 'opsbook-deploy-bench-'));
const proxy = await startProxy();
const server = await startMoto(installServers(path('../target/deploy-servers'), path('../tests/deploy/requirements.txt')));
proxy.upstream = server.port;
const endpoint = `http://127.0.0.1:${proxy.port}`;
const isOfMachine = ([name]) => !name.startsWith('AWS_') && !/_proxy$/i.test(name);
const environment = { ...Object.fromEntries(Object.entries(process.env).filter(isOfMachine)), ...CREDENTIALS, AWS_ENDPOINT_URL: endpoint };

const programs = {
  opsbook: (bucket) => [binary, 'deploy', site, `s3://${bucket}/handbook`, '--concurrency', String(AT_ONCE)],
  // What follows decides by checksums from the listing, as rclone's manual advises for S3; else it asks for every object.
  rclone: (bucket) => [
    'rclone', 'sync', '--checksum', '--fast-list', '--transfers', String(AT_ONCE), '--checkers', String(AT_ONCE),
    '--config', '/dev/null', '--exclude', '.opsbook-manifest.json', site, `:s3,provider=Other,env_auth=true,endpoint="${endpoint}":${bucket}/handbook`,
  ],
};

const root = join(temporary, 'handbook');
const site = join(temporary, 'site');

function build() {
  // The pages are random, so those of some kinds lack what these kinds need, and the build says so with exit code 1.
  const { status } = spawnSync(binary, ['build', '--keep-going', '--root', root, '--out', site], { stdio: 'ignore' });
  if (status > 1) throw new Error(`the build ended with ${status}`);
}

/** Runs a program. Resolves to a row: seconds, requests by method. */
async function run([program, ...options]) {
  proxy.log.length = 0;
  const began = performance.now();
  const child = spawn(program, options, { env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
  const seconds = (performance.now() - began) / 1000;
  const uploads = proxy.log.filter(({ method, path }) => method === 'PUT' && !path.includes('/.opsbook/')).length;
  return { seconds, uploads, others: proxy.log.length - uploads };
}

try {
  writeSynthetic(pages, root);
  const rows = [];
  for (const name of Object.keys(programs)) await server.makeBucket(`bench-${name}`);
  for (const work of ['into an empty bucket', 'without a change', 'one page changed']) {
    if (work === 'one page changed') appendFileSync(join(root, 'content/part-0/section-0/page-7.md'), '\nAnother word.\n');
    build();
    for (const [name, options] of Object.entries(programs)) rows.push({ work, name, ...(await run(options(`bench-${name}`))) });
  }
  console.log(`${pages} pages, ${availableParallelism()} processors, ${AT_ONCE} requests at once\n`);
  console.log('| | program | seconds | files sent | other requests |\n| --- | --- | --: | --: | --: |');
  for (const { work, name, seconds, uploads, others } of rows) {
    console.log(`| ${work} | ${name} | ${seconds.toFixed(1)} | ${uploads} | ${others} |`);
  }
} finally {
  server.stop();
  proxy.stop();
  rmSync(temporary, { recursive: true, force: true });
}
