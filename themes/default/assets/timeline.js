// Replay of an incident: a slider over the rows of the timeline. Later rows and their marks in the drawing are dimmed, and
// the row of the moment is read out below the slider. The page is complete without this script.

{
  const replay = document.querySelector(".ob-replay");
  const [button, slider, shown] = replay.children;
  const words = { start: button.textContent, stop: button.dataset.stop };
  /** Milliseconds that a row stays while the replay runs. */
  const PAUSE = 1800;
  let running = 0;

  const minutes = (start) => Number(start.dataset.minutes);
  const starts = [...document.querySelectorAll("[data-body] [data-phase]")];
  starts.sort((a, b) => minutes(a) - minutes(b));

  const row = (start) => (start.tagName === "TD" ? [...start.parentElement.cells] : [start]);

  /** The texts of a row: the first cell without what the page has added to it, which comes first. */
  const text = (start) => {
    const texts = row(start).map((cell) => {
      const copy = cell.cloneNode(true);
      for (const added of copy.querySelectorAll(".ob-nr, .ob-after-start, .ob-phase-name")) added.remove();
      return copy.textContent.trim();
    });
    return [start.querySelector(".ob-after-start").textContent, ...texts].join(" · ");
  };

  const show = (count) => {
    for (const [at, start] of starts.entries()) {
      start.classList.toggle("ob-later", at >= count);
      start.classList.toggle("ob-now", at === count - 1 && count < starts.length);
      const mark = document.getElementById(start.id.replace("row", "mark"))?.closest("a");
      mark?.classList.toggle("later", at >= count);
    }
    shown.textContent = count ? text(starts[count - 1]) : "";
    slider.setAttribute("aria-valuetext", shown.textContent);
  };

  const stop = () => {
    clearInterval(running);
    running = 0;
    button.textContent = words.start;
  };

  const step = () => {
    slider.valueAsNumber += 1;
    show(slider.valueAsNumber);
    if (slider.valueAsNumber >= starts.length) stop();
  };

  button.addEventListener("click", () => {
    if (running) return stop();
    if (slider.valueAsNumber >= starts.length) slider.value = 0;
    button.textContent = words.stop;
    running = setInterval(step, PAUSE);
    step();
  });
  slider.addEventListener("input", () => {
    stop();
    show(slider.valueAsNumber);
  });
  addEventListener("beforeprint", () => show(starts.length));

  slider.max = starts.length;
  slider.value = starts.length;
  replay.hidden = starts.length < 2;
}
