// Keeps a page of the preview up to date: reloads it after a save, and shows problems. Only `opsbook serve`
// serves this file. Every element is built from text, so content cannot become markup.

const here = new URL('.', import.meta.url);
const place = 'opsbook-scroll';
const closed = 'opsbook-closed';

// The version of the site in which this page was made; null if the browser does not give it.
const [navigation] = performance.getEntriesByType('navigation');
let state = navigation?.serverTiming?.find((entry) => entry.name === 'opsbook')?.description ?? null;

let panel = null;

restoreScroll();
let events = null;
listen();
document.addEventListener('visibilitychange', listen);
addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && panel && !event.defaultPrevented) {
    dismiss();
  }
});

// A browser opens at most six connections to a host: if each tab held one, the seventh page would never load.
// So a tab listens only while it is visible. When it becomes visible again, it gets the present versions at
// once.
function listen() {
  if (document.visibilityState === 'hidden') {
    events?.close();
    events = null;
  } else if (events === null) {
    events = new EventSource(new URL('events', here));
    events.addEventListener('reload', (event) => reloadInto(event.data));
    events.addEventListener('problems', showProblems);
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
  remember(place, JSON.stringify([location.pathname, scrollX, scrollY]));
}

function restoreScroll() {
  const [path, x, y] = JSON.parse(recall(place) ?? '[]');
  remember(place, null);
  if (path === location.pathname) {
    scrollTo({ left: x, top: y, behavior: 'instant' });
  }
}

async function showProblems() {
  const response = await fetch(new URL('problems.json', here)).catch(() => null);
  const report = response?.ok ? await response.json() : null;
  if (!report?.problems?.length) {
    panel?.remove();
    panel = null;
    remember(closed, null);
  } else if (recall(closed) !== signature(report)) {
    draw(report);
  }
}

// A closed panel stays closed over reloads, until there is another problem. Positions are not part of the
// signature: they change with every line that is written.
function signature(report) {
  return JSON.stringify([report.held, report.problems.map((problem) => [problem.rule, problem.message])]);
}

function remember(key, value) {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, value);
  } catch {
    // Without storage nothing is remembered.
  }
}

function recall(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

// Problems of this page come first and are open. Those of other pages are one folded line, unless one of them
// may be the reason why nothing new is shown, or why this page does not exist.
function draw(report) {
  panel?.remove();
  const pageAt = (path) => decodeURI(path).replace(/\/index\.html$/, '/');
  const isOwn = (problem) => typeof problem.page === 'string' && pageAt(`/${problem.page}`) === pageAt(location.pathname);
  const own = report.problems.filter(isOwn);
  const others = report.problems.filter((problem) => !isOwn(problem));
  const elsewhere = report.errors - own.length;
  const title = element('h2', 'opsbook-title', headline(own.length, elsewhere));
  title.id = 'opsbook-problems-title';
  const close = element('button', 'opsbook-close', 'Close (Esc)');
  close.type = 'button';
  close.addEventListener('click', dismiss);
  panel = element('div', 'opsbook-problems');
  panel.setAttribute('role', 'dialog');
  panel.setAttribute('aria-labelledby', title.id);
  panel.dataset.signature = signature(report);
  panel.append(title, close);
  if (report.held) {
    panel.append(element('p', 'opsbook-note', `You see the last good version of the handbook: ${report.held}.`));
  } else if (own.length > 0) {
    panel.append(element('p', 'opsbook-note', 'You see the page as it is now, as far as it can be shown.'));
  }
  if (own.length > 0) panel.append(list(own, own[0].page));
  const missing = navigation?.responseStatus === 404;
  if (others.length > 0) panel.append(rest(others, elsewhere, own.length === 0 && (missing || Boolean(report.held))));
  loadStyle();
  document.body.append(panel, announcement(title.textContent));
}

function headline(own, elsewhere) {
  const problems = (count) => (count === 1 ? '1 problem' : `${count} problems`);
  if (own === 0) return `${problems(elsewhere)} in the handbook`;
  return elsewhere === 0 ? `${problems(own)} in this page` : `${problems(own)} in this page, ${elsewhere} elsewhere`;
}

function rest(problems, count, open) {
  const fold = element('details', 'opsbook-rest');
  fold.open = open;
  fold.append(element('summary', 'opsbook-summary', 'In other places'), list(problems));
  const more = count - problems.length;
  if (more > 0) fold.append(element('p', 'opsbook-note', `… and ${more} more; the terminal lists them.`));
  return fold;
}

// `own` is the page that is shown, so its problems need no link to it.
function list(problems, own) {
  const made = element('ol', 'opsbook-list');
  made.append(...problems.map((problem) => item(problem, own)));
  return made;
}

function item(problem, own) {
  const entry = element('li', 'opsbook-problem');
  const rule = problem.rule ? `error[${problem.rule}]: ` : 'error: ';
  entry.append(element('p', 'opsbook-message', rule + problem.message));
  if (problem.place) {
    const place = element('p', 'opsbook-place');
    place.append(problem.editor ? link(problem.editor, problem.place, 'Open in the editor') : problem.place);
    if (typeof problem.page === 'string' && problem.page !== own) place.append(' ', link(`/${problem.page}`, 'page', 'Show the page'));
    entry.append(place);
  }
  if (problem.help) {
    entry.append(element('p', 'opsbook-help', `help: ${problem.help}`));
  }
  return entry;
}

function link(target, text, title) {
  const made = element('a', 'opsbook-link', text);
  made.href = target;
  made.title = title;
  return made;
}

function dismiss() {
  remember(closed, panel.dataset.signature);
  panel.remove();
  panel = null;
}

// Screen readers announce a change in a live region, but not a region that is added with its text.
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
