"""What is a guest's own, for guests who log in: orders with items and payments, and what restaurants know of them."""
