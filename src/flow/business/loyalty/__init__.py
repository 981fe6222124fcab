"""Loyalty: members collect a point per whole 10 kr. of a completed order."""

from flow.business.loyalty.types import LoyaltyPoints, LoyaltyTransaction

__all__ = ["LoyaltyPoints", "LoyaltyTransaction"]
