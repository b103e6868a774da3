// Deploys a small handbook to two S3 servers through a proxy that injects faults, and kills runs at random instants while a
// reader walks the site. Ends with `N passed, N failed`.
//
// usage: node run.mjs [KILLS]     (OPSBOOK names the program, SEED the random instants)

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Report } from '../browser/report.mjs';
import { build, files, reader, walk } from './handbooks.mjs';
import { CREDENTIALS, error, SIGNED, send, startMoto, startNanio, startProxy } from './servers.mjs';
import { installPython } from '../python.mjs';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const binary = process.env.OPSBOOK ?? path('../../target/debug/opsbook');
const kills = Number(process.argv[2] ?? 12);
let state = Number(process.env.SEED ?? 20261121);
/** A number from 0 to 1 (the generator of Lehmer). */
const random = () => (state = (state * 48271) % 2147483647) / 2147483647;

const report = new Report();
const temporary = mkdtempSync(join(tmpdir(), 'opsbook-deploy-'));
const bin = installPython(path('../../target/deploy-servers'), path('requirements.txt'));
const proxy = await startProxy();
const servers = await Promise.all([startMoto(bin), startNanio(bin, join(temporary, 'nanio'))]);
const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_') && !/_proxy$/i.test(name))),
  ...CREDENTIALS,
  AWS_ENDPOINT_URL: `http://127.0.0.1:${proxy.port}`,
};
const sites = [1, 2, 3].map((version) => build(binary, temporary, version));
const isOwn = (request) => request.path.includes('/.opsbook/');
const uploads = () => proxy.log.filter((request) => request.method === 'PUT' && !isOwn(request) && request.status === 200);
let buckets = 0;

/** Starts `opsbook deploy`; `done` resolves to its exit code and what it has printed. */
function start(options, more = {}) {
  const child = spawn(binary, ['deploy', ...options], { env: { ...environment, ...more }, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  child.stdout.on('data', (part) => (text += part));
  child.stderr.on('data', (part) => (text += part));
  return { child, done: new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, text }))) };
}

const deploy = (options, more) => start(options, more).done;

/** A new bucket on a server, with the proxy before it and its log empty. */
async function bucketOn(server) {
  buckets += 1;
  const bucket = `handbook-${buckets}`;
  await server.makeBucket(bucket);
  proxy.upstream = server.port;
  proxy.fault = () => null;
  proxy.log.length = 0;
  return bucket;
}

/** Problems where the bucket does not hold the very files of a site. Files in `more` may be there, too. */
async function differences(get, site, more = []) {
  const problems = [];
  for (const [file, bytes] of files(site)) {
    const answer = await get(file);
    if (answer.status !== 200 || !answer.body.equals(bytes)) problems.push(`${file}: ${answer.status}, other bytes than in ${site}`);
  }
  for (const file of more) if ((await get(file)).status !== 200) problems.push(`${file} is gone`);
  return problems;
}

const wants = (answer, code, text) =>
  answer.code === code && answer.text.includes(text) ? [] : [`exit ${answer.code}, wanted ${code} and “${text}”: ${answer.text}`];

