/** The menu and the cart on the page; checkout.js takes over when the guest wants to order. */

import { createCart } from "./cart.js";
import { setUpCheckout } from "./checkout.js";

const root = document.querySelector("[data-shop]");
const section = root.querySelector("#cart");
const find = (name) => section.querySelector(`[data-${name}]`);
const money = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: root.dataset.currency });
const kroner = (amount) => money.format(amount / 100);

const cart = createCart({
  fee: Number(root.dataset.deliveryFee),
  freeFrom: root.dataset.freeFrom === "" ? null : Number(root.dataset.freeFrom),
});
const checkout = setUpCheckout({ root, section, cart, show });

// The way to the cart is not needed where the cart is in sight.
new IntersectionObserver(([{ isIntersecting }]) => {
  document.querySelector("[data-cart-bar]").classList.toggle("arrived", isIntersecting);
}).observe(section);

for (const form of root.querySelectorAll(".product")) {
  form.addEventListener("change", () => showPrice(form));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    add(form);
  });
}

function product(form) {
  const { product: id, name, category, price } = form.dataset;
  return { id, name, category, price: Number(price) };
}

function chosen(form) {
  return [...form.querySelectorAll("input:checked")].map((input) => ({
    id: input.value,
    name: input.dataset.name,
    price: Number(input.dataset.price),
  }));
}

/** A dish with options shows on its button what it costs as chosen; a full group takes no more. */
function showPrice(form) {
  for (const group of form.querySelectorAll("fieldset")) {
    const boxes = [...group.querySelectorAll("input[type=checkbox]:not(:disabled), input[data-full]")];
    const full = boxes.filter((box) => box.checked).length >= Number(group.dataset.most);
    for (const box of boxes) {
      box.disabled = full && !box.checked;
      box.toggleAttribute("data-full", box.disabled);
    }
  }
  const price = form.querySelector("[data-price-now]");
  price.textContent = kroner(product(form).price + chosen(form).reduce((sum, option) => sum + option.price, 0));
  price.hidden = false;
}

function add(form) {
  const line = cart.add(product(form), chosen(form));
  show();
  const words = find("announce");
  words.textContent = words.dataset.added.replace("{product}", line.product.name).replace("{total}", kroner(cart.subtotal()));
  window.flow?.checkout?.itemAdded?.({ ...asEvent(line), quantity: 1 });
}

function change(key, quantity) {
  const before = cart.lines().find((line) => line.key === key).quantity;
  const line = cart.setQuantity(key, quantity);
  show();
  if (quantity < 1) window.flow?.checkout?.itemRemoved?.({ ...asEvent(line), quantity: before });
  else window.flow?.checkout?.itemQuantityChanged?.({
    product_id: line.product.id, old_quantity: before, new_quantity: quantity, cart_total: cart.subtotal(),
  });
}

function asEvent(line) {
  return { product_id: line.product.id, product_name: line.product.name, price: line.unitPrice, cart_total: cart.subtotal() };
}

function show() {
  const fulfillment = checkout.fulfillment();
  find("lines").replaceChildren(...cart.lines().map(drawLine));
  find("empty").hidden = cart.count() > 0;
  find("sums").hidden = cart.count() === 0;
  find("subtotal").textContent = kroner(cart.subtotal());
  find("discount-line").hidden = checkout.discount() === 0;
  find("discount").textContent = kroner(-checkout.discount());
  find("delivery-line").hidden = fulfillment !== "delivery";
  find("delivery").textContent = cart.fee(fulfillment) ? kroner(cart.fee(fulfillment)) : find("delivery").dataset.free;
  const toPay = cart.total(fulfillment) - checkout.discount();
  for (const total of document.querySelectorAll("[data-total]")) total.textContent = kroner(toPay);
  const bar = document.querySelector("[data-cart-bar]");
  bar.hidden = cart.count() === 0;
  bar.querySelector("[data-count]").textContent = cart.count();
  checkout.show();
}

function drawLine(line) {
  const item = find("line").content.cloneNode(true);
  const write = (name, text) => (item.querySelector(`[data-${name}]`).textContent = text);
  write("line-name", line.product.name);
  write("line-options", line.options.map((option) => option.name).join(", "));
  write("line-total", kroner(line.unitPrice * line.quantity));
  write("quantity", line.quantity);
  for (const [name, step] of [["less", -1], ["more", 1]]) {
    const button = item.querySelector(`[data-${name}]`);
    button.setAttribute("aria-label", `${button.getAttribute("aria-label")}: ${line.product.name}`);
    button.addEventListener("click", () => {
      change(line.key, line.quantity + step);
      // The line was drawn anew: give the focus back to the same button, or to the cart when the line is gone.
      const place = cart.lines().findIndex((each) => each.key === line.key);
      (section.querySelectorAll(`[data-${name}]`)[place] ?? section).focus();
    });
  }
  return item;
}
