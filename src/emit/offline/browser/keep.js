// Keeps a part of this handbook in the browser, so that it can be read when its host is down. The list of kept files
// is at the end. As long as the host answers, pages come from it, and this worker does not change them.

/** The URL of the handbook. Requests outside of it are never touched. */
const ROOT = new URL("./", location.href);

/** How long a page may take before its copy is shown, in milliseconds. */
const PATIENCE = 3000;
/** The same within `REMEMBERED` milliseconds after a failure of the host. */
const LESS = 400;
const REMEMBERED = 30_000;

/** The number of files that are fetched at the same time. */
const AT_ONCE = 6;

/** The note in pages that are kept: hidden until a copy is shown, with a place for the day of the copy. */
const NOTE = '<p class="ob-kept" hidden>';
const NOTE_SHOWN = '<p class="ob-kept">';
const DAY = '<span class="ob-kept-day"></span>';

/** Starts the worker; `copy` is its data with the list of files. */
function serve(copy) {
  const site = `opsbook ${ROOT.pathname} `;
  const mine = `${site}${encodeURIComponent(copy.audience)} `;
  const book = { copy, site, mine, name: mine + copy.version, files: new Map(), failed: -REMEMBERED };
  for (const file of copy.files) book.files.set(new URL(file.url, ROOT).pathname, file);

  self.addEventListener("install", (event) => {
    self.skipWaiting();
    event.waitUntil(fill(book));
  });
  self.addEventListener("activate", (event) => event.waitUntil(begin(book)));
  self.addEventListener("fetch", (event) => {
    const answer = answerTo(book, event.request);
    if (answer) event.respondWith(answer);
  });
}

// Filling the cache

/** The entry of a cache that lists its files. It is put last, so a cache that has one is complete. */
const LIST = new URL("worker.js?list", ROOT).href;

