// The finished pages as a reader sees them: title, headings, text and inline code, read from the HTML.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PIECE = /<!--[\s\S]*?-->|<(\/?)([a-zA-Z][\w-]*)((?:"[^"]*"|'[^']*'|[^'">])*)>|([^<]+)/g;
const BLOCK = /^(?:p|li|ul|ol|td|th|tr|table|dl|dt|dd|h[1-6]|div|section|blockquote|summary|details|figure|figcaption|pre|hr|br)$/;
const EMPTY = /^(?:br|hr|img|input|wbr)$/;
const NAMED = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ' };

/** The pages that `handbook.json` lists. */
export function listPages(folder) {
  return JSON.parse(readFileSync(join(folder, 'handbook.json'), 'utf8')).pages;
}

/** Those pages, or at most so many of them in equal steps. What the theme adds (outline, listing, neighbours) is no text of theirs. */
export function readPages(folder, most = Infinity) {
  const pages = listPages(folder);
  const step = Math.max(1, pages.length / most);
  const chosen = Array.from({ length: Math.min(pages.length, most) }, (_, at) => pages[Math.floor(at * step)]);
  const read = chosen.map((page) => readPage(folder, page));
  if (!read.some((page) => page.blocks.length > 0)) throw new Error(`no page in ${folder} has any text`);
  return read;
}

function readPage(folder, { url, title, language }) {
  const html = readFileSync(join(folder, url, 'index.html'), 'utf8');
  const page = { url, title: flat(title), language, headings: [], codes: [], blocks: [], text: '' };
  const start = html.search(/<div class="ob-prose"/);
  if (start >= 0) walk(html.slice(start), page);
  page.text = flat([page.title, ...page.blocks.map((block) => block.join(' ')), page.listings ?? ''].join(' \n ')).toLowerCase();
  return page;
}

/**
 * Fills the page from its prose. A block is a list of runs of text between which inline code stood; the code itself
 * is kept apart.
 */
function walk(html, page) {
  const open = [];
  let runs = [''];
  let heading = null;
  let code = '';
  let listings = '';
  const close = () => {
    if (runs.some((run) => run.trim())) page.blocks.push(runs.map(flat));
    runs = [''];
  };
  PIECE.lastIndex = 0;
  for (const [, slash, name, attributes, raw] of html.matchAll(PIECE)) {
    if (raw !== undefined) {
      const text = entities(raw);
      if (open.includes('pre')) listings += text;
      else if (open.includes('code')) code += text;
      else runs[runs.length - 1] += text;
      if (heading) heading.text += text;
      continue;
    }
    const tag = name?.toLowerCase();
    if (!tag || tag === 'svg') continue;
    if (BLOCK.test(tag)) close();
    if (slash) {
      const opened = open.lastIndexOf(tag);
      if (opened >= 0) open.splice(opened);
      if (tag === 'code' && !open.includes('pre')) {
        page.codes.push(flat(code));
        code = '';
        runs.push('');
      }
      if (/^h[1-6]$/.test(tag)) heading = null;
      if (open.length === 0) break;
    } else if (!EMPTY.test(tag)) {
      open.push(tag);
      if (/^h[2-6]$/.test(tag)) page.headings.push((heading = { id: /\bid="([^"]*)"/.exec(attributes)?.[1], text: '' }));
    }
  }
  close();
  for (const found of page.headings) found.text = flat(found.text);
  page.listings = [...page.codes, listings].join(' ');
}

function entities(text) {
  return text
    .replace(/&#x([0-9a-f]+);/gi, (_, digits) => String.fromCodePoint(parseInt(digits, 16)))
    .replace(/&#(\d+);/g, (_, digits) => String.fromCodePoint(Number(digits)))
    .replace(/&(amp|lt|gt|quot|nbsp);/g, (_, name) => NAMED[name]);
}

/** Text with single spaces. */
export function flat(text) {
  return text.replace(/\s+/g, ' ').trim();
}
