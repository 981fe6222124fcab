"""The system's own logs: what it did, what failed and how often."""
