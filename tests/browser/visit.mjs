// What is seen on any page that is opened: requests to other hosts, violations of the policy, errors and warnings.

import axe from 'axe-core';

/** Lays out blocks that are far from the window, too: what sticks out of them, or covers others, would not be seen. */
export const LAY_OUT = `{
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('.ob-prose > *, .ob-table tr { content-visibility: visible !important; contain: none !important; }');
  document.adoptedStyleSheets = [sheet];
}`;
/** Lays out the whole page, and defines `axe`. */
export const AXE = `${LAY_OUT}${axe.source}`;
export const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** The rules among them that judge colours: all that a scheme can change. */
export const COLOURS = ['color-contrast', 'link-in-text-block'];

/** Collects requests to other hosts and violations of the policy. */
export async function watch(context, site) {
  const seen = { problems: [] };
  // Seen, not held up: where requests are held up, the browser has no cache. `launch` lets none reach another host.
  context.on('request', (request) => {
    if (/^(https?|wss?):/.test(request.url()) && !request.url().startsWith(site.origin)) {
      seen.problems.push(`request to another host: ${request.url()}`);
    }
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
