"""Whether the web process lives, and whether it can serve."""
