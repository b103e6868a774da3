// The two searches behind one face. These functions run inside the browser.

/**
 * Loads the engine once, then asks it each query in turn; each answer is `{ urls, ms }` or `{ urls, ms, error }`.
 * A query is done when the titles of its first ten results could be shown; with `mode` "excerpts", when their
 * excerpts could be shown too, which is one and the same for Pagefind.
 */
export async function ask({ engine, mode, texts }) {
  const start = performance.now();
  const run = await { opsbook, pagefind }[engine]();
  const answers = [];
  for (const text of texts) {
    const from = answers.length === 0 ? start : performance.now();
    try {
      answers.push({ urls: await run(text), ms: performance.now() - from });
    } catch (error) {
      answers.push({ urls: [], ms: performance.now() - from, error: String(error) });
    }
  }
  return answers;

  async function opsbook() {
    globalThis.engine ??= await import('/search/search.js');
    const { search } = globalThis.engine;
    const excerpts = mode === 'excerpts' ? 10 : 0;
    return async (query) => (await search(query, { limit: 10, excerpts })).map((result) => result.url);
  }

  async function pagefind() {
    globalThis.engine ??= await import('/pagefind/pagefind.js');
    const { search } = globalThis.engine;
    return async (query) => {
      const { results } = await search(query);
      const shown = await Promise.all(results.slice(0, 10).map((result) => result.data()));
      return shown.map((result) => result.url);
    };
  }
}
