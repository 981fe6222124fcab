import { forgetAll, remember, visitor } from "./device.js";
import { sender } from "./envelope.js";
import { on, quiet } from "./page.js";
import { BLOCK, privacySignal, settings } from "./settings.js";
import { flush, saveAll, stats } from "./transport.js";
import { follow, page, track } from "./views.js";

/** Starters of the optional parts, by the name that the setting `features` knows them by. */
export const features = {};

/** What the page gets: window.flow, or the answer of init(). None of it ever throws. */
export const flow = {
  track: whenMeasured(track),
  page: whenMeasured(page),
  flush: whenMeasured(flush),
  stats,
  consent: quiet(consent),
};

/** Follows the page until it goes away; the second call on a page changes nothing. */
export function start(options, script) {
  if (settings.restaurant) return flow;
  Object.assign(settings, options);
  settings.endpoint ||= new URL("/api/events/batch", script);
  settings.consents ||= new URL("/api/consents/analytics", script);
  if (privacySignal()) forgetAll();
  // Another tab that withdraws consent may not yet see what this one has just saved.
  on(window, "storage", () => visitor() || forgetAll());
  whenMeasured(() => {
    flush();
    for (const name in features) {
      if (!settings.features || settings.features == "all" || settings.features.includes(name)) features[name]();
    }
    follow();
  })();
  return flow;
}

/** Not at all when the visitor's signal forbids it; not yet while the browser only prerenders the page. */
function whenMeasured(action) {
  return quiet((...values) => {
    if (privacySignal() == BLOCK) return;
    if (document.prerendering) document.addEventListener("prerenderingchange", () => quiet(action)(...values));
    else action(...values);
  });
}

/**
 * "analytics" allows a lasting id and a queue on the device, "none" (or false) takes both away. Returns whether it is
 * allowed. What changes is told to the server, with what the visitor was shown: {version, language} or {text, language}.
 */
function consent(purpose, shown) {
  const before = visitor();
  if (purpose == "analytics") {
    remember();
    saveAll();
  } else if (purpose != undefined) forgetAll();
  const now = visitor();
  if (now != before) {
    const answer = { ...sender(), visitor_id: now || before, granted: !!now, ...shown };
    navigator.sendBeacon(settings.consents, JSON.stringify(answer)); // outlives the page, as the answer must
  }
  return !!now;
}
