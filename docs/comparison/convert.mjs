// Writes the pages of a handbook for another generator, so that the same pages can be compared. What only Opsbook
// understands is taken away: fields of front matter, includes, attributes of code blocks. German pages are left out.
//
// usage: node docs/comparison/convert.mjs starlight|material CONTENT FOLDER

import { cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, extname, join, posix, relative } from 'node:path';

const [generator, content, folder] = process.argv.slice(2);
if (!['starlight', 'material'].includes(generator) || !folder) throw new Error('usage: convert.mjs starlight|material CONTENT FOLDER');

const pages = (await readdir(content, { recursive: true })).filter((path) => !path.startsWith('de/') && !path.split('/').some((part) => part.startsWith('_') && part !== '_index.md'));
/** Starlight has other names for boxes; what it does not know is a note. */
const ASIDES = { note: 'note', tip: 'tip', info: 'note', important: 'note', warning: 'caution', caution: 'caution', danger: 'danger' };

for (const path of pages) {
  const target = join(folder, path.replace(/_index\.md$/, 'index.md'));
  if (extname(path) === '.md') {
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, converted(path, await readFile(join(content, path), 'utf8')));
  } else if (/\.(png|svg|webp|jpg)$/.test(path)) {
    await cp(join(content, path), target, { recursive: true });
  }
}

function converted(path, text) {
  const front = text.match(/^---\n([\s\S]*?)\n---\n/);
  const body = front ? text.slice(front[0].length) : text;
  const field = (name) => front?.[1].match(new RegExp(`^${name}: *(.+)$`, 'm'))?.[1].replace(/^["']|["']$/g, '');
  const title = field('title') ?? body.match(/^# (.+)$/m)?.[1] ?? path;
  const head = ['---', `title: ${JSON.stringify(title)}`];
  if (field('description')) head.push(`description: ${JSON.stringify(field('description'))}`);
  head.push('---', '');
  return head.join('\n') + bodyOf(path, body.replace(/^# .+\n/m, ''));
}

function bodyOf(path, body) {
  const out = [];
  let fence = null;
  let depth = 0;
  for (const line of body.split('\n')) {
    const mark = line.match(/^\s*(`{3,}|~{3,})(.*)$/);
    if (fence) {
      if (mark && mark[1].startsWith(fence) && !mark[2].trim()) fence = null;
      out.push(indented(line, depth));
    } else if (mark) {
      fence = mark[1];
      out.push(indented(line.replace(/(`{3,}|~{3,})\s*([\w+-]*).*$/, '$1$2'), depth));
    } else if (/^::include\b/.test(line)) {
      continue;
    } else if (/^:{3,}\s*\w/.test(line)) {
      const [, name, rest] = line.match(/^:{3,}\s*([\w-]+)(.*)$/);
      depth += 1;
      if (name in ASIDES) out.push(box(ASIDES[name], name, rest.trim().replace(/^\[|\]$/g, ''), depth));
    } else if (/^:{3,}\s*$/.test(line)) {
      depth = Math.max(0, depth - 1);
      if (generator === 'starlight') out.push(':::');
    } else {
      out.push(indented(links(path, line), depth));
    }
  }
  const text = out.join('\n');
  // A directive that Starlight does not know leaves a closing line behind.
  return generator === 'starlight' ? balanced(text) : text;
}

/** Material's boxes are indented; Starlight's are fenced. */
function indented(line, depth) {
  return generator === 'material' && depth > 0 && line ? '    '.repeat(depth) + line : line;
}

function box(aside, name, title, depth) {
  if (generator === 'starlight') return `:::${aside}${title ? `[${title}]` : ''}`;
  return `${'    '.repeat(depth - 1)}!!! ${name}${title ? ` "${title}"` : ''}\n`;
}

function balanced(text) {
  let open = 0;
  const lines = text.split('\n').filter((line) => {
    if (/^:::\w/.test(line)) open += 1;
    else if (line === ':::') return open > 0 && (open -= 1, true);
    return true;
  });
  return lines.concat(Array(open).fill(':::')).join('\n');
}

function links(path, line) {
  if (generator === 'material') return line.replace(/\]\(([^)#\s]*)_index\.md/g, ']($1index.md');
  return line.replace(/\]\((?!\w+:|#|\/)([^)#\s]+)\.md(#[^)\s]*)?\)/g, (_, target, anchor = '') => {
    const at = posix.join('/', dirname(relative('.', path)), target).replace(/_?index$/, '').replace(/\/$/, '');
    return `](${at.toLowerCase()}/${anchor})`;
  });
}
