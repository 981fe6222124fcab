"""What is left of visits whose events are no longer kept: figures by business day, as a roll-up makes them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from random import Random

from flow.demo.simulation.journeys import Stay
from flow.demo.simulation.profiles import PageName
from flow.demo.simulation.recording import LOST
from flow.demo.simulation.visits import Visit

__all__ = ["Kept", "KeptDay", "KeptPage"]


@dataclass(slots=True)
class KeptPage:
    """A page's day; a column each of `page_view_aggregates`."""

    views: int = 0
    entries: int = 0
    exits: int = 0
    milliseconds: int = 0
    depth: int = 0
    clicks: int = 0
    visitors: set[str] = field(default_factory=set)


@dataclass(slots=True)
class KeptDay:
    """A day: events that pages sent and those that came, web orders told of, products in and out of carts."""

    page_views: int = 0
    sent: int = 0
    received: int = 0
    captured_orders: int = 0
    pages: dict[PageName, KeptPage] = field(default_factory=dict)
    added: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)


class Kept:
    """Adds visits up; `days` holds what they come to."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.days: dict[date, KeptDay] = {}

    def add(self, day: date, visit: Visit) -> None:
        """One visit of this business day."""
        kept, chance, journey = self.days.setdefault(day, KeptDay()), self._random.random, visit.journey
        kept.page_views += len(journey.stays)
        kept.sent += journey.events
        kept.received += journey.events - (chance() < LOST * journey.events)
        for event_name, product in journey.cart_moves:
            (kept.added if event_name == "checkout_item_added" else kept.removed)[product] += 1
        first, last = journey.stays[0], journey.stays[-1]
        for stay in journey.stays:
            _add_page(kept.pages.setdefault(stay.page, KeptPage()), stay, visit.visitor, stay is first, stay is last)
        if visit.order is not None and visit.order.channel == "web":
            kept.captured_orders += chance() >= LOST


def _add_page(page: KeptPage, stay: Stay, visitor: str, is_entry: bool, is_exit: bool) -> None:
    page.views += 1
    page.entries += is_entry
    page.exits += is_exit
    page.milliseconds += stay.milliseconds
    page.depth += stay.depth
    page.clicks += stay.clicks
    page.visitors.add(visitor)
