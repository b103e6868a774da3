// Focus mode: one step on the screen, in large type, and the screen stays on. The parts of the page are moved into a
// dialog and back, so values, ticks and buttons are those of the page.

import { say } from "./strings.js";
import { summary } from "./runbook-steps.js";

/** The part of an address that opens focus mode, alone or with the number of a screen: `#HOST=node7&ob-focus=3`. */
const NAME = "ob-focus";
/** The least distance in pixels of a swipe. */
const SWIPE = 60;

const parts = () => location.hash.slice(1).split("&").filter(Boolean);
const isOurs = (part) => part.split("=")[0] === NAME;

/** The list of steps that a part of the text is; `null` where it is none. */
function listOf(node) {
  const list = node.matches(".steps") ? node.querySelector(":scope > ol") : node;
  return list.matches("ol, ul") && list.querySelector(":scope > [data-step]") ? list : null;
}

/**
 * The screens from the first section with instructions on. A list becomes one for each item; the text before a list
 * is on the screen of its first item, the text after it on that of the last one. A section without a list is one.
 */
function screensOf(section, steps) {
  const heading = section.dataset.begin && document.getElementById(decodeURIComponent(section.dataset.begin.slice(1)));
  const first = heading || steps.all[0].element.closest(".ob-prose > *");
  const screens = [];
  let [title, waiting, last] = [heading || null, [], null];
  const add = (screen) => screens.push((last = { title, ...screen }));
  const end = () => {
    if (last) last.nodes.push(...waiting);
    else if (waiting.length > 0) add({ nodes: waiting });
    [waiting, last] = [[], null];
  };
  for (let node = first; node; node = node.nextElementSibling) {
    const list = listOf(node);
    if (/^H[1-6]$/.test(node.tagName)) {
      end();
      title = node;
      // A heading that is a step itself has a box, so it moves with its text.
      if (steps.known.has(`#${node.id}`)) waiting.push(node);
    } else if (!list) {
      waiting.push(node);
    } else {
      for (const [index, item] of [...list.children].entries()) {
        add({ nodes: [...waiting, item], list, number: (list.start ?? 1) + index });
        waiting = [];
      }
    }
  }
  end();
  for (const screen of screens) screen.step = steps.all.find(({ element }) => screen.nodes.includes(element));
  return screens;
}

export class Focus {
  /** `copyLog` is called for the button on the last screen. */
  constructor(section, steps, bar, copyLog) {
    Object.assign(this, { section, steps, bar, at: 0, from: null, moved: [], lock: null });
    this.dialog = document.querySelector("dialog.ob-one");
    if (!this.dialog || steps.all.length === 0) return;
    const find = (name) => this.dialog.querySelector(`.ob-one-${name}`);
    [this.title, this.place, this.body, this.done, this.escalate, this.foot] = ["title", "place", "body", "done", "escalate", "foot"].map(find);
    this.end = Object.assign(document.createElement("button"), { type: "button", textContent: say("log_copy") });
    this.end.addEventListener("click", copyLog);
    find("back").addEventListener("click", () => this.go(this.at - 1));
    this.forward = find("next");
    this.forward.addEventListener("click", () => this.go(this.at + 1));
    find("close").addEventListener("click", () => this.dialog.close());
    this.done.addEventListener("click", () => this.tick());
    this.escalate.addEventListener("click", () => this.call());
    this.dialog.addEventListener("close", () => this.leave());
    this.dialog.addEventListener("keydown", (event) => this.key(event));
    this.body.addEventListener("click", (event) => this.jump(event));
    this.listenToSwipes();
    document.addEventListener("visibilitychange", () => this.stayAwake());
    addEventListener("beforeprint", () => this.dialog.close());
    addEventListener("hashchange", () => this.follow());
    const button = section.querySelector(".ob-focus");
    button.hidden = false;
    button.addEventListener("click", () => this.enter());
    this.follow();
  }

  /** Enters focus mode if the address asks for it. */
  follow() {
    const part = parts().find(isOurs);
    if (part === undefined || this.dialog.open) return;
    const number = parseInt(part.split("=")[1]);
    this.enter(number > 0 ? number - 1 : undefined);
  }

  enter(at) {
    this.screens = screensOf(this.section, this.steps);
    const next = this.bar.next();
    const begin = Math.max(0, this.screens.findIndex(({ step }) => step && step === next));
    const heading = document.getElementById(decodeURIComponent((this.section.dataset.escalate ?? "#").slice(1)));
    this.help = this.screens.findIndex(({ title }) => title && title === heading);
    this.escalate.hidden = this.help < 0;
    // Values are filled in here too, and what is announced must not be outside of an open dialog.
    this.homes = [".ob-sheet", "#ob-status"].map((name) => this.move(document.querySelector(name), this.foot));
    this.dialog.showModal();
    this.stayAwake();
    this.show(Math.min(at ?? begin, this.screens.length));
  }

