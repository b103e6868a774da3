// Traffic lights that have become stale since the site was built. A page that is not built again must not stay green.

for (const entry of document.querySelectorAll("[data-stale-from]")) {
  const light = entry.querySelector(".ob-light");
  // The days of the handbook begin in UTC.
  if (light && Date.now() >= Date.parse(`${entry.dataset.staleFrom}T00:00:00Z`)) {
    light.classList.remove("green", "orange", "red");
    light.classList.add("stale");
    light.textContent = entry.dataset.stale;
  }
}
