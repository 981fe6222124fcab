"""Payments and their providers' books: what differs between them, for those who keep the books."""
