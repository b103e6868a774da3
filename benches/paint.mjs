// Measures what a slow phone sees of a page: 4× slower processor, 1.6 Mbit/s, 150 ms to each answer. Folders of finished
// sites are served compressed on this machine, so that several generators can be compared.
//
// usage: node benches/paint.mjs NAME=FOLDER:PATH[,PATH…] …        (npm ci --prefix tests/browser, once)

import { createServer } from 'node:http';
import { readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { FONTS, launch } from '../tests/browser/chromium.mjs';

const RUNS = 5;
const NETWORK = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 };
const TYPES = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.json': 'application/json', '.png': 'image/png', '.webp': 'image/webp' };
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const browser = await launch(FONTS[0]);
console.log('| site | page | first paint ms | largest paint ms | shift | kB | requests |');
console.log('| --- | --- | ---: | ---: | ---: | ---: | ---: |');
const visits = [];
for (const given of process.argv.slice(2)) {
  const [, name, folder, paths] = given.match(/^([^=]+)=([^:]+):(.*)$/);
  const server = await serve(folder);
  for (const path of paths.split(',')) visits.push({ name, path, server, seen: [] });
}
// In turns, so that what else the machine does falls on all of them.
for (let run = 0; run < RUNS; run += 1) {
  for (const { path, server, seen } of visits) seen.push(await visit(`http://127.0.0.1:${server.address().port}/${path}`));
}
for (const { name, path, server, seen } of visits) {
  const of = (key) => median(seen.map((one) => one[key]));
  console.log(`| ${name} | /${path} | ${Math.round(of('first'))} | ${Math.round(of('largest'))} | ${of('shift').toFixed(3)} | ${(of('bytes') / 1000).toFixed(1)} | ${of('requests')} |`);
  server.close();
}
await browser.close();

async function serve(folder) {
  const server = createServer(async (request, response) => {
    let file = join(folder, decodeURIComponent(new URL(request.url, 'http://x').pathname));
    try {
      if ((await stat(file)).isDirectory()) file = join(file, 'index.html');
      const bytes = await readFile(file);
      const packed = /\.(woff2|png|webp)$/.test(file) ? bytes : gzipSync(bytes);
      const encoding = packed === bytes ? {} : { 'content-encoding': 'gzip' };
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', 'content-length': packed.length, ...encoding });
      response.end(packed);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** One visit with an empty cache, until the network rests. Bytes are those on the wire, with headers. */
async function visit(url) {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, serviceWorkers: 'block' });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  const seen = { first: 0, largest: 0, shift: 0, bytes: 0, requests: 0 };
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', NETWORK);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  devtools.on('Network.loadingFinished', ({ encodedDataLength }) => {
    seen.bytes += encodedDataLength;
    seen.requests += 1;
  });
  await page.addInitScript(() => {
    globalThis.paints = { first: 0, largest: 0, shift: 0 };
    const watch = (type, note) => new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
    watch('paint', (entry) => entry.name === 'first-contentful-paint' && (globalThis.paints.first = entry.startTime));
    watch('largest-contentful-paint', (entry) => (globalThis.paints.largest = entry.startTime));
    watch('layout-shift', (entry) => (globalThis.paints.shift += entry.value));
  });
  await page.goto(url, { waitUntil: 'networkidle' });
  // On a busy machine the network may rest before anything is painted.
  await page.waitForFunction(() => globalThis.paints.first > 0 && globalThis.paints.largest > 0);
  await page.waitForTimeout(500);
  Object.assign(seen, await page.evaluate(() => globalThis.paints));
  await context.close();
  return seen;
}
