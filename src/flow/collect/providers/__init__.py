"""The systems that FLOW speaks with, a folder each with the same few files.

`signature.py` checks deliveries, `payload.py` reads them, `applying.py` lets them take effect, `calls.py` calls back.
"""

from collections.abc import Iterable
from dataclasses import replace

from flow.collect.integrations.types import System
from flow.collect.messages.types import Enter
from flow.collect.providers import economic, facebook, inmobile, instagram, mobilepay, stripe, wolt, wolt_drive
from flow.collect.providers.inmobile import InMobile
from flow.collect.providers.meta.channel import MetaChannel
from flow.collect.webhooks.types import Provider

__all__ = ["PROVIDERS", "SYSTEMS", "with_entry"]

PROVIDERS: tuple[Provider, ...] = (
    stripe.PROVIDER,
    mobilepay.PROVIDER,
    inmobile.PROVIDER,
    instagram.PROVIDER,
    facebook.PROVIDER,
    wolt.PROVIDER,
    wolt_drive.PROVIDER,
    economic.PROVIDER,
)
"""Those that send webhooks."""

SYSTEMS: tuple[System, ...] = (
    stripe.PROVIDER,
    mobilepay.PROVIDER,
    inmobile.PROVIDER,
    instagram.PROVIDER,
    facebook.PROVIDER,
    wolt.PROVIDER,
    wolt_drive.PROVIDER,
    economic.PROVIDER,
)
"""Those that are called, in the order in which the settings show them."""


def with_entry(providers: Iterable[Provider], enter: Enter) -> tuple[Provider, ...]:
    """The same, with an entry point to which guests' messages are passed on (flow.conversations.entry)."""
    return tuple(replace(each, enter=enter) if isinstance(each, InMobile | MetaChannel) else each for each in providers)