/** A first run, one without changes, one with changes, one that removes; what is sent, and in which order. */
async function lifeOnOneServer(server) {
  const bucket = await bucketOn(server);
  const target = `s3://${bucket}/docs`;
  const name = (what) => `${server.name}: ${what}`;
  const dry = await deploy([sites[0], target, '--dry-run']);
  report.check(name('a dry run lists the files'), wants(dry, 0, 'index.html'));
  const writes = () => proxy.log.filter((request) => !['GET', 'HEAD'].includes(request.method));
  report.check(name('a dry run writes nothing'), writes().map((request) => `${request.method} ${request.path}`));
  proxy.log.length = 0;
  const first = await deploy([sites[0], target]);
  const ignores = first.text.includes('ignores conditional writes');
  report.check(name('a store that ignores conditions is named'), ignores === (server.name === 'nanio') ? [] : [first.text]);
  report.check(name('a first run uploads everything'), [...wants(first, 0, `→ ${target}`), ...(uploads().length === files(sites[0]).size ? [] : [`${uploads().length} files`])]);
  proxy.log.length = 0;
  const again = await deploy([sites[0], target]);
  report.check(name('a run without changes uploads nothing'), [...wants(again, 0, 'Deployed 0 of'), ...(proxy.log.length <= 7 ? [] : [`${proxy.log.length} requests`])]);
  proxy.log.length = 0;
  const second = await deploy([sites[1], target]);
  // With new pages the manifest is written once more, before other pages lead to them.
  report.check(name('a change with new pages costs as many requests as files, and 14'), [
    ...wants(second, 0, 'can still be read'),
    ...(proxy.log.length <= uploads().length + 14 && uploads().length < files(sites[1]).size ? [] : [`${proxy.log.length} requests for ${uploads().length} files`]),
  ]);
  const before = files(sites[0]);
  const order = uploads().map((request) => stageOf(request.path, before));
  report.check(name('assets come first and what leads into the site last'), order.every((stage, index) => index === 0 || order[index - 1] <= stage) ? [] : [order.join(' ')]);
  proxy.log.length = 0;
  const third = await deploy([build(binary, temporary, 2, { 'content/pages/page-8.md': `# Page 8\n\nChanged for ${server.name}.\n` }), target]);
  report.check(name('a changed page costs as many requests as files, and eleven'), [
    ...wants(third, 0, 'Deployed'),
    ...(proxy.log.length <= uploads().length + 11 && uploads().length < 12 ? [] : [`${proxy.log.length} requests for ${uploads().length} files`]),
  ]);
  const now = await deploy([sites[1], target, '--grace', '0s']);
  report.check(name('old files are removed after the grace time'), wants(now, 0, 'of earlier sites removed'));
  return bucket;
}

