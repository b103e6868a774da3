// The script with the modules that the search box, the search page and the page for a wrong address share.

import "./page.js";
import "./found-words.js";
import "./search-memory.js";
import "./search-view.js";
