// Three versions of a small handbook, and a reader that walks the site in a bucket.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { SIGNED, send } from './servers.mjs';

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** The texts of a version: each has pages that the others do not have, and links between them. */
function texts(version) {
  const files = {
    'book.toml': '[book]\ntitle = "Deployed"\nbase_url = "https://handbook.example.org/"\n',
    'content/_index.md': `---\ntitle: Home\ndescription: Version ${version}\n---\n[Only now](only-${version}.md) and [all](pages/_index.md).\n`,
    'content/pages/_index.md': `# Pages\n\n[Only now](../only-${version}.md)\n`,
    [`content/only-${version}.md`]: `# Only in version ${version}\n\n![A picture](picture-${version}.png)\n`,
    [`content/picture-${version}.png`]: PIXEL,
  };
  for (let page = 1; page <= 8; page += 1) {
    const changes = page <= 3 ? ` in version ${version}, see [it](../only-${version}.md)` : '';
    files[`content/pages/page-${page}.md`] = `# Page ${page}\n\nText${changes}.\n`;
  }
  return files;
}

/** Builds a version into `folder/site-NUMBER` and returns that folder. `more` are files that differ. */
export function build(binary, folder, version, more = {}, options = [], number = version) {
  const root = join(folder, `handbook-${number}`);
  for (const [path, text] of Object.entries({ ...texts(version), ...more })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const out = join(folder, `site-${number}`);
  execFileSync(binary, ['build', '--root', root, '--out', out, ...options], { stdio: ['ignore', 'ignore', 'inherit'] });
  return out;
}

/** The files of a built site without its manifest: path to bytes. */
export function files(folder) {
  const found = new Map();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = relative(folder, join(entry.parentPath ?? entry.path, entry.name));
    if (entry.isFile() && path !== '.opsbook-manifest.json') found.set(path, readFileSync(join(folder, path)));
  }
  return found;
}

/**
 * Walks the site like a reader: loads the home page and follows every link, loading what each page needs. Returns problems.
 * `get(path)` reads from the bucket.
 */
export async function walk(get) {
  const problems = [];
  const seen = new Map();
  const load = async (path, from) => {
    if (!seen.has(path)) seen.set(path, get(path));
    const answer = await seen.get(path);
    if (answer.status !== 200) problems.push(`${from} needs ${path}: ${answer.status}`);
    return answer;
  };
  const queue = ['index.html'];
  const visited = new Set(queue);
  while (queue.length > 0) {
    const page = queue.shift();
    const answer = await load(page, 'a reader');
    if (answer.status !== 200) continue;
    for (const [, attribute, address] of answer.body.toString().matchAll(/\s(href|src)="([^"]*)"/g)) {
      const url = new URL(address.replaceAll('&amp;', '&'), `https://site/${page}`);
      if (url.host !== 'site') continue;
      const path = decodeURIComponent(url.pathname).slice(1).replace(/(^|\/)$/, '$1index.html');
      if (!path.endsWith('.html') || attribute === 'src') await load(path, page);
      else if (!visited.has(path)) {
        visited.add(path);
        queue.push(path);
      }
    }
  }
  return problems;
}

/** A function that reads from a bucket of moto. */
export const reader = (port, bucket) => (path) => send({ port, path: `/${bucket}/${encodeURI(path)}`, headers: SIGNED });
