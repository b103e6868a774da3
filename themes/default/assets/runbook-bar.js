// The bar of a runbook: the values, the progress and the next step in a few words, at hand at any step.

import { say } from "./strings.js";
import { summary } from "./runbook-steps.js";

const EMPTY = "___";
const MASK = "••••••";

export class Bar {
  /** `copyLog` is called for the link when all steps are done. */
  constructor(section, values, steps, copyLog) {
    Object.assign(this, { values, steps });
    this.sheet = section.querySelector(".ob-sheet");
    this.count = section.querySelector(".ob-count");
    this.link = section.querySelector(".ob-next-step");
    this.chips = [...section.querySelectorAll(".ob-chip")];
    this.link?.addEventListener("click", (event) => {
      const step = this.next();
      if (steps.all.length === 0 || (!step && steps.done().length === 0)) return;
      event.preventDefault();
      if (step) step.go();
      else copyLog();
    });
    this.sheet?.addEventListener("keydown", (event) => {
      const summary = this.sheet.querySelector("summary");
      if (event.key !== "Escape" || !this.sheet.open || !summary.checkVisibility?.()) return;
      // Focus mode stays open.
      event.preventDefault();
      this.sheet.open = false;
      summary.focus();
    });
    // What has the focus is not behind the sheet.
    this.sheet?.addEventListener("focusout", ({ relatedTarget }) => {
      const covers = this.sheet.querySelector("summary").checkVisibility?.();
      if (covers && relatedTarget && !this.sheet.contains(relatedTarget)) this.sheet.open = false;
    });
    // Older browsers cannot show the content of a closed <details>, so it is opened where there is room.
    const wide = matchMedia("(min-width: 75rem)");
    const open = () => CSS.supports("selector(::details-content)") || (this.sheet.open = wide.matches);
    if (!this.sheet) return;
    // Beside the text, values and outline may be longer than their place: the keyboard can scroll them.
    const long = [this.sheet, document.querySelector(".ob-panel .ob-outline")].filter(Boolean);
    const fit = () => {
      open();
      for (const part of long) {
        if (wide.matches) part.tabIndex = 0;
        else part.removeAttribute("tabindex");
      }
    };
    fit();
    wide.addEventListener("change", fit);
  }

  /** Opens the sheet where it is closed, because there is something to decide. */
  ask() {
    if (this.sheet && !this.sheet.open) this.sheet.open = true;
  }

  /** The first step in sight that is not done: steps in a tab that is not chosen are for others. */
  next() {
    return this.steps.all.find((step) => !step.at && step.element.checkVisibility?.() !== false);
  }

  show() {
    for (const chip of this.chips) {
      const { value, refusal, secret } = this.values.known.get(chip.dataset.for);
      chip.dataset.state = refusal ? "refused" : value ? "filled" : "open";
      chip.lastElementChild.textContent = refusal ? "✗" : value ? (secret ? MASK : value) : EMPTY;
    }
    const [done, all] = [this.steps.done().length, this.steps.all.length];
    if (this.count) this.count.textContent = `${done}/${all}`;
    if (!this.link || all === 0) return;
    const step = this.next();
    const [label, text] = this.link.children;
    label.textContent = say(step ? "next_step" : "all_done");
    text.textContent = step ? summary(step.element) : say("log_copy");
  }
}
