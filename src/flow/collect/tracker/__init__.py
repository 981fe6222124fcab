"""The browser tracker (/flow.js, /flow.mjs, /flow.core.js) and the consent banner (/consent.js), built from source/."""
