"""The page about other systems."""
