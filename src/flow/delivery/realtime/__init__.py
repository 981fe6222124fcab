"""Live figures: one listener per process hears what happened, and wakes the pages that follow that restaurant."""
