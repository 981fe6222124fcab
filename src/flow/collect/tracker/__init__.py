"""The browser tracker: /flow.js, /flow.mjs and /flow.core.js, built from the modules in source/ and served here."""
