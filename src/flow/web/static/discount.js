/** What a discount code takes off: the server says it, for exactly this order. Amounts are øre. */

/** @param {{url: string, order: () => object, onKnown: () => void, onRefused: (error: object) => void}} page */
export function createDiscount({ url, order, onKnown, onRefused }) {
  let asked = "";
  let reduction = 0;
  let answer = Promise.resolve();

  async function ask(wish, basket) {
    try {
      const response = await fetch(url, { method: "POST", body: question(wish), headers: { "content-type": "application/json" } });
      const result = await response.json();
      if (basket !== asked) return;
      if (!response.ok) return onRefused(result.error);
      reduction = result.discount_amount;
      onKnown();
    } catch {
      asked = ""; // out of reach: the next change asks again
    }
  }

  return {
    amount: () => (asked === basketOf(order()) ? reduction : 0),

    /** Asks again when the code, the basket or the way of delivery is another one than last time. */
    refresh() {
      const wish = order();
      const basket = basketOf(wish);
      if (basket === asked) return;
      asked = basket;
      reduction = 0;
      if (wish.discount_code && wish.items.length) answer = ask(wish, basket);
    },

    /** When the last question has been answered. */
    settled: () => answer,
  };
}

/** The price needs no name and no address, which may be half written. */
function question({ restaurant_id, key, items, fulfillment_type, discount_code }) {
  return JSON.stringify({ restaurant_id, key, items, fulfillment_type, discount_code });
}

function basketOf({ items, fulfillment_type, discount_code }) {
  return JSON.stringify([items, fulfillment_type, discount_code]);
}
