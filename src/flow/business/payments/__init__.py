"""Payments of orders: one row per payment, settled as the order moves."""

from flow.business.payments.types import Payment

__all__ = ["Payment"]
