/**
 * In a demonstration the simulated provider hands its keys over in the fragment of the address, which no server sees:
 * they are filled in, and the person looks at them and connects.
 */

const form = document.querySelector("form[data-brought]");
const brought = new URLSearchParams(location.hash.slice(1));

if (form && brought.size) {
  for (const field of form.querySelectorAll("input:not([type=hidden])")) {
    if (brought.has(field.name)) field.value = brought.get(field.name);
  }
  history.replaceState(null, "", location.pathname + location.search);
  form.querySelector("button.primary").focus();
}
