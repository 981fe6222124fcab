"""The desk of compliance in real Chromium."""
