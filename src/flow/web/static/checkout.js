/** From cart to order: the form, its checks, and one POST that is safe to repeat. */

import { createDiscount } from "./discount.js";

/** @param {{root: HTMLElement, section: HTMLElement, cart: object, show: () => void}} shop `show` redraws the page */
export function setUpCheckout({ root, section, cart, show }) {
  const form = section.querySelector("[data-checkout]");
  const find = (name) => section.querySelector(`[data-${name}]`);
  const words = find("words").dataset;
  const fulfillment = () => new FormData(form).get("fulfillment_type");
  let sent = { body: "", key: "" };
  const discount = createDiscount({ url: root.dataset.quoteUrl, order, onKnown: show, onRefused: tell });

  find("to-checkout").addEventListener("click", () => {
    step("checkout");
    window.flow?.checkout?.started?.({ cart_value: cart.subtotal(), item_count: cart.count() });
  });
  find("to-cart").addEventListener("click", () => step("cart"));
  form.addEventListener("change", (event) => {
    if (event.target.name === "fulfillment_type") deliveryChosen();
    if (event.target.name === "delivery.postal_code") addressEntered();
    if (event.target.name === "discount_code") show();
  });
  // While writing, not on leaving the field: a note that goes away then would move the page under the next click.
  form.addEventListener("input", (event) => {
    if (event.target.getAttribute("aria-invalid")) check(event.target);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const wrong = inputs().filter((input) => !check(input));
    if (wrong.length) wrong[0].focus();
    else place();
  });

  function step(name) {
    section.dataset.step = name;
    show();
    section.focus();
    section.scrollIntoView({ block: "start" });
  }

  function inputs() {
    return [...form.querySelectorAll("input")].filter((input) => !input.closest("[hidden]"));
  }

  function check(input) {
    const note = document.getElementById(`${input.id}-problem`);
    if (!note) return true;
    const problem = input.required && !input.value.trim() ? words.missing : input.checkValidity() ? "" : words.invalid;
    return complain(input, note, problem);
  }

  function complain(input, note, problem) {
    note.textContent = problem;
    note.hidden = !problem;
    if (problem) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    return !problem;
  }

  function deliveryChosen() {
    show();
    window.flow?.checkout?.deliverySelected?.({ fulfillment_type: fulfillment(), delivery_fee: cart.fee(fulfillment()) });
  }

  function addressEntered() {
    const code = form.elements["delivery.postal_code"].value.trim();
    window.flow?.checkout?.addressEntered?.({ postal_code: code, valid: code !== "" });
  }

  const toPay = () => cart.total(fulfillment()) - discount.amount();

  /** The form as POST /api/orders wants it: "customer.name" is name within customer; what is empty is left out. */
  function order() {
    const body = {
      restaurant_id: root.dataset.shop,
      key: root.dataset.key,
      items: cart.items(),
      visitor: { visitor_id: visitorId(root.dataset.shop) },
    };
    for (const [path, value] of new FormData(form)) {
      const [name, part] = path.split(".");
      if (!value.trim() || (name === "delivery" && fulfillment() !== "delivery")) continue;
      if (part) (body[name] ??= {})[part] = value.trim();
      else body[name] = value === "on" ? true : value.trim();
    }
    return body;
  }

  async function place() {
    busy(true);
    discount.refresh();
    await discount.settled();
    const payment = { payment_method: new FormData(form).get("payment_method"), amount: toPay() };
    window.flow?.checkout?.paymentInitiated?.(payment);
    try {
      const placed = await post();
      // Who pays online has yet to: the provider's page comes next, and the receipt after it.
      if (!placed.payment_url) window.flow?.checkout?.paymentCompleted?.({ ...payment, transaction_id: placed.id });
      window.flow?.checkout?.completed?.({
        order_id: placed.id, total: placed.total, item_count: cart.count(),
        fulfillment_type: fulfillment(), payment_method: payment.payment_method,
      });
      location.assign(placed.payment_url ?? placed.url);
    } catch (error) {
      window.flow?.checkout?.paymentFailed?.({ ...payment, error_code: error.code ?? "network", error_message: error.message });
      tell(error);
      busy(false);
    }
  }

  /** The same order keeps its key however often it is sent, so the server places it once. */
  async function post() {
    const body = JSON.stringify({ ...order(), expected_total: toPay() });
    if (body !== sent.body) sent = { body, key: newKey() };
    const headers = { "content-type": "application/json", "idempotency-key": sent.key };
    const answer = await fetch(root.dataset.orderUrl, { method: "POST", body, headers });
    const result = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(result.error?.message), result.error);
    return result;
  }

  /** Each fault is told at its field; what has no field, and the rest, above the button. */
  function tell(error) {
    const faults = error.details?.faults ?? [];
    const rest = faults.filter(({ at, problem }) => {
      const input = form.elements[at.replace(/^body\./, "")];
      const note = input?.id && document.getElementById(`${input.id}-problem`);
      if (note) complain(input, note, problem);
      return !note;
    });
    const first = form.querySelector("[aria-invalid]");
    first?.focus();
    if (first && !rest.length) return;
    const problem = find("problem");
    problem.textContent = rest.map((fault) => fault.problem).join(" ") || (error.code ? error.message : words.offline);
    problem.hidden = false;
    if (!first) problem.scrollIntoView({ block: "center" });
  }

  function busy(now) {
    const label = find("place-words");
    label.dataset.ready ??= label.textContent;
    label.textContent = now ? label.dataset.busy : label.dataset.ready;
    form.querySelector(".place").disabled = now;
    if (now) find("problem").hidden = true;
  }

  return {
    fulfillment,
    discount: discount.amount,
    show() {
      discount.refresh();
      if (cart.count() === 0) section.dataset.step = "cart";
      const paying = section.dataset.step === "checkout";
      const tooSmall = fulfillment() === "delivery" && cart.subtotal() < Number(root.dataset.minimum);
      form.hidden = !paying;
      find("to-checkout").hidden = paying || cart.count() === 0;
      find("below-minimum").hidden = !tooSmall;
      form.querySelector(".place").disabled = tooSmall;
      for (const part of form.querySelectorAll("[data-delivery-only]")) part.hidden = fulfillment() !== "delivery";
    },
  };
}

/** 32 random hex digits; crypto.randomUUID is there on secure pages only. */
function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The lasting id, which the tracker keeps only with consent; without it the server finds the visit by itself. */
function visitorId(restaurant) {
  try {
    return localStorage.getItem(`flow.${restaurant}.visitor`);
  } catch {
    return null;
  }
}
