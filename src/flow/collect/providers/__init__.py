"""The systems that FLOW speaks with, a folder each with the same few files.

`signature.py` checks deliveries, `payload.py` reads them, `applying.py` lets them take effect, `calls.py` calls back.
"""

from flow.collect.integrations.types import System
from flow.collect.webhooks.types import Provider

__all__ = ["PROVIDERS", "SYSTEMS"]

PROVIDERS: tuple[Provider, ...] = ()
"""Those that send webhooks."""

SYSTEMS: tuple[System, ...] = ()
"""Those that are called, in the order in which the settings show them."""
