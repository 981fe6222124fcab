"""The demo shop in a real browser."""
