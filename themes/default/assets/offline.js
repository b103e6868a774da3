// Lets the browser keep pages of the handbook, so that they can be read when its host is down, if the handbook
// enables this. Nothing on a page waits for it. If the browser or the host does not allow it, nothing is kept and the
// page works as usual.

{
  const ROOT = new URL("..", document.currentScript.src);
  const WORKER = new URL("worker.js", ROOT).href;

  /** The URL as a Trusted Types value. The policy of the page accepts this URL and no other. */
  const trusted = () => {
    if (!window.trustedTypes) return WORKER;
    const createScriptURL = (address) => {
      if (address !== WORKER) throw new TypeError();
      return address;
    };
    return trustedTypes.createPolicy("opsbook-worker", { createScriptURL }).createScriptURL(WORKER);
  };

  const register = async () => {
    try {
      await navigator.serviceWorker.register(trusted(), { scope: ROOT.pathname, updateViaCache: "none" });
    } catch {
      // A host without TLS, a private window, a stricter policy in the headers of the host: the page works without a
      // worker.
    }
  };

  // The page itself is loaded first.
  if (navigator.serviceWorker) addEventListener("load", register);

  /** The URL below the root of the handbook that a text names; `null` for any other text. */
  const within = (text) => {
    try {
      const url = new URL(text, ROOT);
      return url.origin === ROOT.origin && url.pathname.startsWith(ROOT.pathname) ? { url, name: decodeURI(url.pathname) } : null;
    } catch {
      return null;
    }
  };

  // On the page shown in place of one that is not kept: a link to the page that was requested.
  const asked = document.getElementById("ob-asked");
  const wanted = asked && location.hash.length > 1 && within(location.hash.slice(1));
  if (wanted) {
    const link = asked.querySelector("a");
    link.href = wanted.url.href;
    link.textContent = wanted.name;
    asked.hidden = false;
  }
}
