"""e-conomic: a draft invoice for each order that was sold here, and what became of it in the books."""
