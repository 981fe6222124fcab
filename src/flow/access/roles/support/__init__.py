"""The door of support: reading a restaurant's orders and conversations, with a reason and an end, on the record."""
