// Access to the search engine: loads it, and shows answers to what is typed in the right order. Nothing is loaded
// before the reader uses the search.

/** The URL of the home page. Assets are in a folder below it. */
export const ROOT = new URL("..", import.meta.url);

const ENGINE = new URL("search/search.js", ROOT).href;

/** The scripts that search may load in a bundle, which is opened as files. The first one is the engine. */
const packs = document.getElementById("ob-bundle")?.content?.children;

let engine = null;
let failures = 0;

/**
 * Pages that are opened as files cannot import a module, and a script may not set the URL of another one. A copy of
 * the script in the page is inserted.
 */
function unpack() {
  const script = document.importNode(packs[0], true);
  return new Promise((resolve, reject) => {
    script.addEventListener("load", () => resolve(opsbook["search/search.js"]));
    script.addEventListener("error", reject);
    document.head.append(script);
  });
}

/** The module `search/search.js`. A failure is not cached: the next call tries again. */
export function loadEngine() {
  // Browsers remember by URL that a module could not be loaded, so the next attempt needs another URL.
  const loading = () => (packs ? unpack() : import(failures ? `${ENGINE}?${failures}` : ENGINE));
  engine ??= loading().catch((error) => {
    engine = null;
    failures += 1;
    throw error;
  });
  return engine;
}

/** Loads the engine and its index before the first letter is typed. A failure is reported when they are needed. */
export function warmEngine() {
  loadEngine().then((loaded) => loaded.warm()).catch(() => {});
}

/** The time without an answer, in milliseconds, after which `wait` is called. */
const SLOW = 400;

/**
 * Answers the newest question. Only one question runs at a time: a newer one stops it, and its answer is dropped.
 * `answer(question, signal)` returns the answer for `show(question, answer)`. `fail(question, error)` reports an
 * error, and `wait()` that the answer takes long.
 */
export function newest({ answer, show, fail, wait }) {
  let next = null;
  let running = null;
  return async (question) => {
    next = { question, stop: new AbortController() };
    running?.stop.abort();
    while (next && !running) {
      [running, next] = [next, null];
      const { question, stop } = running;
      const slow = setTimeout(wait, SLOW);
      let done;
      try {
        const answered = await answer(question, stop.signal);
        done = () => show(question, answered);
      } catch (error) {
        done = () => fail(question, error);
      }
      clearTimeout(slow);
      running = null;
      if (!next) done();
    }
  };
}

/** How long results must stay unchanged before their pages are fetched for excerpts, in milliseconds. */
const CALM = 120;

/**
 * Completes results when they come into view. `results` maps elements to results, and later to the completed ones;
 * `redraw(element, result)` is called with each completed result. Returns the function that stops it.
 */
export function completeInSight(results, query, { root = null, redraw }) {
  let ended = false;
  const complete = async (element) => {
    const { excerpt } = await loadEngine();
    const result = await excerpt(results.get(element), query);
    if (ended) return;
    // From now on the result leads to its section.
    results.set(element, result);
    redraw(element, result);
  };
  const seen = (entries, observer) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      // Without an excerpt a result still has its title and leads to its page.
      complete(target).catch(() => {});
    }
  };
  const observer = new IntersectionObserver(seen, { root });
  const timer = setTimeout(() => {
    for (const element of results.keys()) observer.observe(element);
  }, CALM);
  return () => {
    ended = true;
    clearTimeout(timer);
    observer.disconnect();
  };
}
