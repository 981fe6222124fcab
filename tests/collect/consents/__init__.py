"""Visitors' consent to analytics."""
