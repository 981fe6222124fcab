/** A cart in memory: nothing is stored on the guest's device. Amounts are øre; the server prices the order for real. */

/** @param {{fee: number, freeFrom: number | null}} delivery what delivery costs, and from which subtotal it is free */
export function createCart(delivery) {
  const lines = new Map();

  const subtotal = () => sum([...lines.values()], (line) => line.unitPrice * line.quantity);

  function fee(fulfillment) {
    if (fulfillment !== "delivery") return 0;
    return delivery.freeFrom !== null && subtotal() >= delivery.freeFrom ? 0 : delivery.fee;
  }

  return {
    lines: () => [...lines.values()],
    count: () => sum([...lines.values()], (line) => line.quantity),
    subtotal,
    fee,
    total: (fulfillment) => subtotal() + fee(fulfillment),

    /** One more of a product with these options; the same choice twice is one line of two. */
    add(product, options) {
      const key = [product.id, ...options.map((option) => option.id).sort()].join(" ");
      const unitPrice = product.price + sum(options, (option) => option.price);
      const line = lines.get(key) ?? { key, product, options, unitPrice, quantity: 0 };
      line.quantity += 1;
      lines.set(key, line);
      return line;
    },

    setQuantity(key, quantity) {
      const line = lines.get(key);
      line.quantity = quantity;
      if (quantity < 1) lines.delete(key);
      return line;
    },

    /** The lines as POST /api/orders wants them. */
    items: () =>
      [...lines.values()].map((line) => ({
        product_id: line.product.id,
        quantity: line.quantity,
        option_ids: line.options.map((option) => option.id),
      })),
  };
}

function sum(list, amountOf) {
  return list.reduce((total, each) => total + amountOf(each), 0);
}
