"""e-conomic: the agreement and its lists, customers, products, draft and booked invoices, and its hooks."""

from flow.demo.providers.economic.api import economic

__all__ = ["economic"]