  /** Moves an element and returns a function that moves it back. */
  move(element, target) {
    const home = document.createComment("");
    element.replaceWith(home);
    target.append(element);
    return () => home.replaceWith(element);
  }

  clear() {
    for (const back of this.moved.reverse()) back();
    this.moved = [];
    this.body.replaceChildren();
  }

  show(at) {
    this.clear();
    this.target = null;
    this.at = at;
    const screen = this.screens[at];
    this.title.textContent = screen?.title ? summary(screen.title) : this.steps.progress();
    this.place.textContent = `${Math.min(at + 1, this.screens.length)}/${this.screens.length}`;
    for (const node of screen?.nodes ?? []) {
      let target = this.body;
      if (node.parentElement === screen.list) {
        target = screen.list.cloneNode(false);
        if (target.matches("ol")) target.start = screen.number;
        this.body.append(target);
      }
      this.moved.push(this.move(node, target));
    }
    if (!screen) this.body.append(this.end);
    this.update();
    this.body.scrollTop = 0;
    this.body.focus();
    this.write(`${NAME}=${at + 1}`);
  }

  /** Shows whether the step is done. */
  update() {
    if (!this.dialog.open) return;
    const { step } = this.screens[this.at] ?? {};
    this.done.textContent = say(step ? (step.at ? "step_untick" : "step_tick") : "next_step");
    this.done.hidden = this.forward.hidden = this.at >= this.screens.length;
    this.escalate.textContent = say(this.at === this.help && this.from !== null ? "escalate_back" : "escalate_now");
  }

  go(at) {
    if (at >= 0 && at <= this.screens.length) this.show(at);
  }

  /** Ticks the step and goes on; a step that is ticked becomes one that is not. */
  tick() {
    const { step } = this.screens[this.at] ?? {};
    const goesOn = !step?.at;
    step?.box.click();
    if (goesOn) this.go(this.at + 1);
    else this.update();
  }

  /** Shows whom to call, and from there the step before. */
  call() {
    const back = this.at === this.help ? this.from : null;
    this.from = back === null ? this.at : null;
    this.go(back ?? this.help);
  }

  /** A link within the page leads to its screen; where there is none, out of focus mode. */
  jump(event) {
    const link = event.target.closest('a[href^="#"]:not(.anchor)');
    if (!link) return;
    event.preventDefault();
    this.target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    const at = this.screens.findIndex(({ title, nodes }) => title === this.target || nodes.includes(this.target));
    if (at < 0) this.dialog.close();
    else this.go(at);
  }

  key(event) {
    const { target, key } = event;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    // These elements use the keys themselves.
    const takes = key === " " ? target.closest("button, input, summary, a") : target.closest("input:not([type=checkbox]), pre, [role=tab], .table");
    const act = { ArrowLeft: () => this.go(this.at - 1), ArrowRight: () => this.go(this.at + 1), " ": () => this.tick() }[key];
    if (!act || takes) return;
    event.preventDefault();
    act();
  }

  listenToSwipes() {
    let start = null;
    const scrolls = (element) => element && element !== this.body && ((element.scrollWidth > element.clientWidth && getComputedStyle(element).overflowX !== "visible") || scrolls(element.parentElement));
    this.body.addEventListener("touchstart", ({ touches, target }) => (start = touches.length === 1 && !scrolls(target) ? touches[0] : null), { passive: true });
    this.body.addEventListener("touchend", ({ changedTouches: [end] }) => {
      if (!start) return;
      const [x, y] = [end.clientX - start.clientX, end.clientY - start.clientY];
      if (Math.abs(x) > SWIPE && Math.abs(x) > 2 * Math.abs(y)) this.go(this.at + (x < 0 ? 1 : -1));
    });
  }

  /** Keeps the screen on. A browser ends that whenever the page is out of view. */
  async stayAwake() {
    if (!this.dialog.open || document.visibilityState !== "visible") return;
    const lock = await navigator.wakeLock?.request("screen").catch(() => null);
    this.lock?.release();
    this.lock = lock;
    if (!this.dialog.open) this.sleep();
  }

  sleep() {
    this.lock?.release();
    this.lock = null;
  }

  leave() {
    const { step, title } = this.screens[this.at] ?? {};
    const target = this.target;
    this.clear();
    for (const back of this.homes) back();
    this.sleep();
    this.from = null;
    this.write();
    if (!target && step) step.go();
    else (target ?? title)?.scrollIntoView();
    this.target = null;
  }

  /** Puts the screen into the address, so that it can be sent to others and survives a reload. */
  write(...own) {
    const hash = [...parts().filter((part) => !isOurs(part)), ...own].join("&");
    history.replaceState(history.state, "", `${location.pathname}${location.search}${hash && `#${hash}`}`);
  }
}
