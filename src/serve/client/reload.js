// Keeps a page of the preview up to date: reloads it after a good save, and shows what is wrong after a bad
// one. Served by `opsbook serve` only. Builds every element from text, so content cannot become markup.

const here = new URL('.', import.meta.url);
const place = 'opsbook-scroll';

// The state of the site in which this page was made; null where the browser does not tell.
const [navigation] = performance.getEntriesByType('navigation');
let state = navigation?.serverTiming?.find((entry) => entry.name === 'opsbook')?.description ?? null;

let panel = null;
let dismissed = null;

restoreScroll();
let events = null;
listen();
document.addEventListener('visibilitychange', listen);
addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && panel && !event.defaultPrevented) {
    dismiss();
  }
});

// A browser has six connections to a host: were each tab to hold one, the seventh page would never load. So a
// tab listens while it is seen. Whoever comes back to it is told at once what there is now.
function listen() {
  if (document.visibilityState === 'hidden') {
    events?.close();
    events = null;
  } else if (events === null) {
    events = new EventSource(new URL('events', here));
    events.addEventListener('reload', (event) => reloadInto(event.data));
    events.addEventListener('problems', (event) => showProblems(event.data));
  }
}

function reloadInto(newest) {
  if (state === null) {
    state = newest;
  } else if (state !== newest) {
    state = newest;
    saveScroll();
    location.reload();
  }
}

function saveScroll() {
  try {
    sessionStorage.setItem(place, JSON.stringify([location.pathname, scrollX, scrollY]));
  } catch {
    // Without storage the page starts at its top.
  }
}

function restoreScroll() {
  try {
    const saved = sessionStorage.getItem(place);
    sessionStorage.removeItem(place);
    const [path, x, y] = JSON.parse(saved ?? '[]');
    if (path === location.pathname) {
      scrollTo({ left: x, top: y, behavior: 'instant' });
    }
  } catch {
    // As above.
  }
}

async function showProblems(number) {
  const response = await fetch(new URL('problems.json', here)).catch(() => null);
  const report = response?.ok ? await response.json() : null;
  if (!report?.problems?.length) {
    panel?.remove();
    panel = null;
  } else if (number !== dismissed) {
    draw(report, number);
  }
}

function draw(report, number) {
  panel?.remove();
  const title = element('h2', 'opsbook-title', headline(report.errors));
  title.id = 'opsbook-problems-title';
  const close = element('button', 'opsbook-close', 'Close (Esc)');
  close.type = 'button';
  close.addEventListener('click', dismiss);
  const note = report.stale
    ? 'Below is the last good version of this page. The next good save replaces it.'
    : 'This page was built in spite of them.';
  const list = element('ol', 'opsbook-list');
  list.append(...report.problems.map(item));
  const more = report.errors - report.problems.length;
  const rest = more > 0 ? [element('p', 'opsbook-note', `… and ${more} more; the terminal lists them.`)] : [];
  panel = element('div', 'opsbook-problems');
  panel.setAttribute('role', 'dialog');
  panel.setAttribute('aria-labelledby', title.id);
  panel.dataset.number = number;
  panel.append(title, close, element('p', 'opsbook-note', note), list, ...rest);
  loadStyle();
  document.body.append(panel, announcement(headline(report.errors)));
}

function headline(count) {
  return count === 1 ? 'There is a problem in the handbook' : `There are ${count} problems in the handbook`;
}

function item(problem) {
  const entry = element('li', 'opsbook-problem');
  const rule = problem.rule ? `error[${problem.rule}]: ` : 'error: ';
  entry.append(element('p', 'opsbook-message', rule + problem.message));
  if (problem.place) {
    entry.append(element('p', 'opsbook-place', problem.place));
  }
  if (problem.help) {
    entry.append(element('p', 'opsbook-help', `help: ${problem.help}`));
  }
  return entry;
}

function dismiss() {
  dismissed = panel.dataset.number;
  panel.remove();
  panel = null;
}

// Screen readers announce a change in a live region, not a region that comes with its text.
let region = null;
function announcement(text) {
  region ??= element('div', 'opsbook-announcement');
  region.setAttribute('aria-live', 'polite');
  setTimeout(() => {
    region.textContent = text;
  }, 100);
  return region;
}

let styled = false;
function loadStyle() {
  if (!styled) {
    styled = true;
    const link = element('link');
    link.rel = 'stylesheet';
    link.href = new URL('overlay.css', here);
    document.head.append(link);
  }
}

function element(name, className = '', text = '') {
  const made = document.createElement(name);
  if (className) {
    made.className = className;
  }
  made.textContent = text;
  return made;
}