/** Fills the cache of this version. If it fails, the browser tries again later and continues where it stopped. */
async function fill(book) {
  const cache = await caches.open(book.name);
  const earlier = await wholes(book);
  const waiting = [...book.files.values()];
  const work = async () => {
    for (let file = waiting.pop(); file; file = waiting.pop()) await keep(cache, file, earlier);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const list = Object.fromEntries(book.copy.files.map(({ url, digest }) => [url, digest]));
  await cache.put(LIST, new Response(JSON.stringify(list)));
}

/** The complete caches of this handbook and audience, each with its list. */
async function wholes({ mine }) {
  const names = (await caches.keys()).filter((name) => name.startsWith(mine));
  const opened = names.map(async (name) => {
    const cache = await caches.open(name);
    const list = await cache.match(LIST);
    return list && { cache, list: await list.json() };
  });
  return (await Promise.all(opened)).filter(Boolean);
}

/** Keeps one file. An unchanged file is copied from an earlier cache, any other is fetched from the host. */
async function keep(cache, file, earlier) {
  const url = new URL(file.url, ROOT).href;
  if (await cache.match(url)) return;
  for (const known of earlier) {
    const old = known.list[file.url] === file.digest && (await known.cache.match(url));
    if (old) return cache.put(url, old);
  }
  await cache.put(url, await fetched(url, file));
}

/** A file as it was published. Any other answer, such as a login page, is an error. */
async function fetched(url, file) {
  const response = await fetch(url, { cache: file.fixed ? "default" : "no-cache", credentials: "same-origin" });
  const bytes = await response.arrayBuffer();
  if (response.status !== 200 || !isPublished(file, bytes, response)) throw new Error(url);
  return plain(bytes, response.headers);
}

function isPublished(file, bytes, response) {
  if (file.sum !== undefined) return sumOf(new Uint8Array(bytes)) === file.sum;
  // A file without a checksum is an image or a video, so a page is a wrong answer.
  return !response.headers.get("content-type")?.startsWith("text/html");
}

/** A response that is not redirected: a browser does not show a redirected one as a page. */
function plain(body, found) {
  const headers = new Headers(found);
  // The body is decoded, so it no longer has this encoding and this length.
  headers.delete("content-encoding");
  headers.delete("content-length");
  return new Response(body, { headers });
}

/** 32-bit FNV-1a, as the builder computes it. */
function sumOf(bytes) {
  let sum = 0x811c9dc5;
  for (const byte of bytes) sum = Math.imul(sum ^ byte, 0x01000193);
  return sum >>> 0;
}

/** Deletes the caches of older versions and of other audiences of the site at this URL. */
async function begin({ site, name }) {
  const others = (await caches.keys()).filter((other) => other.startsWith(site) && other !== name);
  await Promise.all(others.map((other) => caches.delete(other)));
  await self.clients.claim();
}

// Answering requests

/** The answer to a request; `null` if the browser should send the request itself. */
function answerTo(book, request) {
  const url = new URL(request.url);
  const ours = url.origin === ROOT.origin && url.pathname.startsWith(ROOT.pathname);
  if (request.method !== "GET" || !ours || request.headers.has("range")) return null;
  const file = book.files.get(url.pathname) ?? book.files.get(otherNameOf(url.pathname));
  if (file?.fixed) return fromCopy(book, file).then((kept) => kept ?? fetch(request));
  if (request.mode === "navigate") return page(book, request, url, file);
  return file ? part(book, request, file) : null;
}

/** The page of a folder has two names. */
function otherNameOf(path) {
  return path.endsWith("/") ? `${path}index.html` : path.replace(/index\.html$/, "");
}

async function fromCopy({ name }, file) {
  const cache = await caches.open(name);
  return cache.match(new URL(file.url, ROOT).href);
}

/** The answer of the host, and whether it came within `time` milliseconds and without a server error. */
async function fromHost(book, request, time) {
  let timer;
  const late = new Promise((resolve) => {
    if (time) timer = setTimeout(() => resolve(judged(book, null)), time);
  });
  const first = await Promise.race([asked(book, request), late]);
  clearTimeout(timer);
  return first;
}

async function asked(book, request) {
  const response = await fetch(request).catch(() => null);
  // A request that the page itself aborted says nothing about the host.
  return request.signal.aborted ? { fine: false, response } : judged(book, response);
}

/** Whether an answer can be used. A failure is remembered for the next requests. */
function judged(book, response) {
  const fine = response !== null && response.status < 500;
  book.failed = fine ? -REMEMBERED : performance.now();
  return { fine, response };
}

const patience = ({ failed }) => (performance.now() - failed < REMEMBERED ? LESS : PATIENCE);

/** A file that pages load: from the host, else from the copy. */
async function part(book, request, file) {
  const { fine, response } = await fromHost(book, request, patience(book));
  if (fine) return response;
  return (await fromCopy(book, file)) ?? response ?? fetch(request);
}

/**
 * A page: from the host, else from the copy with a note on it. For a page that is not kept, a redirect to the page
 * that lists the kept ones.
 */
async function page(book, request, url, file) {
  const { fine, response } = await fromHost(book, request, file && patience(book));
  if (fine) return response;
  const kept = file && (await fromCopy(book, file));
  if (kept) return shown(kept, book.copy.date);
  if (response) return response;
  // The host would add the missing slash; kept pages have URLs with it.
  if (book.files.has(`${url.pathname}/`)) return Response.redirect(`${url.origin}${url.pathname}/`);
  const elsewhere = new URL(book.copy.elsewhere, ROOT);
  elsewhere.hash = url.pathname.slice(ROOT.pathname.length) + url.search;
  return Response.redirect(elsewhere);
}

/** A page of the copy, with the day of the copy on it. */
async function shown(kept, date) {
  const html = await kept.text();
  return plain(html.replace(NOTE, NOTE_SHOWN).replace(DAY, DAY.replace("><", `>${date}<`)), kept.headers);
}
