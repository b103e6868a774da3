// Opens pages as readers would: narrow and wide, light and dark.

import axe from 'axe-core';

const WIDTHS = [320, 1280];
export const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Opens every page in every way and reports what is wrong with it; `font` is what the browser shows them in. */
export async function visitAll(browser, site, urls, report, { font = 'the usual font', schemes = ['light', 'dark'] } = {}) {
  const practice = new Map();
  for (const width of WIDTHS) {
    for (const colorScheme of schemes) {
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
      const seen = await watch(context, site);
      const page = await context.newPage();
      listen(page, seen);
      for (const url of urls) {
        const problems = await visit(page, new URL(url, site.url).href, seen, practice);
        report.check(`${url || '(home)'} at ${width} px, ${colorScheme}, in ${font}`, problems);
      }
      await context.close();
    }
  }
  for (const [rule, places] of practice) console.log(`best practice: ${rule}: ${places.size} pages, first ${[...places][0]}`);
}

/** Collects requests to other hosts and violations of the policy. */
export async function watch(context, site) {
  const seen = { problems: [] };
  await context.route('**/*', (route) => {
    const url = route.request().url();
    if (url.startsWith(site.origin)) return route.continue();
    seen.problems.push(`request to another host: ${url}`);
    return route.abort();
  });
  await context.exposeFunction('reportViolation', (text) => seen.problems.push(text));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      window.reportViolation(`CSP: ${event.violatedDirective} blocks ${event.blockedURI} ${event.sample}`),
    );
  });
  return seen;
}

export function listen(page, seen) {
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) seen.problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => seen.problems.push(`script: ${error.message}`));
  page.on('response', (response) => {
    if (response.status() >= 400 && response.request().resourceType() !== 'document') {
      seen.problems.push(`${response.status()}: ${response.url()}`);
    }
  });
}

async function visit(page, url, seen, practice) {
  seen.problems.length = 0;
  await page.goto(url, { waitUntil: 'load' });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) seen.problems.push(`scrolls ${wide} px sideways: ${await widest(page)}`);
  // What the browser evaluates for the driver is not bound by the page's policy.
  await page.evaluate(axe.source);
  const found = await page.evaluate(
    (tags) => window.axe.run(document, { runOnly: tags, resultTypes: ['violations'] }),
    [...WCAG, 'best-practice'],
  );
  for (const violation of found.violations) {
    if (violation.tags.includes('best-practice') && !violation.tags.some((tag) => WCAG.includes(tag))) {
      practice.set(violation.id, (practice.get(violation.id) ?? new Set()).add(url));
      continue;
    }
    const node = violation.nodes[0];
    seen.problems.push(`axe ${violation.id}: ${node.html.slice(0, 200)} (${violation.nodes.length} places): ${summary(node)}`);
  }
  return [...new Set(seen.problems)];
}

function summary(node) {
  return node.failureSummary.replace(/\s+/g, ' ').slice(0, 200);
}

/** The element that sticks out furthest. */
function widest(page) {
  return page.evaluate(() => {
    const edge = document.documentElement.clientWidth;
    const wide = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > edge + 1);
    return wide.at(-1)?.outerHTML.slice(0, 120) ?? '';
  });
}
