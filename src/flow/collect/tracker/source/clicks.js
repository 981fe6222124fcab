import { actionable, describe, selector, subject } from "./elements.js";
import { on } from "./page.js";
import { emit } from "./views.js";

/** element_click with the element and, unless it was pressed by keyboard, the position. */
export function clicks() {
  let last;
  on(document, "click", (event) => {
    const target = subject(event);
    // not what scripts click, nor the second click that a label passes on to its field
    if (!target || !event.isTrusted || event.timeStamp == last) return;
    last = event.timeStamp;
    const element = actionable(target);
    const position = event.detail && {
      viewport_x: Math.round(event.clientX),
      viewport_y: Math.round(event.clientY),
      page_x: Math.round(event.pageX),
      page_y: Math.round(event.pageY),
    };
    emit(
      "element_click",
      { element_tag: element.localName, element_selector: selector(element) },
      { ...describe(element), ...position },
    );
  });
}
