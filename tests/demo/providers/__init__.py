"""The simulated providers, by the documents of the real ones."""
