"""Loyalty: members collect a point per whole 10 kr. of a completed order."""

from flow.business.loyalty.store import join_program, settle_points

__all__ = ["join_program", "settle_points"]
