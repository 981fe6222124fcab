import { quiet } from "./page.js";
import { flow, start } from "./tracker.js";

/** window.flow for a classic script tag, whose attributes are the settings; earlier calls wait in flow.q. */
quiet(() => {
  const early = window.flow;
  if (early && !early.q) return; // the script is on the page twice
  const tag = document.currentScript || document.querySelector("script[data-restaurant]");
  window.flow = start(tag.dataset, tag.src);
  for (const [name, ...values] of early?.q || []) {
    name.split(".").reduce((object, part) => object[part], flow)(...values);
  }
})();
