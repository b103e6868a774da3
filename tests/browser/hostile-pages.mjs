// Random pages of hostile markup in Chromium, without the site's policy: no script runs and nobody else is asked.
//
// usage: node hostile-pages.mjs [PAGES] [SEED]     (OPSBOOK names the program)
//
// The policy of a page would hide a hole in what writes it. The same seed makes the same pages.

import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from './chromium.mjs';
import { NAMES, STRINGS } from './hostile-strings.mjs';
import { Report } from './report.mjs';
import { serveSite } from './site.mjs';

const ELSEWHERE = 'https://elsewhere.example';

/** Builds `count` pages and opens each. */
export async function hostilePagesSession(browser, binary, report, count = 150, seed = 1) {
  const folder = await mkdtemp(join(tmpdir(), 'opsbook-hostile-pages-'));
  try {
    await write(folder, count, generator(seed));
    const build = spawnSync(binary, ['build', '--root', folder, '--keep-going'], { encoding: 'utf8' });
    report.check('hostile pages: the handbook is built', build.status === 2 || build.signal ? [build.stderr] : []);
    const site = await serveSite(join(folder, 'public'), '/hostile/');
    try {
      report.check(`hostile pages: ${count} with seed ${seed} run and ask for nothing, without a policy`, await open(browser, site, count));
    } finally {
      await site.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function open(browser, site, count) {
  const problems = [];
  const context = await browser.newContext();
  await context.exposeFunction('reportTrap', (text) => problems.push(text));
  await context.addInitScript(() => {
    for (const name of ['alert', 'confirm', 'prompt', 'print']) window[name] = () => window.reportTrap(`${name} on ${location.href}`);
  });
  const page = await context.newPage();
  page.on('dialog', (dialog) => (problems.push(`a dialog: ${dialog.message()}`), dialog.dismiss()));
  await context.route('**/*', async (route) => {
    const request = route.request();
    const url = request.url();
    if (!url.startsWith(site.origin)) {
      problems.push(`${page.url()} asks ${url}`);
      return route.abort();
    }
    if (request.resourceType() === 'script' && !url.startsWith(`${site.url}assets/`)) problems.push(`${page.url()} runs ${url}`);
    const response = await route.fetch();
    const { 'content-security-policy': _, ...headers } = response.headers();
    if (request.resourceType() !== 'document') return route.fulfill({ response, headers });
    const text = await response.text();
    const free = text.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
    if (free === text) problems.push(`${url} has no policy to take away`);
    return route.fulfill({ response, headers, body: free });
  });
  // The trap must work, or its silence means nothing.
  await page.goto(site.url);
  await page.evaluate(() => {
    const image = document.createElement('img');
    image.setAttribute('onerror', 'alert("trap")');
    image.src = 'data:,x';
    document.body.append(image);
  });
  await page.waitForTimeout(200);
  if (!problems.splice(0).some((text) => text.startsWith('alert'))) problems.push('the trap does not work');
  for (let at = 0; at < count; at++) {
    const answer = await page.goto(`${site.url}p${at}/`);
    if (answer.status() !== 200) problems.push(`page ${at} is not there`);
    if (!page.url().startsWith(site.origin)) problems.push(`page ${at} leads to ${page.url()}`);
    problems.push(...(await page.evaluate(foreign, at)));
  }
  await page.waitForTimeout(200);
  await context.close();
  return problems;
}

/** What in a page could run, now or when somebody clicks. */
function foreign(at) {
  const problems = [];
  for (const element of document.querySelectorAll('*')) {
    const name = element.localName;
    if (name === 'script' && !element.src.includes('/assets/')) problems.push(`page ${at}: a script`);
    if (['iframe', 'object', 'embed', 'base', 'form', 'foreignobject', 'animate', 'set', 'use'].includes(name) && element.closest('[data-body]')) problems.push(`page ${at}: <${name}>`);
    for (const attribute of element.attributes) {
      const value = attribute.value.replace(/[\u0000-\u0020]/g, '').toLowerCase();
      if (attribute.name.startsWith('on') || attribute.name === 'style' || attribute.name === 'srcdoc') problems.push(`page ${at}: ${name} ${attribute.name}`);
      if (/^(javascript|vbscript|data):/.test(value) && /href|src|action|data/.test(attribute.name)) problems.push(`page ${at}: ${name} ${attribute.name}=${attribute.value}`);
    }
  }
  return problems;
}

// Pages

async function write(folder, count, random) {
  const content = join(folder, 'content');
  await mkdir(content, { recursive: true });
  await writeFile(join(folder, 'book.toml'), '[book]\ntitle = "Hostile"\n\n[markdown]\nmath = true\n');
  await writeFile(join(content, '_index.md'), '# Hostile\n');
  await writeFile(join(content, 'x.txt'), 'alert("x.txt")\n');
  for (let at = 0; at < count; at++) {
    const extension = random.of(['md', 'md', 'mdx']);
    await writeFile(join(content, `p${at}.${extension}`), pageOf(random));
  }
}

function pageOf(random) {
  const blocks = Array.from({ length: 3 + random.below(8) }, () => random.of(BLOCKS)(random));
  const front = random.below(3) === 0 ? `---\ntitle: ${JSON.stringify(line(random))}\ndescription: ${JSON.stringify(line(random))}\n---\n\n` : '# A page\n\n[x](x.txt)\n\n';
  return `${front}${blocks.join('\n\n')}\n`;
}

/** A hostile text, sometimes cut or doubled. */
function text(random) {
  const one = random.of(random.below(3) === 0 ? [tag(random)] : STRINGS).replaceAll('@', 'alert(1)');
  const cut = random.below(6);
  if (cut === 0) return one.slice(0, 1 + random.below(one.length));
  if (cut === 1) return one.slice(random.below(one.length));
  return cut === 2 ? one + text(random) : one;
}

const line = (random) => text(random).replace(/\s+/g, ' ');

const ELEMENTS = 'a audio b base button details div embed form iframe img input link math meta mi mtext object p picture script select source span style summary svg table td template textarea title use video foreignObject annotation-xml Card'.split(' ');
const ATTRIBUTES = 'action background cite class data formaction href id longdesc name onclick onerror onload onmouseover onfocus ping poster src srcdoc srcset style title to xlink:href'.split(' ');

function tag(random) {
  const name = random.of(ELEMENTS);
  const attributes = Array.from({ length: random.below(4) }, () => {
    const quote = random.of(['"', "'", '', '`']);
    return `${random.of([' ', '\n', '/', '\t'])}${random.of(ATTRIBUTES)}${random.of(['=', ' = ', '=\n'])}${quote}${value(random)}${quote}`;
  });
  const inside = random.below(2) === 0 ? line(random) : 'x';
  return `<${random.of([name, name.toUpperCase()])}${attributes.join('')}${random.of(['>', '/>', ' >', ''])}${inside}${random.of([`</${name}>`, '', '</br>'])}`;
}

const value = (random) =>
  random.of(['alert(1)', 'javascript:alert(1)', 'JaVa\tScRiPt:alert(1)', '&#106;avascript:alert(1)', 'data:text/html,<script>alert(1)</script>', `${ELSEWHERE}/x`, '//elsewhere.example/x', '\\\\elsewhere.example/x', '../x.txt', 'x', random.of(NAMES), '"><img src=x onerror=alert(1)>', `url(${ELSEWHERE}/x)`]);

const LANGUAGES = ['html', 'js', 'sh', 'console', 'yaml', 'diff', 'php', 'css', 'xml', 'svg', 'make', 'md', 'json', '<b>', '"'];

const BLOCKS = [
  (random) => text(random),
  (random) => `Words ${line(random)} *${line(random)}* \`${line(random)}\` ~~${line(random)}~~`,
  (random) => `## ${line(random)} {#${value(random)} .${value(random)} onclick=${value(random)}}`,
  (random) => `[${line(random)}](<${value(random)}> "${line(random)}") ![${line(random)}](${value(random)} '${line(random)}') <${value(random)}>`,
  (random) => `[a][r] [r][] ![r]\n\n[r]: <${value(random)}>\n  "${line(random)}"`,
  (random) => `\`\`\`${random.of(LANGUAGES)} title="${line(random)}" {${value(random)}}\n${text(random)}\n\`\`\``,
  (random) => `\`\`\`mermaid\nflowchart TD\n  accTitle: ${line(random)}\n  A["${line(random).replaceAll('"', "'")}"] -->|"${line(random).replaceAll('"', "'")}"| B\n  click A href "${value(random)}" "${line(random)}"\n  style B fill:${value(random)}\n\`\`\``,
  (random) => `\`\`\`mermaid\nsequenceDiagram\n  A->>B: ${line(random)}\n  Note over A: ${line(random)}\n\`\`\``,
  (random) => `$\\${random.of(['operatorname', 'mathop', 'text', 'mathrm', 'href', 'class', 'color', 'textbf', 'begin', 'unicode'])}{${line(random).replaceAll('$', '')}}$ $$${line(random).replaceAll('$', '')}$$`,
  (random) => `| ${line(random)} | ${line(random)} |\n|---|:-:|\n| ${line(random)} | ${line(random)} |`,
  (random) => `:::${random.of(['note', 'details', 'warning', 'tabs', 'tab', 'x'])} ${line(random)}\n${text(random)}\n:::`,
  (random) => `:::tab[${line(random)}]{${value(random)}}\n${tag(random)}\n:::`,
  (random) => `> [!${random.of(['NOTE', 'warning', line(random)])}] ${line(random)}\n> ${line(random)}`,
  (random) => `x[^${random.below(3)}]\n\n[^0]: ${line(random)}\n\n[^1]: ${line(random)}`,
  (random) => `- ${line(random)}\n  1. ${tag(random)}\n\n     ${tag(random)}`,
  (random) => `<div>\n${tag(random)}\n\n${tag(random)}\n\n</div>`,
  (random) => `<svg>${tag(random)}<style>${text(random)}</style></svg> <math><mtext>${tag(random)}</mtext></math>`,
  (random) => `<!-- ${text(random)} --> ${tag(random)} <![CDATA[${text(random)}]]> <?${text(random)}?>`,
  (random) => `{/* ${text(random)} */}\n\n<Card title={${line(random)}} href="${value(random)}">`,
];

/** Random numbers that follow from a seed (mulberry32). */
function generator(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit) => Math.floor(next() * limit);
  return { below, of: (choices) => choices[below(choices.length)] };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [count = 1500, seed = 1] = process.argv.slice(2).map(Number);
  const binary = resolve(process.env.OPSBOOK ?? fileURLToPath(new URL('../../target/debug/opsbook', import.meta.url)));
  const report = new Report();
  const browser = await launch();
  try {
    await hostilePagesSession(browser, binary, report, count, seed);
  } finally {
    await browser.close();
  }
  process.exit(report.close());
}
