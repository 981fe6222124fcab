import { visitor } from "./device.js";
import { settings } from "./settings.js";

/** Who this is. */
export const sender = () => ({ restaurant_id: settings.restaurant, key: settings.key, visitor_id: visitor() });

/** The body of one POST: entries [event, referrer] of one page load, and what is true of the whole batch. */
export function envelope(batch) {
  return new Blob(
    [
      JSON.stringify({
        ...sender(),
        sent_at: new Date(),
        screen_resolution: `${screen.width}x${screen.height}`,
        viewport_width: innerWidth,
        viewport_height: innerHeight,
        language: navigator.language,
        referrer: batch[0][1],
        webdriver: navigator.webdriver || undefined,
        events: batch.map(([event]) => event),
      }),
    ],
    { type: "text/plain" }, // not JSON: that type would cost a preflight request, and sendBeacon refuses it
  );
}
