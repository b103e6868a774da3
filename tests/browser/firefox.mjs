// The sorts of pages in Debian's Firefox, driven by WebDriver BiDi: overflow, what axe finds, and what the console says.

import { install } from '../install.mjs';
import { BidiBrowser } from './bidi.mjs';
import { AXE, COLOURS, WCAG } from './visit.mjs';

const PROGRAM = process.env.FIREFOX ?? '/usr/bin/firefox-esr';
const WIDTHS = [320, 1280];
/** A page of each sort. */
const PAGES = [
  '',
  'runbooks/ceph-osd-down/',
  'rcas/2026-10-etcd-slow-disks/',
  'processes/incident-response/',
  'minutes/20261109/',
  'registers/',
  'registers/actions/',
  'registers/incidents/',
  'registers/controls/c5-2020/',
  'guide/diagrams/',
  'guide/parts/',
  'search/?q=ceph',
  'de/',
];
/** The schemes, with the value of the setting that the browser takes for that of the system, and the rules for each. */
const SCHEMES = [
  { name: 'light', setting: 1, rules: WCAG },
  { name: 'dark', setting: 0, rules: COLOURS },
];

/** The colour of a page in each scheme, which shows that the browser is in it. */
const GROUNDS = { light: 'rgb(255, 255, 255)', dark: 'rgb(15, 21, 24)' };

export async function firefoxSession(site, report) {
  install('firefox-esr', ['firefox-esr']);
  for (const { name, setting, rules } of SCHEMES) {
    const browser = await BidiBrowser.start(PROGRAM, {
      'layout.css.prefers-color-scheme.content-override': setting,
      // Without a word to any other host.
      'network.dns.forceResolve': '127.0.0.1',
      'network.captive-portal-service.enabled': false,
      'network.connectivity-service.enabled': false,
      'datareporting.policy.dataSubmissionEnabled': false,
    });
    try {
      await visitAll(browser, site, report, name, rules);
    } finally {
      await browser.close();
    }
  }
}

async function visitAll(browser, site, report, scheme, rules) {
  const { context } = await browser.send('browsingContext.create', { type: 'tab' });
  const problems = [];
  await browser.listen('log.entryAdded', ({ level, type, text }) => {
    if (['error', 'warn'].includes(level)) problems.push(`${type}: ${text}`);
  });
  const evaluate = async (expression) => {
    const { result, exceptionDetails } = await browser.send('script.evaluate', { expression, target: { context }, awaitPromise: true });
    if (exceptionDetails) throw new Error(exceptionDetails.text);
    return result.value;
  };
  for (const width of WIDTHS) {
    await browser.send('browsingContext.setViewport', { context, viewport: { width, height: 860 } });
    for (const url of PAGES) {
      problems.length = 0;
      await browser.send('browsingContext.navigate', { context, url: site.url + url, wait: 'complete' });
      const seen = JSON.parse(await evaluate(`(${look})()`));
      if (seen.width !== width) problems.push(`the window is ${seen.width} px wide`);
      if (seen.wide > 0) problems.push(`scrolls ${seen.wide} px sideways`);
      if (seen.ground !== GROUNDS[scheme]) problems.push(`the ground is ${seen.ground}`);
      // What the browser evaluates for the driver is not bound by the page's policy.
      await evaluate(`${AXE}; 0`);
      problems.push(...JSON.parse(await evaluate(`(${judge})(${JSON.stringify(rules)})`)));
      report.check(`${url || '(home)'} in Firefox at ${width} px, ${scheme}`, [...new Set(problems)]);
    }
  }
}

/** In the page: its width, how far it scrolls sideways, and its colour. */
function look() {
  const { clientWidth, scrollWidth } = document.documentElement;
  return JSON.stringify({ width: innerWidth, wide: scrollWidth - clientWidth, ground: getComputedStyle(document.documentElement).backgroundColor });
}

/** In the page: what axe finds, as texts. */
async function judge(runOnly) {
  const { violations } = await window.axe.run(document, { runOnly, resultTypes: ['violations'] });
  return JSON.stringify(violations.map(({ id, nodes }) => `axe ${id}: ${nodes[0].html.slice(0, 160)} (${nodes.length} places)`));
}