/** The stage of an upload over `before`, as a number that must not fall: assets, new pages and data, changed pages, the rest. */
function stageOf(path, before) {
  const file = path.replace(/^\/[^/]+\/docs\//, '');
  if (/^assets\/|^search\/[0-9a-f]{10}\.json$|\.png$/.test(file)) return 0;
  if (/^(index|404)\.html$/.test(file)) return 3;
  if (!before.has(file)) return 1;
  return /\.html$|index\.md$/.test(file) ? 2 : 3;
}

async function headersAndBytes(moto) {
  const bucket = await lifeOnOneServer(moto);
  const get = (file) => reader(moto.port, bucket)(`docs/${file}`);
  report.check('moto: the bucket holds the files of the site', await differences(get, sites[1]));
  const style = [...files(sites[1]).keys()].find((file) => /^assets\/base\.[0-9a-f]{8}\.css$/.test(file));
  for (const [file, type, cache] of [
    ['index.html', 'text/html; charset=utf-8', 'no-cache'],
    [style, 'text/css; charset=utf-8', 'public, max-age=31536000, immutable'],
    ['only-2/index.md', 'text/markdown; charset=utf-8', 'no-cache'],
    ['picture-2.png', 'image/png', 'no-cache'],
    ['.opsbook/manifest.json', 'application/json', 'no-store'],
  ]) {
    const { headers } = await get(file);
    const right = headers['content-type'] === type && headers['cache-control'] === cache;
    report.check(`moto: ${file} has its headers`, right ? [] : [`${headers['content-type']}, ${headers['cache-control']}`]);
  }
  for (const gone of ['only-1/index.html', '.opsbook/lock.json']) {
    report.check(`moto: ${gone} is gone`, (await get(gone)).status === 404 ? [] : ['it is there']);
  }
  await send({ port: moto.port, method: 'DELETE', path: `/${bucket}/docs/index.html`, headers: SIGNED });
  await send({ port: moto.port, method: 'PUT', path: `/${bucket}/docs/pages/index.html`, body: 'defaced', headers: SIGNED });
  const healed = await deploy([sites[1], `s3://${bucket}/docs`, '--verify']);
  report.check('moto: --verify uploads what was deleted or changed', [...wants(healed, 0, 'Deployed 2 of'), ...(await differences(get, sites[1]))]);
}

/** What must be refused, with the words that say why. */
async function refusals(moto, nanio) {
  const bucket = await bucketOn(moto);
  const target = `s3://${bucket}`;
  await deploy([sites[0], target]);
  const levels = '[book]\ntitle = "Deployed"\nbase_url = "https://handbook.example.org/"\n[visibility]\ndefault = "public"\n';
  const internal = build(binary, temporary, 4, { 'book.toml': levels }, ['--audience', 'internal']);
  const other = build(binary, temporary, 5, { 'book.toml': '[book]\ntitle = "Another"\nbase_url = "https://other.example.org/"\n' });
  const audience = 'holds a site for `public`, and this one is for `internal`';
  report.check('a site for few is refused where one for more is', wants(await deploy([internal, target]), 2, audience));
  report.check('… also with --adopt', wants(await deploy([internal, target, '--adopt']), 2, audience));
  report.check('… and inside of it', wants(await deploy([internal, `${target}/a/b`]), 2, audience));
  const around = await bucketOn(moto);
  await deploy([sites[0], `s3://${around}/docs`]);
  report.check('… and around it', wants(await deploy([internal, `s3://${around}`, '--adopt']), 2, audience));
  const synced = await bucketOn(moto);
  const manifest = '{"opsbook-manifest": 1, "audience": "public", "files": {}}';
  await send({ port: moto.port, method: 'PUT', path: `/${synced}/.opsbook-manifest.json`, body: manifest, headers: SIGNED });
  report.check('… and where another program has copied one', wants(await deploy([internal, `s3://${synced}/a`]), 2, audience));
  proxy.fault = (request) => (request.path.startsWith(`/${synced}/.opsbook`) ? { status: 403, body: error('AccessDenied') } : null);
  report.check('credentials for a prefix alone are enough', wants(await deploy([internal, `s3://${synced}/a`]), 0, 'Deployed'));
  proxy.fault = () => null;
  const few = await bucketOn(moto);
  await deploy([internal, `s3://${few}`]);
  report.check('a site for more is refused where one for few is', wants(await deploy([sites[0], `s3://${few}`]), 2, 'holds a site for `internal`'));
  report.check('another handbook is refused', wants(await deploy([other, target]), 2, 'holds another handbook: “Deployed”'));
  report.check('another handbook is put there with --adopt', wants(await deploy([other, target, '--adopt']), 0, 'Deployed'));
  report.check('a folder that was not built is refused', wants(await deploy([temporary, target]), 2, 'is not a built handbook'));
  const used = await bucketOn(moto);
  await send({ port: moto.port, method: 'PUT', path: `/${used}/theirs.txt`, body: 'x', headers: SIGNED });
  report.check('a bucket with other files is refused', wants(await deploy([sites[0], `s3://${used}`]), 2, '`theirs.txt`'));
  await deploy([sites[0], `s3://${used}`, '--adopt']);
  const kept = await deploy([sites[1], `s3://${used}`, '--grace', '0s']);
  report.check('files of others are never removed', [...wants(kept, 0, 'Deployed'), ...(await differences(reader(moto.port, used), sites[1], ['theirs.txt']))]);

  report.check('a missing bucket is named', wants(await deploy([sites[0], 's3://no-such-bucket']), 2, 'there is no such bucket'));
  const without = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', HOME: temporary };
  report.check('missing credentials are named', wants(await deploy([sites[0], target], without), 2, 'there are no credentials'));
  report.check('an unknown profile is named', wants(await deploy([sites[0], target], { ...without, AWS_PROFILE: 'work' }), 2, '`AWS_PROFILE` names `work`'));
  mkdirSync(join(temporary, '.aws'));
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: key } = CREDENTIALS;
  writeFileSync(join(temporary, '.aws/credentials'), `[work]\naws_access_key_id = ${id}\naws_secret_access_key = ${key}\n`);
  writeFileSync(join(temporary, '.aws/config'), `[profile work]\nendpoint_url = http://127.0.0.1:${proxy.port}\n`);
  const profile = { ...without, AWS_PROFILE: 'work', AWS_ENDPOINT_URL: '' };
  const byProfile = await bucketOn(nanio);
  report.check('a profile gives credentials and endpoint', wants(await deploy([sites[0], `s3://${byProfile}`], profile), 0, 'Deployed'));
  const wrong = await bucketOn(nanio);
  const secret = 'wrong-secret-of-the-tests';
  const refused = await deploy([sites[0], `s3://${wrong}`], { AWS_SECRET_ACCESS_KEY: secret });
  report.check('wrong credentials are named', wants(refused, 2, 'does not accept the credentials'));
  report.check('no secret is printed', [secret, ...Object.values(CREDENTIALS)].filter((word) => refused.text.includes(word)));
  for (const [code, text] of [['AccessDenied', 'access is denied'], ['RequestTimeTooSkewed', 'the clock of this machine differs']]) {
    proxy.fault = () => ({ status: 403, body: error(code) });
    report.check(`${code} is explained`, wants(await deploy([sites[0], target]), 2, text));
  }
}

