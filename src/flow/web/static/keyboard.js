/** Single-key shortcuts: a key activates the element that carries it in data-key. `?` shows the list. */

const OFF = "flow.shortcuts.off";
const panel = document.getElementById("shortcuts");
const choice = panel?.querySelector("[data-shortcuts]");

function isOff() {
  return localStorage.getItem(OFF) !== null;
}

function isTyping(target) {
  return target.closest("input, select, textarea, [contenteditable]") !== null;
}

function use(element) {
  const menu = element.popoverTargetElement;
  if (!menu) return element.click();
  menu.showPopover({ source: element });
  menu.querySelector("input, [aria-current], .item")?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isOff() || isTyping(event.target)) return;
  // Inside an open menu the keys belong to the menu.
  if (event.target.closest(":popover-open")) return;
  if (event.key === "?" && panel) {
    event.preventDefault();
    panel.showPopover();
    return;
  }
  const element = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!element) return;
  event.preventDefault();
  use(element);
});

if (choice) {
  choice.checked = !isOff();
  choice.addEventListener("change", () => {
    if (choice.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
}
