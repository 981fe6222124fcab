import { cut } from "./text.js";

/**
 * What the page asked for: the data-* attributes of the script tag, or the argument of init().
 *
 * restaurant, key          who this is
 * endpoint                 where batches go (default: /api/events/batch at the script's origin)
 * features                 "all", or a comma list of scroll, clicks, forms, hover
 * auto                     "off": the page calls flow.page() itself
 * hash                     "on": the fragment is part of the address (for #/routes)
 * query                    "keep": page_url keeps its whole query string
 * respectDnt, respectGpc   what a Do Not Track or Global Privacy Control signal of the browser means here:
 *                          "cookieless" (default), "off", or anything else: "block"
 */
export const settings = {};

const CAMPAIGN = /^(utm_\w+|(g|fb|tt|tw)clid|msclkid|[gw]braid|li_fat_id)$/;

/** The address of the page with nothing personal in it: campaign parameters stay, the rest of the query goes. */
export function pageUrl() {
  const query = new URLSearchParams(location.search);
  if (settings.query != "keep") {
    for (const name of [...query.keys()]) CAMPAIGN.test(name) || query.delete(name);
  }
  const address = location.origin + location.pathname + (`${query}` && `?${query}`);
  return cut(settings.hash == "on" ? address + location.hash : address, 2000);
}

export const BLOCK = 2;

/** What the browser's privacy signals mean for this visit: 0 nothing, 1 cookieless (consent is refused) or BLOCK. */
export const privacySignal = () =>
  Math.max(
    navigator.doNotTrack == 1 ? meaning(settings.respectDnt) : 0,
    navigator.globalPrivacyControl ? meaning(settings.respectGpc) : 0,
  );

function meaning(setting = "cookieless") {
  if (setting == "off") return 0;
  return setting == "cookieless" ? 1 : BLOCK;
}
