// The handbooks that faults are tried on, and how a site is told from another.

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';

/** A word that only hidden pages, parts and files say. */
export const CANARY = 'zqxcanaryvwkplm';

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>\n';

/** Writes files below a folder. */
export function write(folder, files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** A handbook with something hidden in each way; `version` stands on every page. */
export function levels(version) {
  const page = (title, rest = '') => `# ${title}\n\nThe ${version} text.\n${rest}`;
  return {
    'book.toml': `[book]\ntitle = "H"\nbase_url = "https://h.example/"\n[visibility]\ndefault = "public"\n[visibility.paths]\n"content/plans/**" = "internal"\n`,
    'content/_index.md': page('Home', '\n[All](all.md), [data](data.csv), ![a drawing](x.svg)\n'),
    'content/all.md': page('All', `\n:::internal\n${CANARY}\n:::\n\nWords [${CANARY}]{.internal}.\n\n## Names {.internal}\n\n${CANARY}\n\n## Next\n\n::include _part.md\n`),
    'content/_part.md': `Included.\n\n${CANARY} {.internal}\n`,
    'content/data.csv': 'a,b\n1,2\n',
    'content/x.svg': SVG,
    'content/f/_index.md': `---\nvisibility: internal\n---\n\n# ${CANARY}\n`,
    'content/f/c.md': page(CANARY),
    'content/g/_index.md': '---\nvisibility: public\ncascade:\n  visibility: internal\n---\n\n# G\n',
    'content/g/deep/c.md': page(CANARY),
    'content/k/_index.md': page('K'),
    'content/k/page.md': `---\nvisibility: internal\n---\n\n${CANARY}\n`,
    'content/k/other.md': page('Other'),
    'content/plans/a.csv': `${CANARY}\n`,
    'content/plans/a.md': page(CANARY),
    'content/later.md': `---\npublish_after: 2999-01-01\n---\n\n${CANARY}\n`,
    'content/draft.md': `---\ndraft: true\n---\n\n${CANARY}\n`,
    'data/a.rules': 'groups:\n- name: g\n  rules:\n  - alert: DiskFull\n    expr: up\n',
    'kinds/own.toml': 'title = "Own"\n',
    'theme/templates/404.html': `{% extends "base.html" %}{% block main %}<main id="main"><p>Nothing here.</p></main>{% endblock main %}\n`,
  };
}

/** A handbook with twenty hidden folders and three hundred public pages, all of them with the version. */
export function folders(version) {
  const files = { 'book.toml': '[book]\ntitle = "H"\n[visibility]\ndefault = "public"\n', '.gitignore': '/public*\n/.public*\n/.opsbook\n' };
  files['content/_index.md'] = `# Home\n\nThe ${version} text.\n`;
  for (let at = 1; at <= 20; at += 1) {
    files[`content/f${at}/_index.md`] = `---\nvisibility: internal\n---\n\n${CANARY} ${version}\n`;
    files[`content/f${at}/c.md`] = `${CANARY}\n`;
  }
  for (let at = 1; at <= 300; at += 1) files[`content/g${at}.md`] = `The ${version} text.\n`;
  return files;
}

/** What a folder holds: a digest of all names and bytes, and whether the canary is among them; `null` where there is none. */
export function seen(folder) {
  const hash = createHash('sha256');
  let leaks = false;
  let files;
  try {
    files = readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
  const paths = files.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  for (const path of paths.sort()) {
    const bytes = readFileSync(path);
    hash.update(`${path}\0${bytes.length}\0`).update(bytes);
    leaks ||= path.includes(CANARY) || bytes.includes(CANARY);
  }
  return { digest: hash.digest('hex'), leaks };
}
