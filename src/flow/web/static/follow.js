/**
 * Keeps the parts marked `data-follow` current: reads the page again and takes over what has changed. What is
 * under way shows within two seconds; a page on which nothing happens is looked at ever less often.
 * A value of `data-follow` is the address to read, for pages that answer a form.
 */

const SOON_MS = 1_500;
const LATER_MS = 15_000;
const SOON_FOR_MS = 90_000;

const parts = [...document.querySelectorAll("[data-follow][id]")];
let changedAt = Date.now();

async function look() {
  if (!document.hidden) await takeOver();
  setTimeout(look, Date.now() - changedAt < SOON_FOR_MS ? SOON_MS : LATER_MS);
}

async function takeOver() {
  try {
    const answer = await fetch(parts[0].dataset.follow || location.href, { headers: { accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of parts) replace(part, page.getElementById(part.id));
  } catch {
    // Out of reach for now; the next look tries again.
  }
}

/** What somebody has open, or stands on, is left alone until they go on. */
function replace(part, fresh) {
  if (!fresh || fresh.innerHTML === part.innerHTML) return;
  if (part.contains(document.activeElement) || part.querySelector("details[open], :popover-open")) return;
  if (news(part) !== news(fresh)) changedAt = Date.now();
  part.innerHTML = fresh.innerHTML;
}

/** What a part says, but for how long ago it was. */
function news(part) {
  const copy = part.cloneNode(true);
  for (const time of copy.querySelectorAll("time")) time.remove();
  return copy.textContent;
}

if (parts.length) setTimeout(look, SOON_MS);
