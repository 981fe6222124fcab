"""Visitors' consent to analytics, as pages of any site record it, and the question that their banner asks."""
