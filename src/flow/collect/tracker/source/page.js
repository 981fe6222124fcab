/** The edges between the tracker and the page it is a guest on. */

/** Wraps `action` so that whatever goes wrong inside it never reaches the page. */
export function quiet(action) {
  return (...values) => {
    try {
      return action(...values);
    } catch {}
  };
}

/** Listens before the page's own handlers may stop the event, and never holds up scrolling. */
export function on(target, type, handler) {
  target.addEventListener(type, quiet(handler), { capture: true, passive: true });
}

export const isHidden = () => document.visibilityState === "hidden";
