import { describe, subject } from "./elements.js";
import { on } from "./page.js";
import { emit, onEnd } from "./views.js";

const LEAST_MS = 2000;

/** element_hover when a pointer leaves an element marked data-flow-hover after more than two seconds. */
export function hover() {
  let element;
  let since;

  function move(to) {
    if (to == element) return;
    const duration = Math.round(performance.now() - since);
    if (element && duration > LEAST_MS) emit("element_hover", { hover_duration_ms: duration }, describe(element));
    element = to;
    since = performance.now();
  }

  on(document, "pointerover", (event) => {
    move(event.pointerType != "touch" && subject(event)?.closest("[data-flow-hover]"));
  });
  on(document, "pointerout", (event) => event.relatedTarget || move()); // out of the window
  onEnd.push(() => move());
}
