import { on, quiet } from "./page.js";
import { emit, onBegin, onEnd } from "./views.js";

const MILESTONES = [25, 50, 75, 100];

/** page_scroll when scrolling has brought 25, 50, 75 and 100 % of the page on screen, each once per page view. */
export function scroll() {
  let reached = 0;
  let last = scrollY;
  let planned;

  function measure() {
    if (!planned) return;
    planned = 0;
    // the one pixel: at the very end browsers may stop a fraction short of it
    const depth = (100 * (scrollY + innerHeight + 1)) / document.documentElement.scrollHeight;
    const direction = scrollY < last ? "up" : "down";
    last = scrollY;
    while (depth >= MILESTONES[reached]) emit("page_scroll", { scroll_depth_pct: MILESTONES[reached++], direction });
  }

  // Measured after a frame is drawn, when asking for the height costs no layout.
  on(window, "scroll", () => {
    planned ||= requestAnimationFrame(() => setTimeout(quiet(measure)));
  });
  onEnd.push(measure);
  onBegin.push(() => (reached = 0));
}
