"""Wolt's marketplace: orders made in its app are fetched, put among ours, accepted or refused, and told about.

notification (a hint) → fetch the order (the truth) → an order of ours → its steps are told to Wolt
"""

from flow.collect.providers.wolt.provider import Wolt

__all__ = ["PROVIDER", "Wolt"]

PROVIDER = Wolt()
