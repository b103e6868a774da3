// Tells the search page before the first paint that it opens with a question: then the list of all pages, which
// is for readers without one, never flashes.
(function () {
  if (new URLSearchParams(location.search).get("q")) document.documentElement.dataset.query = "";
})();
