"""The consent banner and the preference page in real Chromium."""
