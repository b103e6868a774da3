// Checks before a command is copied. A block that changes something is copied only if all of its values are filled
// in, a destructive one only after a question. The dialog that asks has the fields of the missing values.

import { addButtons, announce, copyText, copying, nameButtons, nameOpenPlaces } from "./theme.js";
import { say } from "./strings.js";

const CAREFUL = ["change", "disruptive", "destructive"];

/** The names of the values of a block that are in one of the states. */
function names(figure, ...states) {
  const places = [...figure.querySelectorAll("pre [data-in]")];
  return [...new Set(places.filter(({ dataset }) => states.includes(dataset.state ?? "open")).map(({ dataset }) => dataset.var))];
}

/**
 * The names of the values that prevent copying. A refused value does so in every block, because it was meant for it.
 */
const missing = (figure) => names(figure, "refused", ...(CAREFUL.includes(figure.dataset.risk) ? ["open"] : []));

/** Messages about values that are not filled in, and about the reasons of refused ones. */
function problems(figure) {
  const open = names(figure, "open").join(", ");
  const refused = [...figure.querySelectorAll('pre [data-state="refused"]')].map(({ title }) => title);
  return [...(open ? [say("values_missing", { names: open })] : []), ...new Set(refused)];
}

/** What the reader should know before a destructive command runs: how to undo it. */
function consequence(figure) {
  if (figure.dataset.risk !== "destructive") return [];
  const undo = figure.querySelector(".undo dd")?.cloneNode(true);
  return [undo ? say("copy_undo", { undo: nameOpenPlaces(undo).textContent }) : say("copy_final")];
}

function note(figure, text) {
  figure.querySelector(".ob-code-note")?.remove();
  if (!text) return;
  const paragraph = document.createElement("p");
  paragraph.className = "ob-code-note";
  paragraph.textContent = text;
  figure.append(paragraph);
  announce(text);
}

/** The open question, with `update` and `end`; `null` while there is none. */
let question = null;

/** Updates the buttons and an open question after a change of values. */
export function refreshCopies() {
  document.querySelectorAll(".ob-code-note").forEach((note) => note.remove());
  nameButtons();
  question?.update();
}

/** Asks in the page's dialog. The fields move into it until it closes, so they check values as usual. */
function ask(dialog, figure, fields) {
  // A browser reports later that a dialog was closed. Until then the fields of that question are still in the dialog.
  question?.end();
  const [heading, text, code] = dialog.querySelectorAll("h2, p, pre");
  const closing = new AbortController();
  const { signal } = closing;
  const update = () => {
    text.textContent = [...problems(figure), ...consequence(figure)].join(" ") || say("values_ready");
    code.textContent = copyText(figure.querySelector("code"), null);
  };
  update();
  heading.textContent = figure.dataset.risk === "destructive" ? say("copy_confirm") : say("fill_values", { count: fields.length });
  dialog.dataset.risk = figure.dataset.risk ?? "";
  const homes = fields.map((field) => {
    const home = document.createComment("");
    field.replaceWith(home);
    return () => home.replaceWith(field);
  });
  dialog.querySelector(".ob-ask-values")?.replaceChildren(...fields);
  dialog.querySelector(".ob-ask-close")?.addEventListener("click", () => dialog.close(""), { signal });
  const answer = (event) => {
    const [first] = missing(figure);
    if (event.submitter?.value !== "copy" || !first) return;
    event.preventDefault();
    document.getElementById(`ob-value-${first}`).focus();
  };
  dialog.addEventListener("submit", answer, { signal });
  dialog.returnValue = "";
  dialog.showModal();
  fields[0]?.querySelector("input").focus();
  return new Promise((resolve) => {
    const end = () => {
      closing.abort();
      question = null;
      homes.forEach((goHome) => goHome());
      resolve(dialog.returnValue === "copy");
    };
    question = { update, end };
    // While the dialog is open, the report belongs to the question before.
    dialog.addEventListener("close", () => dialog.open || end(), { signal });
  });
}

/** Checks every block of the page before it is copied. */
export function startCopies(values) {
  copying.fill = values && ((code, clone) => values.fill(code, clone));
  copying.missing = missing;
  copying.may = async (figure) => {
    const fields = values?.fields(missing(figure)) ?? [];
    const dialog = document.querySelector("dialog.ob-ask");
    // A custom theme may have no dialog, or a dialog without room for fields.
    const asks = dialog && (fields.length === 0 || dialog.querySelector(".ob-ask-values"));
    const wanted = fields.length > 0 || figure.dataset.risk === "destructive";
    if (wanted && asks && !(await ask(dialog, figure, fields))) return false;
    const may = missing(figure).length === 0;
    const open = names(figure, "open");
    note(figure, may ? open.length > 0 && say("copied_open", { names: open.join(", ") }) : problems(figure).join(" "));
    return may;
  };
  addButtons("*");
}