async function locks(moto) {
  const bucket = await bucketOn(moto);
  const target = `s3://${bucket}`;
  const hold = (until) =>
    send({
      port: moto.port,
      method: 'PUT',
      headers: SIGNED,
      path: `/${bucket}/.opsbook/lock.json`,
      body: JSON.stringify({ 'opsbook-lock': 1, id: 'aabbccddeeff', name: 'nightly', since: '2026-01-01T00:00:00Z', until }),
    });
  const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
  await hold(inAnHour);
  const held = await deploy([sites[0], target]);
  report.check('a lock says who holds it', [...wants(held, 2, 'run `aabbccddeeff` (nightly)'), ...wants(held, 2, '--break-lock')]);
  report.check('a lock stops every write', uploads().map((request) => request.path));
  report.check('a lock can be broken', wants(await deploy([sites[0], target, '--break-lock']), 0, 'Deployed'));
  await hold('2026-01-01T00:10:00Z');
  report.check('a lock that has ended stops no run', wants(await deploy([sites[1], target]), 0, 'Deployed'));
  await lostLock(moto, hold, { bucket, target });
  proxy.fault = (request) => (request.method === 'PUT' ? 'slow' : null);
  const runs = await Promise.all([1, 2, 3].map((number) => deploy([sites[2], target, '--name', `job ${number}`])));
  const winners = runs.filter((run) => run.code === 0).length;
  const losers = runs.filter((run) => run.code === 2 && run.text.includes('is locked')).length;
  report.check('of three runs at once one deploys', winners === 1 && losers === 2 ? [] : runs.map((run) => run.text));
}

/** A run whose lock another one takes, and one whose renewal is written while its answer is lost. */
async function lostLock(moto, hold, { bucket, target }) {
  const isLock = (request) => request.method === 'PUT' && request.path.endsWith('/.opsbook/lock.json');
  const manifests = () => proxy.log.filter((request) => request.method === 'PUT' && request.path.endsWith('/.opsbook/manifest.json')).length;
  proxy.log.length = 0;
  proxy.fault = (request) => (request.method === 'PUT' && !isOwn(request) ? 'slow' : null);
  const run = start([sites[0], target, '--concurrency', '2']);
  while (uploads().length < 2) await pause(5);
  await hold(new Date(Date.now() + 3_600_000).toISOString());
  const before = manifests();
  proxy.fault = () => null;
  report.check('a run whose lock is taken stops', wants(await run.done, 2, 'another run has taken the lock'));
  report.check('… and writes no manifest', manifests() === before ? [] : ['it wrote one']);
  const there = await reader(moto.port, bucket)('.opsbook/lock.json');
  report.check('… and leaves the lock of the other run', there.body.toString().includes('nightly') ? [] : [there.body.toString()]);
  await deploy([sites[1], target, '--break-lock']);

  const writes = () => proxy.log.filter(isLock).length;
  proxy.log.length = 0;
  proxy.fault = (request) => (isLock(request) && writes() === 2 ? 'cut-answer' : null);
  const renewed = await deploy([sites[0], target]);
  report.check('a renewal whose answer is lost is no lost lock', [...wants(renewed, 0, 'Deployed'), ...(writes() >= 2 ? [] : [`${writes()} writes`])]);
  const after = await reader(moto.port, bucket)('.opsbook/lock.json');
  report.check('… and the lock is given back', after.status === 404 ? [] : [after.body.toString()]);
  proxy.fault = () => null;
}

