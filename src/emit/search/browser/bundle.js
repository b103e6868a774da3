// A bundle is opened as files, and files can fetch nothing. Its pages name scripts in a template: the engine, the index, and
// the texts of pages. What comes as JSON elsewhere lies in them.

const packs = globalThis.document?.getElementById("ob-bundle")?.content?.children;
const brought = new Map();

/** Runs the script of that number in the template. Its address cannot be set by a script, so a copy is put in. */
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

/** The sections of a page. */
async function packedSections(url) {
  const { per, urls } = await unpacked("texts");
  const page = urls.indexOf(url.slice(ROOT.href.length));
  if (page < 0) throw new Error(`search: ${url}`);
  await bring(2 + Math.floor(page / per));
  return opsbook.packs[`text ${page}`].map(([id, heading, text, description = ""]) => ({ id, heading, text, description }));
}
