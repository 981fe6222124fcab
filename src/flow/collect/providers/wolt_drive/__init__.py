"""Wolt Drive: couriers of Wolt carry our own orders to their guests."""