async function faults(server) {
  for (const [what, fault] of [
    ['a server that is busy', (request, number) => (number % 3 === 0 ? 'busy' : null)],
    ['connections that are cut', (request, number) => (number % 4 === 0 ? 'cut' : null)],
    ['answers that are lost', (request, number) => (number % 5 === 1 ? 'cut-answer' : null)],
    ['a slow server', (request, number) => (number % 7 === 0 ? 'slow' : null)],
    ['damaged uploads', (request, number) => (request.method === 'PUT' && number % 4 === 0 ? 'damage' : null)],
  ]) {
    const bucket = await bucketOn(server);
    proxy.fault = fault;
    const run = await deploy([sites[0], `s3://${bucket}`]);
    proxy.fault = () => null;
    const proof = server.name === 'moto' ? await differences(reader(server.port, bucket), sites[0]) : [];
    report.check(`${server.name}: ${what}`, [...wants(run, 0, 'Deployed'), ...proof]);
  }
}

/** A run that ends by a signal or a refusal gives the lock back, and the next one uploads only the rest. */
async function interruptions(moto) {
  const bucket = await bucketOn(moto);
  const target = `s3://${bucket}`;
  proxy.fault = (request) => (uploads().length > 20 && request.method === 'PUT' && !isOwn(request) ? 'slow' : null);
  const run = start([sites[0], target, '--concurrency', '2']);
  while (uploads().length <= 22) await pause(5);
  run.child.kill('SIGTERM');
  report.check('a signal ends a run cleanly', wants(await run.done, 2, 'was interrupted'));
  const before = uploads().length;
  proxy.fault = () => null;
  const rest = await deploy([sites[0], target]);
  const most = files(sites[0]).size + 4;
  report.check('the next run uploads the rest', [
    ...wants(rest, 0, 'Deployed'),
    ...(uploads().length <= most ? [] : [`${before} + ${uploads().length - before} uploads of ${files(sites[0]).size}`]),
    ...(await differences(reader(moto.port, bucket), sites[0])),
  ]);
}

/**
 * Replaces one version by another in runs that are cut after one file, after two files and so on. A reader walks the site after
 * each of them. Pages are folders, or files that stand beside the home page.
 */
async function cutAfterEachFile(moto) {
  for (const [form, options, folder] of [['folders', [], 10], ['files', ['--flat'], 20]]) {
    const [old, next] = [1, 2].map((version) => build(binary, temporary, version, {}, options, version + folder));
    const bucket = await bucketOn(moto);
    const target = `s3://${bucket}`;
    const get = reader(moto.port, bucket);
    await deploy([old, target]);
    const problems = [];
    let allowed = 0;
    let run;
    do {
      allowed += 1;
      proxy.log.length = 0;
      const isFile = (request) => request.method === 'PUT' && !isOwn(request);
      proxy.fault = (request) =>
        isFile(request) && proxy.log.filter(isFile).length > allowed ? { status: 403, body: error('AccessDenied') } : null;
      run = await deploy([next, target, '--concurrency', '1']);
      problems.push(...(await walk(get)).map((problem) => `cut after ${allowed} files: ${problem}`));
    } while (run.code !== 0 && allowed < 100);
    proxy.fault = () => null;
    report.check(`pages as ${form}: a reader sees a whole site wherever a run is cut`, [...new Set(problems)]);
    const isMany = allowed > 5 && allowed < 100;
    report.check(`pages as ${form}: the last run ends`, isMany ? await differences(get, next) : [`${allowed} runs: ${run.text}`]);
  }
}

