"""e-conomic: a draft invoice for each order that was sold here, and what became of it in the books.

    completed order → claimed → draft (looked for before it is made) → booked by a person → paid, as its hooks tell

FLOW books nothing: that cannot be undone.
"""

from flow.collect.providers.economic.provider import Economic

__all__ = ["PROVIDER", "Economic"]

PROVIDER = Economic()
