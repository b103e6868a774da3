// The board of a lean coffee. The page has its topics as a table; this script makes a board of them, with columns for
// their states, votes and a timer. Changes stay in this browser until somebody copies the board as Markdown.

import "./page.js";
import { readStored, writeStored } from "./storage.js";
import { announce, writeClipboard } from "./theme.js";
import { say } from "./strings.js";

const MOST_TOPICS = 100;
const MOST_VOTES = 999;
const LONGEST_TITLE = 200;
/** Characters with a meaning in Markdown. */
const SPECIAL = /[\\|<>[\]*_\u0060]/g;

function make(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

const button = (label, text, action) => {
  const made = make("button", { type: "button", textContent: text });
  if (label !== text) made.setAttribute("aria-label", label);
  made.addEventListener("click", action);
  return made;
};

/** The topics in the table of the page. */
function published(section, states) {
  const keys = [...section.querySelectorAll("thead th")].map((heading) => heading.dataset.key);
  const cell = (row, key) => row.cells[keys.indexOf(key)];
  return [...section.querySelectorAll("tbody tr")].map((row) => {
    const state = cell(row, "state")?.dataset.value;
    return {
      title: cell(row, "title")?.textContent.trim() ?? "",
      votes: Number.parseInt(cell(row, "votes")?.textContent ?? "", 10) || 0,
      state: states.has(state) ? state : [...states.keys()][0],
    };
  });
}

class Board {
  constructor(section) {
    const states = [...section.querySelectorAll("[data-state]")].map((state) => [state.dataset.state, state.textContent]);
    this.states = new Map(states);
    this.published = published(section, this.states);
    this.key = `opsbook-board ${location.pathname} ${section.dataset.board}`;
    this.topics = this.stored() ?? this.fresh();
    this.columns = make("div", { className: "ob-board-columns" });
    const heading = make("h3", { textContent: say("board"), id: "ob-board" });
    const board = make("section", { className: "ob-board" }, heading, make("p", { textContent: say("board_note") }), this.tools(), this.columns);
    board.setAttribute("aria-labelledby", "ob-board");
    section.append(board);
    this.draw();
  }

  fresh() {
    return this.published.map((topic) => ({ ...topic }));
  }

  /** What the browser remembers, checked as if it came with a link; `null` if there is nothing. */
  stored() {
    try {
      const topics = JSON.parse(readStored(this.key) ?? "null");
      if (!Array.isArray(topics)) return null;
      const isTopic = ({ title, votes, state }) =>
        typeof title === "string" && title !== "" && title.length <= LONGEST_TITLE && Number.isInteger(votes) && votes >= 0 && votes <= MOST_VOTES && this.states.has(state);
      const known = topics.filter((topic) => topic && isTopic(topic)).slice(0, MOST_TOPICS);
      // Topics that were added to the page since.
      const titles = new Set(known.map(({ title }) => title));
      return [...known, ...this.fresh().filter(({ title }) => !titles.has(title))];
    } catch {
      return null;
    }
  }

  tools() {
    const title = make("input", { type: "text", maxLength: LONGEST_TITLE, autocomplete: "off" });
    const form = make("form", {}, make("label", {}, `${say("board_topic")} `, title), make("button", { textContent: say("board_add") }));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.add(title.value.trim());
      title.value = "";
    });
    const copy = button(say("board_copy"), say("board_copy"), () => this.copy());
    const reset = button(say("board_reset"), say("board_reset"), () => {
      this.topics = this.fresh();
      writeStored(this.key, null);
      this.draw();
    });
    return make("div", { className: "ob-board-tools" }, form, this.timer(), copy, reset);
  }

  /** A clock that counts down. It goes by the time of day, because browsers slow down pages in the background. */
  timer() {
    const minutes = make("input", { type: "number", min: 1, max: 120, value: 10 });
    const clock = make("output", { textContent: "" });
    let ticking = 0;
    let end = 0;
    const stop = () => {
      clearInterval(ticking);
      ticking = 0;
      toggle.textContent = say("board_start");
    };
    const tick = () => {
      const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      if (left > 0) return;
      stop();
      clock.textContent = say("board_over");
      announce(say("board_over"));
    };
    const toggle = button(say("board_start"), say("board_start"), () => {
      if (ticking) return stop();
      const length = Math.min(120, Math.max(1, Number(minutes.value) || 10));
      end = Date.now() + length * 60e3;
      toggle.textContent = say("board_stop");
      ticking = setInterval(tick, 500);
      tick();
    });
    return make("div", { className: "ob-board-timer" }, make("label", {}, `${say("board_minutes")} `, minutes), toggle, clock);
  }

  add(title) {
    if (title === "" || this.topics.length >= MOST_TOPICS || this.topics.some((topic) => topic.title === title)) return;
    this.topics.push({ title, votes: 0, state: [...this.states.keys()][0] });
    this.changed();
  }

  vote(topic, by) {
    topic.votes = Math.min(MOST_VOTES, Math.max(0, topic.votes + by));
    this.changed();
    announce(say("board_votes", { count: topic.votes }));
  }

  move(topic, by) {
    const keys = [...this.states.keys()];
    const state = keys[keys.indexOf(topic.state) + by];
    if (!state) return;
    topic.state = state;
    this.changed();
    announce(say("board_moved", { topic: topic.title, state: this.states.get(state) }));
  }

  changed() {
    writeStored(this.key, JSON.stringify(this.topics));
    this.draw();
  }

  sorted() {
    return [...this.topics].sort((one, other) => other.votes - one.votes);
  }

  /** Draws all columns. The focus stays on the same button of the same topic. */
  draw() {
    const around = document.activeElement?.closest("li");
    const held = this.columns.contains(around) ? around : null;
    const buttons = held ? [...held.querySelectorAll("button")] : [];
    const focus = held && { title: held.dataset.title, at: buttons.indexOf(document.activeElement) };
    const sections = [...this.states].map(([state, title]) => {
      const topics = this.sorted().filter((topic) => topic.state === state);
      const heading = make("h4", { textContent: `${title} ` }, make("span", { className: "ob-number", textContent: String(topics.length) }));
      return make("div", {}, heading, make("ul", {}, ...topics.map((topic) => this.card(topic))));
    });
    this.columns.replaceChildren(...sections);
    if (!focus) return;
    const card = [...this.columns.querySelectorAll("li")].find(({ dataset }) => dataset.title === focus.title);
    const again = card && [...card.querySelectorAll("button")];
    (again?.[focus.at]?.disabled ? again.find(({ disabled }) => !disabled) : again?.[focus.at])?.focus();
  }

  card(topic) {
    const keys = [...this.states.keys()];
    const place = keys.indexOf(topic.state);
    const given = { topic: topic.title };
    const mover = (by, text) => {
      const state = this.states.get(keys[place + by]);
      const made = button(state ? say("board_move", { ...given, state }) : text, text, () => this.move(topic, by));
      made.disabled = !state;
      return made;
    };
    const votes = make("span", { className: "ob-board-votes", textContent: say("board_votes", { count: topic.votes }) });
    const controls = make(
      "div",
      {},
      mover(-1, "←"),
      button(say("board_less", given), "−", () => this.vote(topic, -1)),
      votes,
      button(say("board_more", given), "+", () => this.vote(topic, 1)),
      mover(1, "→"),
    );
    const card = make("li", {}, make("span", { textContent: topic.title }), controls);
    card.dataset.title = topic.title;
    card.addEventListener("keydown", (event) => this.press(event, topic));
    return card;
  }

  press(event, topic) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const actions = {
      ArrowLeft: () => this.move(topic, -1),
      ArrowRight: () => this.move(topic, 1),
      "+": () => this.vote(topic, 1),
      "-": () => this.vote(topic, -1),
    };
    if (!Object.hasOwn(actions, event.key)) return;
    event.preventDefault();
    actions[event.key]();
  }

  markdown() {
    const plain = (text) => text.replace(/\s+/g, " ").replace(SPECIAL, (character) => `\\${character}`);
    const row = ({ title, votes, state }) => `| ${plain(title)} | ${votes} | ${this.states.get(state)} |`;
    return `${[say("board_head"), "| --- | --- | --- |", ...this.sorted().map(row)].join("\n")}\n`;
  }

  async copy() {
    const copied = await writeClipboard(this.markdown()).then(() => true, () => false);
    announce(say(copied ? "board_copied" : "copy_failed"));
  }
}

for (const section of document.querySelectorAll("[data-board]")) new Board(section);
