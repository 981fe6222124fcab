/** Moves the steps of a placed order forward while the page is open. */

const PAUSE_MS = 4_000;
const SOON_MS = 1_000;
const SOON_FOR = 20; // looks after which nobody who has just paid still waits
const OVER = ["completed", "cancelled", "refunded"];
const page = document.querySelector("[data-status-url]");

let looks = 0;

async function look() {
  looks += 1;
  try {
    const answer = await fetch(page.dataset.statusUrl, { headers: { accept: "application/json" } });
    if (answer.ok) show(await answer.json());
  } catch {
    // Out of reach for now; the next look tries again.
  }
  if (!OVER.includes(page.dataset.status)) setTimeout(look, pause());
}

/** Who comes back from the payment page wants to know at once. */
function pause() {
  if (document.hidden) return PAUSE_MS * 5;
  return looks < SOON_FOR && "pays" in page.dataset ? SOON_MS : PAUSE_MS;
}

function show({ status, payment, steps }) {
  // What is said of the payment, and whether it can be made, is the server's to say.
  if (payment !== page.dataset.payment) return location.reload();
  if (status === page.dataset.status) return;
  page.dataset.status = status;
  // A cancelled order reads quite differently: let the server say it.
  if (status === "cancelled" || status === "refunded") return location.reload();
  for (const item of page.querySelectorAll("[data-step-status]")) {
    const step = steps.find((each) => each.status === item.dataset.stepStatus);
    item.classList.toggle("done", Boolean(step?.at_text));
    item.querySelector("[data-at]").textContent = step?.at_text ?? "";
    if (item.dataset.stepStatus === status) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
  }
}

if (!OVER.includes(page.dataset.status)) setTimeout(look, pause());
