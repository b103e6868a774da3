// Sets the reader's colour scheme before the first paint, and marks a page whose address names an alert, which then has its room from
// the start. Loaded without `defer` so that no page flashes or moves.
(function () {
  if (/[#&]alert=/.test(location.hash)) document.documentElement.dataset.alert = "";
  try {
    var scheme = localStorage.getItem("opsbook-theme");
    if (scheme === "light" || scheme === "dark") document.documentElement.dataset.theme = scheme;
  } catch (error) {
    // Storage may be forbidden: the system's scheme then applies.
  }
})();
