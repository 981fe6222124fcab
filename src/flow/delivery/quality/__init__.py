"""The owner's page about the data themselves: how much was captured, what was dropped and why, what can be replayed."""
