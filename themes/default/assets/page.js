// The script of every page: the modules that it imports become one file when the theme is published.

import "./theme.js";
import "./search-open.js";
import "./parts.js";
