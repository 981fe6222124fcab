/** Switches between light and dark at once; the server remembers the choice for the next page. */

const form = document.querySelectorAll("[data-theme-form]");

for (const each of form) {
  each.addEventListener("submit", (event) => {
    if (!event.submitter) return;
    event.preventDefault();
    const theme = event.submitter.value;
    document.documentElement.dataset.theme = theme;
    for (const button of document.querySelectorAll("[data-theme-form] button")) {
      button.setAttribute("aria-pressed", String(button.value === theme));
    }
    const choice = new URLSearchParams(new FormData(each, event.submitter));
    fetch(each.action, { method: "POST", body: choice, redirect: "manual" }).catch(() => {
      // The look has changed already; only the memory of it is lost, and the next click tries again.
    });
  });
}
