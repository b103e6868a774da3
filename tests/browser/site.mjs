// A tiny static server: the built site under a sub-path, with the content security policy as a header as well.

import { createServer } from 'node:http';
import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

export const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-trpLe0Fid/8POUfV6v9R/xDy/h8MVnJiQV0m0szSBi8=' 'sha256-fQJS+Egx5uvxAviw0uCrgkXcpysigCV8uQAKuCdc81M='; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

export const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.md': 'text/markdown; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.xml': 'application/xml',
  '.png': 'image/png',
};

/** Serves `folder` at `prefix`, which begins and ends with a slash. */
export async function serveSite(folder, prefix) {
  const server = createServer(async (request, response) => {
    const { status, bytes, type } = await answer(folder, prefix, request.url);
    response.writeHead(status, {
      'content-type': type,
      'content-security-policy': CSP,
      'x-content-type-options': 'nosniff',
      // As the guide says: names of assets change with their content.
      ...(new URL(request.url, 'http://x').pathname.startsWith(`${prefix}assets/`) && { 'cache-control': 'max-age=31536000, immutable' }),
    });
    response.end(bytes);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return { origin, url: origin + prefix, close: () => new Promise((done) => server.close(done)) };
}

async function answer(folder, prefix, url) {
  const path = decodeURIComponent(new URL(url, 'http://x').pathname);
  if (path.startsWith(prefix)) {
    const file = await fileOf(folder, path.slice(prefix.length));
    if (file) {
      return { status: 200, bytes: await readFile(file), type: TYPES[extname(file)] ?? 'application/octet-stream' };
    }
  }
  const missing = await readFile(join(folder, '404.html')).catch(() => 'not found');
  return { status: 404, bytes: missing, type: TYPES['.html'] };
}

async function fileOf(folder, path) {
  const full = normalize(join(folder, path));
  if (!full.startsWith(folder)) return null;
  const file = path === '' || path.endsWith('/') ? join(full, 'index.html') : full;
  const found = await stat(file).catch(() => null);
  return found?.isFile() ? file : null;
}
