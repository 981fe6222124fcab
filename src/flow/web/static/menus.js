/** Small comforts for the browser's own popovers: definitions on hover, arrow keys in menus, a filter. */

const HOVER_DELAY_MS = 350;

for (const button of document.querySelectorAll(".define")) {
  const note = button.popoverTargetElement;
  if (!note) continue;
  let timer = 0;
  const later = (act) => {
    clearTimeout(timer);
    timer = setTimeout(act, HOVER_DELAY_MS);
  };
  const show = () => note.matches(":popover-open") || note.showPopover({ source: button });
  // The note stays while the pointer is on it, so that it can be read and copied.
  const hide = () => note.matches(":hover, :popover-open:focus-within") || note.hidePopover();
  button.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && later(show));
  button.addEventListener("pointerleave", () => later(hide));
  button.addEventListener("focus", () => button.matches(":focus-visible") && later(show));
  button.addEventListener("blur", () => later(hide));
  note.addEventListener("pointerleave", () => later(hide));
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const menu = event.target.closest(".menu:popover-open");
  if (!menu || event.target.matches("input[type=date]")) return;
  event.preventDefault();
  const stops = [...menu.querySelectorAll("input[type=search], .item")].filter((each) => each.checkVisibility());
  const step = event.key === "ArrowDown" ? 1 : -1;
  stops.at((stops.indexOf(event.target) + step) % stops.length)?.focus();
});

// A panel opened from a menu lies on top of it; when the panel goes, the menu has done its work.
for (const panel of document.querySelectorAll(".panel")) {
  panel.addEventListener("toggle", (event) => {
    if (event.newState === "closed") document.querySelector(".menu:popover-open")?.hidePopover();
  });
}

for (const field of document.querySelectorAll("[data-filter]")) {
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    for (const item of field.parentElement.querySelectorAll(".item")) {
      item.hidden = !item.textContent.toLowerCase().includes(wanted);
    }
  });
}
