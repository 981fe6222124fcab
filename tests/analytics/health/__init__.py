"""Metrics about other systems."""
