import { CRITICAL } from "./critical.js";
import { disown } from "./device.js";
import { newId } from "./ids.js";
import { isHidden, on, quiet } from "./page.js";
import { pageUrl, settings } from "./settings.js";
import { cut } from "./text.js";
import { enqueue, flush, handOver, handOverSoon, retryNow, sendNow, sendWithin } from "./transport.js";

const FLUSH_MS = 1000;
const REFERRER = document.referrer.split(/[?#]/)[0];

const title = () => cut(document.title, 500);

/** What features do when a page view has begun, and just before it ends. */
export const onBegin = [];
export const onEnd = [];

/** The page view that is open: its id, address and number of events. */
let view;
/** Its milliseconds on screen before `shownAt` (0 while hidden), and those that the last page_exit told. */
let active;
let shownAt;
let told;

/** Queues an event of the open page view; without one there is nothing to measure. */
export function emit(name, data, fields, time = Date.now(), id = newId(time)) {
  if (!view) return;
  const event = {
    id,
    event_name: name,
    timestamp: new Date(time),
    page_view_id: view.id,
    page_url: view.url,
    ...fields,
    event_data: data && JSON.parse(JSON.stringify(data)), // a copy, since the page may change its own later
    seq: ++view.seq,
  };
  enqueue([event, REFERRER]);
  if (isHidden()) handOverSoon();
  else if (CRITICAL.includes(name)) sendNow();
  else sendWithin(FLUSH_MS);
  return event;
}

/** Ends the open page view, if any, and begins the next one. */
export function page() {
  end("navigation");
  const time = Date.now();
  const current = (view = { id: newId(time), url: pageUrl(), seq: 0 });
  active = 0;
  told = -1;
  shownAt = isHidden() ? 0 : performance.now();
  const event = emit("page_view", undefined, { page_title: title() }, time, view.id);
  // an app sets the title only after the address
  setTimeout(() => view == current && (event.page_title = title()), FLUSH_MS / 2);
  onBegin.forEach((action) => quiet(action)());
}

/** The page's own event, with a page view to belong to. */
export function track(name, data) {
  view || page();
  emit(`${name}`, data);
}

function end(exit) {
  if (!view) return;
  onEnd.forEach((action) => quiet(action)());
  leave(exit);
}

/**
 * Stops the clock and tells the time on screen. On a phone, being hidden may be the last thing that
 * happens to a page, so it is told then, and again if the visitor comes back: the highest one counts.
 */
function leave(exit) {
  if (shownAt) active += performance.now() - shownAt;
  shownAt = 0;
  if (active > told) {
    told = active;
    emit("page_exit", { exit_type: exit }, { time_on_page_ms: Math.round(active) });
  }
}

/** Begins the first page view, and from then on follows the page. */
export function follow() {
  if (settings.auto != "off") followAddress();
  on(window, "pagehide", () => {
    end("unload");
    handOver();
    disown();
  });
  on(window, "pageshow", (event) => {
    if (!event.persisted || settings.auto == "off") return; // persisted: from the back/forward cache
    shownAt = 0; // the view that ended with pagehide is not on screen again
    page();
  });
  on(document, "visibilitychange", () => {
    if (isHidden()) {
      leave("hidden");
      handOver();
    } else {
      shownAt = performance.now();
      flush();
    }
  });
  on(window, "online", retryNow);
}

function followAddress() {
  const moved = quiet(() => view?.url == pageUrl() || page());
  for (const method of ["pushState", "replaceState"]) {
    const original = history[method];
    history[method] = function (...values) {
      original.apply(this, values);
      moved();
    };
  }
  on(window, "popstate", moved);
  moved();
}
