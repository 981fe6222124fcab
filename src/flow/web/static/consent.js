/** Asks once on the page whether the device may be remembered. Both answers are one click and look the same. */

const banner = document.querySelector("[data-consent]");

addEventListener("load", () => {
  // Nothing to ask without the tracker, after an answer, or where the browser itself says no.
  const refused = navigator.globalPrivacyControl || navigator.doNotTrack === "1";
  banner.hidden = !window.flow?.consent || Boolean(refused) || window.flow.consent();
});

for (const button of banner.querySelectorAll("button")) {
  button.addEventListener("click", () => {
    window.flow.consent(button.value === "analytics" ? "analytics" : false);
    banner.hidden = true;
  });
}
