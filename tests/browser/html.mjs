// The built HTML as files: is each page valid, and does every link on it lead somewhere?

import { readFile, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { HtmlValidate } from 'html-validate';
import config from './htmlvalidate.config.mjs';

/** Checks every page of a built site. */
export async function htmlSession(site, folder, report) {
  const files = await pagesIn(folder);
  await validate(folder, files, report);
  await followLinks(site, folder, files, report);
}

/** Every HTML file beneath `folder`, relative to it, sorted. */
export async function pagesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.html'));
  return files.map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')).sort();
}

/** The URL of a page, relative to the site's root: `a/index.html` is `a/`. */
export function urlOf(file) {
  return file.replace(/(^|\/)index\.html$/, '$1').split('/').map(encodeURIComponent).join('/');
}

/** Problems by the rules of html-validate. */
export async function validate(folder, files, report) {
  const validator = new HtmlValidate(config);
  for (const file of files) {
    const result = await validator.validateString(await readFile(join(folder, file), 'utf8'), file);
    const problems = result.results.flatMap((page) => page.messages);
    report.check(
      `valid HTML: ${file}`,
      problems.map((p) => `${file}:${p.line}:${p.column}: ${p.ruleId}: ${p.message}`),
    );
  }
}

/** Follows every link and every fragment on every page. */
async function followLinks(site, folder, files, report) {
  const documents = new Map();
  for (const file of files) {
    const text = await readFile(join(folder, file), 'utf8');
    documents.set(new URL(urlOf(file), site.url).pathname, { text, ids: idsIn(text) });
  }
  const statuses = new Map();
  const status = async (url) => {
    if (!statuses.has(url)) statuses.set(url, (await fetch(url)).status);
    return statuses.get(url);
  };
  for (const file of files.filter((file) => file !== '404.html')) {
    const page = new URL(urlOf(file), site.url);
    const problems = [];
    for (const link of linksIn(documents.get(page.pathname).text)) {
      const url = new URL(link, page);
      if (url.origin !== site.origin) continue;
      if (!url.pathname.startsWith(new URL(site.url).pathname)) problems.push(`${link} leaves the sub-path`);
      const code = await status(url.origin + url.pathname);
      if (code !== 200) problems.push(`${link} answers ${code}`);
      const fragment = decodeURIComponent(url.hash.slice(1));
      const target = documents.get(url.pathname);
      if (fragment && target && !target.ids.has(fragment)) problems.push(`${link} names an id that is not there`);
    }
    report.check(`links: ${file}`, problems);
  }
}

function linksIn(text) {
  const links = [...tags(text)].flatMap((tag) =>
    [...tag.matchAll(/\s(?:href|src|poster)="([^"]*)"/gi)].map((match) => unescape(match[1])),
  );
  return links.filter((link) => !/^(mailto|data):/i.test(link));
}

function idsIn(text) {
  const ids = [...tags(text)].flatMap((tag) => [...tag.matchAll(/\sid="([^"]*)"/gi)].map((m) => unescape(m[1])));
  return new Set(ids);
}

function tags(text) {
  return text.match(/<[a-z](?:"[^"]*"|'[^']*'|[^'">])*>/gi) ?? [];
}

function unescape(text) {
  return text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
