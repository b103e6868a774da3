// Lets the browser keep pages of the handbook for the day when its host is gone, where the handbook wants that. Nothing on a
// page waits for it, and where browser or host do not allow it, nothing is kept and nothing is missing.

{
  const ROOT = new URL("..", document.currentScript.src);
  const WORKER = new URL("worker.js", ROOT).href;

  /** The address in the form in which the policy of the page lets a script be named: this one, and no other. */
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
      // A host without TLS, a private window, a stricter policy in the host's headers: the page is as good without.
    }
  };

  // What the reader came for is fetched first.
  if (navigator.serviceWorker) addEventListener("load", register);

  /** The address beneath the handbook that a text names, if it names one. */
  const within = (text) => {
    try {
      const url = new URL(text, ROOT);
      return url.origin === ROOT.origin && url.pathname.startsWith(ROOT.pathname) ? { url, name: decodeURI(url.pathname) } : null;
    } catch {
      return null;
    }
  };

  // On the page that stands for one that is not kept: the way back to what was asked for.
  const asked = document.getElementById("ob-asked");
  const wanted = asked && location.hash.length > 1 && within(location.hash.slice(1));
  if (wanted) {
    const link = asked.querySelector("a");
    link.href = wanted.url.href;
    link.textContent = wanted.name;
    asked.hidden = false;
  }
}
