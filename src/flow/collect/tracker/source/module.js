import { start } from "./tracker.js";

/** import { init } from ".../flow.mjs"; const flow = init({ restaurant, key }); */
export const init = (options) => start(options, import.meta.url);
