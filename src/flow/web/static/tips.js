/** Shows a chart strip's title at once, beside the pointer, instead of after the browser's pause. */

const tip = document.createElement("div");
tip.className = "tip";
tip.hidden = true;
tip.setAttribute("aria-hidden", "true");
document.body.append(tip);

function textOf(strip) {
  const title = strip.querySelector("title");
  if (title) {
    strip.dataset.tip = title.textContent.trim();
    title.remove();
  }
  return strip.dataset.tip;
}

function place(strip) {
  const box = strip.getBoundingClientRect();
  const width = tip.offsetWidth;
  const left = Math.min(Math.max(box.left + box.width / 2 - width / 2, 8), innerWidth - width - 8);
  const above = box.top - tip.offsetHeight - 6;
  tip.style.translate = `${left}px ${above > 8 ? above : box.bottom + 6}px`;
}

document.addEventListener("pointerover", (event) => {
  const strip = event.pointerType === "mouse" ? event.target.closest?.(".hits a") : null;
  tip.hidden = !strip;
  if (!strip) return;
  tip.textContent = textOf(strip);
  place(strip);
});
