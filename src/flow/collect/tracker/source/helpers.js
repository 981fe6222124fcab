import { HELPERS } from "./helpernames.js";
import { flow } from "./tracker.js";

/** flow.checkout.itemAdded(data) is flow.track("checkout_item_added", data), and so on for every name. */
export function addHelpers() {
  for (const group in HELPERS) {
    flow[group] = {};
    for (const method of HELPERS[group]) {
      const name = `${group}_${method}`.replace(/[A-Z]/g, (letter) => "_" + letter.toLowerCase());
      flow[group][method] = (data) => flow.track(name, data);
    }
  }
}
