"""The demonstration: simulated restaurants, and one command that starts everything."""
