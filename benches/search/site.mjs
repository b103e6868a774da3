// A tiny static server that packs with gzip, as servers on the web do, and counts what it sends.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
};

/** The page that a search runs in is nearly empty, so that nothing but the search is loaded and counted. */
export const HOST = '_host.html';

const STRICT = "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const WITH_WASM = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'";

/** Serves folders by prefix, `{ '/': folder }`; `sent` lists path and bytes of each answer, the host page left out. */
export async function serve(mounts, language) {
  const packed = new Map();
  const sent = [];
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://x');
    if (pathname === `/${HOST}`) {
      const policy = searchParams.get('engine') === 'opsbook' ? STRICT : WITH_WASM;
      response.writeHead(200, { 'content-type': TYPES['.html'], 'content-security-policy': policy });
      response.end(`<!DOCTYPE html><html lang="${language}"><link rel="icon" href="data:,"><title>Search</title><body></body></html>`);
      return;
    }
    const answer = await file(mounts, decodeURIComponent(pathname), packed);
    sent.push({ path: pathname, bytes: answer?.bytes.length ?? 0 });
    response.writeHead(answer ? 200 : 404, answer?.headers ?? {});
    response.end(answer?.bytes);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const close = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  return { origin: `http://127.0.0.1:${server.address().port}`, sent, close };
}

async function file(mounts, path, packed) {
  if (packed.has(path)) return packed.get(path);
  const prefix = Object.keys(mounts).filter((start) => path.startsWith(start)).sort((a, b) => b.length - a.length)[0];
  const full = normalize(join(mounts[prefix], path.slice(prefix.length), path.endsWith('/') ? 'index.html' : ''));
  const raw = full.startsWith(mounts[prefix]) ? await readFile(full).catch(() => null) : null;
  const answer = raw && pack(raw, TYPES[extname(full)] ?? 'application/octet-stream');
  packed.set(path, answer);
  return answer;
}

/** Files that are packed already are sent as they are. */
function pack(raw, type) {
  const headers = { 'content-type': type, 'cache-control': 'max-age=3600' };
  const small = gzipSync(raw);
  if (small.length >= raw.length) return { bytes: raw, headers };
  return { bytes: small, headers: { ...headers, 'content-encoding': 'gzip' } };
}
