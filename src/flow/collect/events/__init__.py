"""Events: what visitors do, checked against the catalogue, told from robots and kept."""
