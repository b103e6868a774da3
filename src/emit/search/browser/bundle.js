// Reads the index in a bundle. Its pages are opened as files, which cannot fetch anything. They name scripts in a
// template: the engine, the index, and the texts of pages. These scripts hold what is JSON in a site.

const packs = globalThis.document?.getElementById("ob-bundle")?.content?.children;
const brought = new Map();

/**
 * Runs the script with the number `at` in the template. A script may not set the URL of another one, so a copy is
 * inserted.
 */
function bring(at) {
  if (!brought.has(at)) {
    const script = document.importNode(packs[at], true);
    const loaded = new Promise((resolve, reject) => {
      script.addEventListener("load", resolve);
      script.addEventListener("error", () => reject(new Error(`search: ${script.src}`)));
    });
    brought.set(at, loaded);
    loaded.catch(() => brought.delete(at));
    document.head.append(script);
  }
  return brought.get(at);
}

/** A file of the index. */
async function unpacked(name) {
  await bring(1);
  return opsbook.packs[name];
}

/** The sections of a page, as `page` returns them in a site. */
async function packedSections(url) {
  const { per, urls } = await unpacked("texts");
  const page = urls.indexOf(url.slice(ROOT.href.length));
  if (page < 0) throw new Error(`search: ${url}`);
  await bring(2 + Math.floor(page / per));
  return opsbook.packs[`text ${page}`].map(([id, heading, text, description = ""]) => ({ id, heading, text, description }));
}
