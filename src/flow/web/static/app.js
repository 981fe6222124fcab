/** What every page behind the login loads. Each part works alone; the page works without all of them. */

import "./theme.js";
import "./keyboard.js";
import "./menus.js";
import "./sections.js";
import "./copy.js";
import "./follow.js";
