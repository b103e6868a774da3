// Hostile texts as content and as queries: nothing runs, nothing breaks the policy, results are text and marks only.

import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NAMES, ODD, STRINGS, WORDS } from './hostile-strings.mjs';
import { settled } from './search.mjs';
import { serveSite } from './site.mjs';

/** Builds a handbook of hostile texts and searches it in every way. With `all`, each text is loaded as a page and as an address. */
export async function hostileSession(browser, binary, report, all) {
  const folder = await mkdtemp(join(tmpdir(), 'opsbook-hostile-'));
  await write(folder);
  const build = spawnSync(binary, ['build', '--root', folder, '--keep-going'], { encoding: 'utf8' });
  const site = await serveSite(join(folder, 'public'), '/hostile/');
  const context = await browser.newContext();
  const trap = await setTrap(context);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on('pageerror', (error) => trap.problems.push(`script: ${error.message}`));
  page.on('dialog', (dialog) => (trap.problems.push(`a dialog: ${dialog.message()}`), dialog.dismiss()));
  try {
    report.check('hostile: the handbook is built', build.status === 2 || build.signal ? [build.stderr] : []);
    const some = all ? STRINGS : STRINGS.filter(sixth);
    for (const [name, check] of CHECKS) {
      const thrown = await check(page, site, trap, some).then((problems) => problems ?? [], (error) => [error.stack]);
      report.check(`hostile: ${name}`, [...thrown, ...trap.problems.splice(0)]);
    }
  } finally {
    await context.close();
    await site.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Everything that may show that a text ran. */
async function setTrap(context) {
  const trap = { problems: [] };
  await context.exposeFunction('reportTrap', (text) => trap.problems.push(text));
  await context.addInitScript(() => {
    const report = window.reportTrap;
    for (const name of ['alert', 'confirm', 'prompt', 'print']) window[name] = () => report(`${name} was called on ${location.href}`);
    document.addEventListener('securitypolicyviolation', (event) =>
      report(`CSP: ${event.violatedDirective} blocks ${event.blockedURI} ${event.sample} on ${location.href}`),
    );
  });
  return trap;
}

// The handbook: a page for each text, with it as title, description, owner, heading, code and body

async function write(folder) {
  const content = join(folder, 'content');
  await mkdir(join(content, 'strings'), { recursive: true });
  await mkdir(join(content, 'words'));
  await writeFile(join(folder, 'book.toml'), '[book]\ntitle = "Hostile"\n\n[print]\nsections = ["strings"]\n');
  await writeFile(join(content, '_index.md'), '# Hostile\n');
  await writeFile(join(content, 'strings/_index.md'), '# Strings\n');
  const strings = STRINGS.map((text, at) => writeFile(join(content, `strings/s${at}.md`), hostilePage(text, at)));
  const words = WORDS.map((word, at) => writeFile(join(content, `words/w${at}.md`), `---\ntitle: ${JSON.stringify(word)}\ntags: [${JSON.stringify(word)}]\n---\nAbout \`${word}\`.\n`));
  await Promise.all([...strings, ...words, writeFile(join(content, 'clobber.md'), clobberingPage())]);
  const drawings = Object.entries(DRAWINGS);
  await Promise.all(drawings.map(([name, text]) => writeFile(join(content, `${name}.svg`), text)));
  await writeFile(join(content, 'drawings.md'), `# Drawings\n\n${drawings.map(([name]) => `![${name}](${name}.svg)\n`).join('\n')}`);
}

/** Drawings that run or load something when they are opened by their own address, and one that needs neither. */
const ROOT = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">';
const RUN = '<script>document.documentElement.setAttribute("ran", "1"); window.alert?.("svg")</script>';
const LABEL = (html) => `${ROOT}<foreignObject><div xmlns="http://www.w3.org/1999/xhtml">${html}</div></foreignObject></svg>`;
const DRAWINGS = {
  cdata: `${ROOT}<text><![CDATA[ <!-- ]]></text>${RUN}<text><![CDATA[ --> ]]></text></svg>`,
  instruction: `${ROOT}<?x <!-- ?>${RUN}<?x --> ?></svg>`,
  doctype: `<!DOCTYPE svg SYSTEM "<!--">${ROOT}${RUN}</svg>`,
  onload: `<?x <!-- ?>${ROOT.replace('>', ' onload="alert(1)">')}<?x --> ?></svg>`,
  sheet: `${ROOT}<style><![CDATA[ <!-- ]]></style>${RUN}<style><![CDATA[ --> ]]></style></svg>`,
  handler: `<!DOCTYPE svg SYSTEM "<!--">${ROOT.replace('>', ' onload="alert(1)">')}</svg>`,
  image: `${ROOT}<image href="https://elsewhere.example/t.png" width="9" height="9"/></svg>`,
  import: `${ROOT}<style>@import url(https://elsewhere.example/t.css);</style></svg>`,
  font: `${ROOT}<style>@font-face{font-family:f;src:url(https://elsewhere.example/f.woff2)}text{font-family:f}</style><text y="9">a</text></svg>`,
  picture: LABEL('<img src="https://elsewhere.example/t.png"/>'),
  link: LABEL('<link rel="stylesheet" href="https://elsewhere.example/t.css"/>'),
  refresh: LABEL('<meta http-equiv="refresh" content="0;url=https://elsewhere.example/"/>'),
  form: LABEL('<form action="https://elsewhere.example/"><button>x</button></form>'),
  fine: `${ROOT}<style>rect{fill:red}</style><rect width="9" height="9"/></svg>`,
};

function hostilePage(text, at) {
  const line = text.replace(/\s+/g, ' ');
  const quoted = JSON.stringify(text);
  const front = `---\ntitle: ${quoted}\ndescription: ${quoted}\nowner: ${quoted}\n---\n`;
  const label = line.replaceAll('"', "'");
  const diagram = `\n\`\`\`mermaid\nflowchart TD\n  accTitle: ${line}\n  A["${label}"] -->|"${label}"| B\n  click A href "${label}"\n  style B fill:${label}\n\`\`\`\n`;
  return `${front}The word hit${at}mark stands beside ${line}\n\n## ${line}\n\n\`\`\`html title=${JSON.stringify(line)}\n${text}\n\`\`\`\n\n\`${line}\`\n${diagram}\n${text}\n`;
}

function clobberingPage() {
  const ids = NAMES.map((name) => `## Heading {#${name}}\n\n<a id="${name}" name="${name}" href="#x">x</a> <span id="${name}">y</span>\n`);
  const names = NAMES.map((name) => `<img src="x.png" name="${name}" id="${name}" alt="z"> <form name="${name}"><input name="${name}"></form>\n`);
  return `# Clobbering\n\n${ids.join('\n')}\n${names.join('\n')}`;
}

// Looking

/** What the box and the search page show, apart from what they may hold. */
function foreign(page) {
  return page.evaluate(() => {
    const problems = [];
    const bare = (element) => element.attributes.length === 0;
    const text = (name, allowed) => {
      for (const element of document.querySelectorAll(name)) {
        const inside = [...element.querySelectorAll('*')].filter((child) => !(allowed.includes(child.tagName) && bare(child)));
        if (inside.length > 0) problems.push(`${name} holds ${inside[0].outerHTML.slice(0, 200)}`);
      }
    };
    text('.ob-kind, .ob-box-place, .ob-filter, .ob-word, .ob-box-recent, .ob-result-place > span, .ob-facets legend', []);
    text('.ob-box-title, .ob-result h2 a, .ob-box-excerpt, .ob-result-excerpt', ['MARK']);
    const known = 'A BUTTON CODE DETAILS DIV FIELDSET H2 INPUT KBD LABEL LEGEND LI MARK OL P SPAN SUMMARY'.split(' ');
    for (const element of document.querySelectorAll('.ob-box *, .ob-found *')) {
      if (!known.includes(element.tagName)) problems.push(`a foreign ${element.tagName}`);
      for (const { name } of element.attributes) if (name.startsWith('on') || name === 'style' || name === 'src') problems.push(`a foreign attribute ${name}`);
      if (element.tagName === 'A' && !element.href.startsWith(location.origin)) problems.push(`a link to ${element.href}`);
    }
    return problems;
  });
}

async function ask(page, query) {
  await page.locator('.ob-box-input').fill(query);
  await answered(page);
}

function answered(page) {
  return page.waitForFunction(() => !document.querySelector('.ob-box-input').hasAttribute('aria-busy'));
}

async function open(page, url) {
  await page.goto(url);
  await page.keyboard.press('Control+k');
  await page.locator('.ob-box-input').waitFor();
}

/** Waits until the first result has its excerpt, where there is one. */
function completed(page) {
  const first = () => {
    const excerpt = document.querySelector('.ob-box-excerpt, .ob-result-excerpt');
    return !excerpt || excerpt.textContent !== '';
  };
  return page.waitForFunction(first, null, { timeout: 1000 }).catch(() => {});
}

const sixth = (_, at) => at % 6 === 0;

const CHECKS = [
  ['drawings run and load nothing, also without a policy', async (page, site) => {
    const problems = [];
    const asked = (request) => request.url().startsWith(site.origin) || problems.push(`asks ${request.url()}`);
    page.on('request', asked);
    await page.route('**/*.svg', async (route) => {
      const response = await route.fetch();
      const { 'content-security-policy': _, ...headers } = response.headers();
      await route.fulfill({ response, headers });
    });
    let opened = 0;
    for (const name of Object.keys(DRAWINGS)) {
      const answer = await page.goto(`${site.url}${name}.svg`);
      opened += answer.status() === 200 ? 1 : 0;
      await page.waitForTimeout(100);
      if (!page.url().startsWith(site.origin)) problems.push(`${name} leads to ${page.url()}`);
      if (await page.evaluate(() => document.documentElement?.hasAttribute('ran'))) problems.push(`${name} runs`);
    }
    await page.unroute('**/*.svg');
    page.off('request', asked);
    return opened === 3 ? problems : [...problems, `${opened} drawings are published; wanted are import, font and fine`];
  }],
  ['the trap works, and pages refuse to make markup from text', async (page, site, trap) => {
    await page.goto(site.url);
    const refused = await page.evaluate(() => {
      alert('trap');
      try {
        document.body.insertAdjacentHTML('beforeend', '<b>markup</b>');
      } catch (error) {
        return error instanceof TypeError;
      }
    });
    await page.waitForTimeout(100);
    const sprung = trap.problems.splice(0);
    const complete = sprung.some((text) => text.startsWith('alert')) && sprung.some((text) => text.startsWith('CSP'));
    return complete && refused ? [] : [`refused: ${refused}, seen: ${sprung.join('; ')}`];
  }],
  [`${STRINGS.length} texts as content are found and shown as text`, async (page, site) => {
    const problems = [];
    await open(page, site.url);
    for (const at of STRINGS.keys()) {
      await ask(page, `hit${at}mark`);
      await completed(page);
      problems.push(...(await foreign(page)));
      const title = await page.locator('.ob-box-title').first().textContent({ timeout: 1000 }).catch(() => '');
      // Comments of HTML are not shown in titles either.
      const shown = STRINGS[at].replace(/<!--(?:>|->|[\s\S]*?-->)/g, '');
      if (title.replace(/\s+/g, ' ').trim() !== shown.replace(/\s+/g, ' ').trim()) problems.push(`${STRINGS[at]} has the title ${title}`);
    }
    return problems;
  }],
  ['they run nothing in lists of pages, on one page that holds all pages, and on some of the pages', async (page, site, _, some) => {
    const problems = [];
    for (const [path, parts] of [['', 'main li'], ['print/', '.ob-part']]) {
      await page.goto(`${site.url}strings/${path}`);
      const count = await page.locator(parts).count();
      if (count < STRINGS.length) problems.push(`strings/${path} holds ${count} of ${STRINGS.length}`);
    }
    for (const text of some) await page.goto(`${site.url}strings/s${STRINGS.indexOf(text)}/`);
    return problems;
  }],
  ['they run nothing when they are typed', async (page, site) => {
    const problems = [];
    await open(page, site.url);
    for (const text of STRINGS) {
      await ask(page, text);
      await completed(page);
      problems.push(...(await foreign(page)));
    }
    return problems;
  }],
  ['they run nothing as ?q=, as fragments and as recent searches', async (page, site, _, some) => {
    const problems = [];
    for (const text of some) {
      await page.goto(`${site.url}search/?${new URLSearchParams({ q: text })}#${text.replace(/\s/g, ' ')}`);
      await settled(page);
      await page.evaluate(() => document.getElementById('ob-query').requestSubmit());
      problems.push(...(await foreign(page)));
    }
    await open(page, site.url);
    await page.locator('.ob-box-recent').first().waitFor();
    return [...problems, ...(await foreign(page))];
  }],
  ['they run nothing as filters', async (page, site) => {
    const problems = [];
    for (const text of STRINGS.filter(sixth)) {
      await page.goto(`${site.url}search/?${new URLSearchParams({ q: 'script', kind: text, [text]: text })}`);
      await settled(page);
      problems.push(...(await foreign(page)));
    }
    return problems;
  }],
  ['they run nothing on the way back and forward', async (page, site) => {
    const problems = [];
    const texts = STRINGS.filter(sixth);
    await page.goto(`${site.url}search/`);
    for (const text of texts) {
      await page.locator('#ob-query-text').fill(text);
      await page.locator('#ob-query-text').press('Enter');
      await settled(page);
    }
    for (const step of ['goBack', 'goForward']) {
      for (const _ of texts.slice(1)) {
        await page[step]();
        await page.waitForTimeout(30);
        problems.push(...(await foreign(page)));
      }
    }
    const text = await page.locator('#ob-query-text').inputValue();
    if (text !== texts.at(-1).replace(/[\r\n]/g, '')) problems.push(`the way ends at ${text}`);
    return problems;
  }],
  [`${NAMES.length} names of elements take nothing from the search`, async (page, site) => {
    await open(page, `${site.url}clobber/`);
    await ask(page, 'clobbering');
    await completed(page);
    const titles = await page.locator('.ob-box-title').allTextContents();
    return titles.includes('Clobbering') ? foreign(page) : [`found: ${titles}`];
  }],
  ['words that are properties of objects are found, also as tags', async (page, site) => {
    const problems = [];
    await open(page, site.url);
    for (const word of WORDS) {
      for (const query of [word, `tag:${word}`, `"${word}"`]) {
        await ask(page, query);
        const titles = await page.locator('.ob-box-title').allTextContents();
        if (!titles.includes(word)) problems.push(`${query} finds ${titles.join(', ') || 'nothing'}`);
      }
    }
    return problems;
  }],
  ['odd queries are answered', async (page, site) => {
    const problems = [];
    for (const [name, query] of Object.entries(ODD)) {
      await open(page, site.url);
      await ask(page, query);
      const status = await page.locator('.ob-box-status').textContent();
      if (/not available/.test(status)) problems.push(`${name} in the box: ${status}`);
      await page.goto(`${site.url}search/?${new URLSearchParams({ q: query })}`);
      if (query.trim()) await settled(page);
      const count = await page.locator('#ob-count').textContent();
      if (/not available/.test(count)) problems.push(`${name} on the page: ${count}`);
    }
    return problems;
  }],
];
