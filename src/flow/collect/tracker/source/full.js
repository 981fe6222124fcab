import { clicks } from "./clicks.js";
import { forms } from "./forms.js";
import { addHelpers } from "./helpers.js";
import { hover } from "./hover.js";
import { scroll } from "./scroll.js";
import { features } from "./tracker.js";

Object.assign(features, { scroll, clicks, forms, hover });
addHelpers();
