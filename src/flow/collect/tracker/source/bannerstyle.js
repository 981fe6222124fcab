/**
 * How the banner looks: in a shadow root of its own, so that neither page nor banner bends the other. A page may set
 * --flow-consent-ground, -ink, -edge and -accent. A constructed sheet, unlike a style element, needs no leave of the page's
 * Content-Security-Policy.
 */
const SHEET = `
:host { all: initial; color-scheme: inherit; }
section {
  position: fixed; inset: auto 0 0; z-index: 2147483000; box-sizing: border-box;
  width: min(36rem, 100% - 1.5rem); max-height: calc(100dvh - 1.5rem); margin: 0 auto 0.75rem; padding: 1rem 1.125rem;
  overflow: auto; border: 1px solid var(--flow-consent-edge, light-dark(#857f74, #7d8077)); border-radius: 0.75rem;
  background: var(--flow-consent-ground, light-dark(#ffffff, #242622)); color: var(--flow-consent-ink, light-dark(#1d1c1a, #f1f0ea));
  box-shadow: 0 12px 32px #0003; font: 400 max(0.9375rem, 15px)/1.45 var(--flow-consent-font, system-ui, sans-serif);
  overflow-wrap: break-word;
}
h2 { margin: 0; font-size: 1.0625em; font-weight: 600; }
p { margin: 0.5em 0 0; }
.note { font-weight: 600; }
div { display: flex; flex-wrap: wrap; gap: 0.5rem; margin-top: 0.875em; }
button {
  box-sizing: border-box; min-height: 2.75rem; padding: 0.375rem 0.875rem; border-radius: 0.5rem; font: inherit; font-weight: 500;
  color: inherit; background: transparent; border: 1px solid var(--flow-consent-edge, light-dark(#857f74, #7d8077)); cursor: pointer;
}
div button { flex: 1 1 9rem; }
button:hover { background: color-mix(in srgb, currentColor 8%, transparent); }
.close { margin-top: 0.5rem; border-color: transparent; text-decoration: underline; }
:focus-visible { outline: 2px solid var(--flow-consent-accent, light-dark(#0b6b66, #5cc8be)); outline-offset: 2px; }
h2:focus { outline: none; }
@media print { section { display: none; } }
`;

export function style(root) {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(SHEET);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(Object.assign(document.createElement("style"), { textContent: SHEET }));
  }
}
