// Marks a search page with a query before the first paint, so that the list of all pages, which is for readers
// without a query, does not flash.
(function () {
  if (new URLSearchParams(location.search).get("q")) document.documentElement.dataset.query = "";
})();
