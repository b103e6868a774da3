// Tabs. In the page they are sections one after another, each under its name. This script shows the names as a row of
// tabs, and one section at a time. The chosen name applies to all tabs of the handbook that have it, and is stored in
// this browser only. A link into a hidden section and a search in the page open it.

{
  const KEY = "opsbook-tabs";
  /** The maximum number of remembered names, the latest first. */
  const MOST = 24;

  const stored = () => {
    try {
      const names = JSON.parse(localStorage.getItem(KEY) ?? "[]");
      return Array.isArray(names) ? names.filter((name) => typeof name === "string" && name.length < 120).slice(0, MOST) : [];
    } catch {
      return [];
    }
  };

  const remember = (name) => {
    try {
      localStorage.setItem(KEY, JSON.stringify([name, ...stored().filter((other) => other !== name)].slice(0, MOST)));
    } catch {
      // Storage may be forbidden: the choice then lasts as long as this page.
    }
  };

  class Tabs {
    tabs = new Map();

    constructor(element) {
      this.list = document.createElement("div");
      this.list.className = "tab-list";
      this.list.setAttribute("role", "tablist");
      for (const panel of element.querySelectorAll(":scope > .tab")) this.add(panel);
      this.list.addEventListener("keydown", (event) => this.press(event));
      element.prepend(this.list);
      element.dataset.drawn = "";
    }

    add(panel) {
      const heading = panel.querySelector(":scope > .tab-name");
      const tab = document.createElement("button");
      tab.type = "button";
      tab.id = `ob-${heading.id}`;
      tab.append(...Array.from(heading.childNodes, (node) => node.cloneNode(true)));
      tab.setAttribute("role", "tab");
      panel.id ||= `ob-panel-${heading.id}`;
      tab.setAttribute("aria-controls", panel.id);
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", tab.id);
      panel.tabIndex = 0;
      tab.addEventListener("click", () => choose(this, tab));
      panel.addEventListener("beforematch", () => this.show(tab));
      this.list.append(tab);
      this.tabs.set(tab, { panel, name: heading.textContent.trim() });
    }

    name(tab) {
      return this.tabs.get(tab).name;
    }

    find(name) {
      return [...this.tabs.keys()].find((tab) => this.name(tab) === name);
    }

    show(shown) {
      for (const [tab, { panel }] of this.tabs) {
        const chosen = tab === shown;
        tab.setAttribute("aria-selected", chosen);
        tab.tabIndex = chosen ? 0 : -1;
        if (chosen) panel.removeAttribute("hidden");
        else panel.setAttribute("hidden", "until-found");
      }
    }

    press(event) {
      const all = [...this.tabs.keys()];
      const at = all.indexOf(event.target.closest("[role=tab]"));
      const rtl = getComputedStyle(this.list).direction === "rtl" ? -1 : 1;
      const next = { ArrowRight: at + rtl, ArrowLeft: at - rtl, Home: 0, End: all.length - 1 }[event.key];
      if (at < 0 || next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      const tab = all[(next + all.length) % all.length];
      tab.focus();
      choose(this, tab);
    }
  }

  const sets = [...document.querySelectorAll(".tabs")].filter((element) => element.querySelector(":scope > .tab"));
  const all = sets.map((element) => new Tabs(element));

  /** Shows a tab, and the tabs of the same name elsewhere. What the reader looks at stays where it is. */
  const choose = (tabs, tab) => {
    const before = tab.getBoundingClientRect().top;
    const name = tabs.name(tab);
    for (const other of all) {
      const same = other === tabs ? tab : other.find(name);
      if (same) other.show(same);
    }
    remember(name);
    scrollBy({ top: tab.getBoundingClientRect().top - before, behavior: "instant" });
  };

  /** Opens the sections that contain the target of the URL. */
  const follow = () => {
    let target;
    try {
      target = document.getElementById(decodeURIComponent(location.hash.slice(1).split("&")[0]));
    } catch {
      // The hash cannot be decoded, so it is not a link of the handbook.
    }
    let hidden = false;
    for (let panel = target?.closest(".tab"); panel; panel = panel.parentElement.closest(".tab")) {
      const tabs = all.find(({ tabs }) => [...tabs.values()].some((tab) => tab.panel === panel));
      hidden ||= panel.hasAttribute("hidden");
      const [tab] = [...(tabs?.tabs ?? [])].find(([, tab]) => tab.panel === panel) ?? [];
      if (tab) tabs.show(tab);
    }
    // The heading of a tab is not shown by itself, so the page scrolls to the tabs.
    if (target?.matches(".tab-name")) target.closest(".tabs").scrollIntoView();
    else if (hidden) target.scrollIntoView();
  };

  const names = stored();
  for (const tabs of all) {
    const name = names.find((name) => tabs.find(name));
    tabs.show(name === undefined ? tabs.tabs.keys().next().value : tabs.find(name));
  }
  follow();
  addEventListener("hashchange", follow);
}