/**
 * Kills runs at random instants. A reader walks the site during each run and after it: every link and asset must be there.
 * Each run replaces one version by another. The server is slow, so that such a run lasts long enough to be hit.
 */
async function killed(moto) {
  const bucket = await bucketOn(moto);
  const target = `s3://${bucket}`;
  const get = reader(moto.port, bucket);
  await deploy([sites[0], target]);
  proxy.fault = (request) => ({ pause: request.method === 'PUT' && !isOwn(request) ? 60 : 15 });
  let shortest = Infinity;
  for (const version of [1, 2, 0]) {
    const began = Date.now();
    await deploy([sites[version], target, '--concurrency', '4']);
    shortest = Math.min(shortest, Date.now() - began);
  }
  const problems = { during: [], after: [], healed: [] };
  const hits = { 'before the first file': 0, 'between files': 0, 'after the last file': 0, 'after the run': 0 };
  for (let kill = 1; kill <= kills; kill += 1) {
    const site = sites[kill % 3];
    proxy.log.length = 0;
    const run = start([site, target, '--break-lock', '--concurrency', '4']);
    let runs = true;
    const reading = (async () => {
      while (runs) problems.during.push(...(await walk(get)));
    })();
    await Promise.race([pause(random() * shortest), run.done]);
    run.child.kill('SIGKILL');
    const hasEnded = (await run.done).signal !== 'SIGKILL';
    hits[hasEnded ? 'after the run' : progress()] += 1;
    runs = false;
    await reading;
    problems.after.push(...(await walk(get)));
    // Every second time the next version comes over what is unfinished.
    if (kill % 2 === 0) {
      const next = await deploy([site, target, '--break-lock']);
      problems.healed.push(...wants(next, 0, 'Deployed'), ...(await differences(get, site)), ...(await walk(get)));
    }
  }
  proxy.fault = () => null;
  console.log(`${kills} kills within ${shortest} ms: ${Object.entries(hits).map(([where, count]) => `${count} ${where}`).join(', ')}`);
  report.check(`a reader sees a whole site while ${kills} runs are killed`, problems.during);
  report.check('… and after each of them', problems.after);
  report.check('the next run heals', problems.healed);
  report.check('nearly all kills hit a run', hits['after the run'] <= kills / 10 ? [] : [JSON.stringify(hits)]);
  report.check('most of them hit it between files', hits['between files'] >= kills / 3 ? [] : [JSON.stringify(hits)]);
}

/** How far the run has come whose requests the proxy has logged: the manifest is written before the first file and after the last. */
function progress() {
  const written = proxy.log.filter((request) => request.method === 'PUT' && !request.path.endsWith('/lock.json'));
  const last = written.at(-1);
  if (!written.some((request) => !isOwn(request))) return 'before the first file';
  return isOwn(last) && uploads().some((request) => /\/(index|404)\.html$/.test(request.path)) ? 'after the last file' : 'between files';
}

try {
  const [moto, nanio] = servers;
  const step = async (name, work) => {
    const began = Date.now();
    await work();
    console.log(`${name}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
  };
  await step('life on moto', () => headersAndBytes(moto));
  await step('life on nanio', () => lifeOnOneServer(nanio));
  await step('refusals', () => refusals(moto, nanio));
  await step('locks', () => locks(moto));
  await step('faults on moto', () => faults(moto));
  await step('faults on nanio', () => faults(nanio));
  await step('interruptions', () => interruptions(moto));
  await step('cuts', () => cutAfterEachFile(moto));
  await step('kills', () => killed(moto));
} finally {
  for (const server of servers) server.stop();
  proxy.stop();
  rmSync(temporary, { recursive: true, force: true });
}
process.exit(report.close());
