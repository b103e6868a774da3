// The way to the search engine: when it is loaded, and how what is typed becomes answers in the right order.
// Nothing is loaded before the reader turns to the search.

/** The first page of the handbook. Assets lie in a folder beneath it. */
export const ROOT = new URL("..", import.meta.url);

const ENGINE = new URL("search/search.js", ROOT).href;

/** In a bundle, which is opened as files: the scripts that search may load. The first is the engine. */
const packs = document.getElementById("ob-bundle")?.content?.children;

let engine = null;
let failures = 0;

/** Files can import nothing, and no script may be told an address: a copy of one that stands in the page is put in. */
function unpack() {
  const script = document.importNode(packs[0], true);
  return new Promise((resolve, reject) => {
    script.addEventListener("load", () => resolve(opsbook["search/search.js"]));
    script.addEventListener("error", reject);
    document.head.append(script);
  });
}

/** The module `search/search.js`. A failure is not kept: the next call tries again. */
export function loadEngine() {
  // Browsers remember that a module could not be loaded, by its address.
  const loading = () => (packs ? unpack() : import(failures ? `${ENGINE}?${failures}` : ENGINE));
  engine ??= loading().catch((error) => {
    engine = null;
    failures += 1;
    throw error;
  });
  return engine;
}

/** Gets the engine ready, so that the first letter finds it waiting. What fails is said when it is needed. */
export function warmEngine() {
  loadEngine().then((loaded) => loaded.warm()).catch(() => {});
}

/** After how many milliseconds without an answer the reader is told that it takes its time. */
const SLOW = 400;

/**
 * Answers what was asked last. One question runs at a time; when a newer one comes it is stopped, and its answer is
 * dropped. `answer(question, signal)` gives what `show(question, answer)` gets; `fail(question, error)` says why not,
 * `wait()` that it takes its time.
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

/** How long a result must stand still before its page is fetched for the excerpt, in milliseconds. */
const CALM = 120;

/**
 * Completes results while they are in sight. `results` maps elements to results, at last to the completed ones;
 * `redraw(element, result)` is called with each of these. Gives the function that ends it.
 */
export function completeInSight(results, query, { root = null, redraw }) {
  let ended = false;
  const complete = async (element) => {
    const { excerpt } = await loadEngine();
    const result = await excerpt(results.get(element), query);
    if (ended) return;
    // Whoever follows the result now follows it to its section.
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
