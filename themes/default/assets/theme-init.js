// Sets before the first paint what this browser remembers, the colour scheme and the folds of the sidebar, and marks a page whose
// address names an alert, which then has its room from the start. The paint waits for it, and the parser does not.
(function () {
  const [root, FOLDS] = [document.documentElement, "opsbook-folds"];
  /** The most folds that are remembered. */
  const MOST = 60;
  let folds = "";
  if (/[#&]alert=/.test(location.hash)) root.dataset.alert = "";
  try {
    const scheme = localStorage.getItem("opsbook-theme");
    if (scheme === "light" || scheme === "dark") root.dataset.theme = scheme;
    folds = localStorage.getItem(FOLDS) ?? "";
  } catch {
    // Storage may be forbidden: the system's scheme then applies.
  }
  const kept = new Set(folds.split("\n").filter(Boolean));

  /** The name of a fold: the address of its section, and the title of a group. */
  function nameOf(fold) {
    const section = fold.previousElementSibling ?? fold.parentElement.closest("details")?.previousElementSibling;
    return `${section?.pathname ?? ""} ${fold.firstElementChild?.firstChild?.data ?? ""}`.trim();
  }

  /** Folds sections and groups as the reader left them; the current page stays in sight. */
  function restore() {
    for (const fold of document.querySelectorAll(".ob-nav details")) {
      if (kept.has(`+${nameOf(fold)}`)) fold.open = true;
      if (kept.has(`-${nameOf(fold)}`)) fold.open = fold.querySelector("[aria-current]") !== null;
    }
  }

  // What is parsed already, and the rest while it is parsed: later, everything below a fold would move.
  const parsed = (_, observer) => {
    restore();
    if (document.querySelector(".ob-content")) observer.disconnect();
  };
  if (kept.size > 0) {
    restore();
    new MutationObserver(parsed).observe(root, { childList: true, subtree: true });
  }

  document.addEventListener("click", ({ target }) => {
    const fold = target.closest(".ob-nav summary")?.parentElement;
    if (!fold) return;
    for (const sign of "+-") kept.delete(sign + nameOf(fold));
    kept.add((fold.open ? "-" : "+") + nameOf(fold));
    try {
      localStorage.setItem(FOLDS, [...kept].slice(-MOST).join("\n"));
    } catch {
      // As above.
    }
  });
})();
