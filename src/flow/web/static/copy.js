/** Buttons that copy the text of another element: `data-copy` is its id, `data-copied` what the button says then. */

for (const button of document.querySelectorAll("[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  button.hidden = !source;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      button.textContent = button.dataset.copied;
    } catch {
      // Without leave to copy the text is at least chosen, ready for the keyboard.
      getSelection().selectAllChildren(source);
    }
  });
}
