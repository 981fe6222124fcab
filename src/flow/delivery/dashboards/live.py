"""The stream behind a live page: new orders at once, new figures as they change (Server-Sent Events)."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from uuid import UUID

from flow.database.transaction import Transaction
from flow.delivery.dashboards import labels, store
from flow.delivery.dashboards.executive import executive_tiles
from flow.delivery.dashboards.selection import read_selection
from flow.delivery.dashboards.types import NewOrder, Selection, Tile
from flow.delivery.realtime.hub import LiveHub
from flow.errors import FlowError
from flow.kit.clock import Clock
from flow.kit.money import Money, is_currency
from flow.web.i18n import Translator
from flow.web.services import Services

TICK_SECONDS = 5.0  # visits are not announced; they are looked at this often
_PAUSE_SECONDS = 0.5  # a busy evening must not recompute the page with every click in the kitchen
_LONGEST_SECONDS = 55 * 60.0  # shorter than a token lives; the browser connects again with a fresh one
RETRY_MS = 2000


class LiveDashboard:
    """One reader's stream."""

    def __init__(
        self,
        services: Services,
        hub: LiveHub,
        claims: Mapping[str, object],
        parameters: Mapping[str, str],
        words: Translator,
    ) -> None:
        self._services = services
        self._hub = hub
        self._claims = claims
        self._parameters = parameters
        self._words = words
        self._shown: dict[str, tuple[str, float | None]] = {}

    async def stream(self, restaurants: list[UUID]) -> AsyncIterator[bytes]:
        """Events until the reader leaves, the right to look ends, or it is time to connect anew."""
        ends = time.monotonic() + _LONGEST_SECONDS
        since = self._clock.now()
        yield f"retry: {RETRY_MS}\n\n".encode()
        with self._hub.subscribe(restaurants) as subscription:
            happened = True
            while time.monotonic() < ends:
                try:
                    async with self._services.database.as_user(self._claims, read_only=True) as transaction:
                        selection = await self._select(transaction)
                        orders = await self._new_orders(transaction, selection, since) if happened else []
                        tiles = await executive_tiles(transaction, selection, clock=self._clock, words=self._words)
                except FlowError:
                    return
                for order in orders:
                    since = max(since, order.recorded_at)
                    yield _event("order", self._order(order))
                news = self._changes(tiles)
                yield _event("tiles", news) if news else b": still here\n\n"
                happened = await subscription.wait(seconds=TICK_SECONDS)
                if happened:
                    await subscription.wait(seconds=_PAUSE_SECONDS)

    @property
    def _clock(self) -> Clock:
        return self._services.clock

    async def _select(self, transaction: Transaction) -> Selection:
        assert transaction.caller is not None
        choices = await store.restaurants(transaction, transaction.caller.restaurants_with("restaurant.read"))
        return read_selection(choices, self._parameters, now=self._clock.now(), words=self._words)

    async def _new_orders(self, transaction: Transaction, selection: Selection, since: datetime) -> list[NewOrder]:
        of = [restaurant.id for restaurant in selection.selected.restaurants]
        return await store.orders_since(transaction, of, since=since)

    def _order(self, order: NewOrder) -> dict[str, object]:
        total = Money(order.total, order.currency) if is_currency(order.currency) else None
        return {
            "number": order.number,
            "total_text": self._words.money(total),
            "channel_text": labels.channel(order.channel, self._words),
        }

    def _changes(self, tiles: Mapping[str, Tile]) -> dict[str, object]:
        """What differs from what this reader was told last; the first look is the page's own."""
        first = not self._shown
        news: dict[str, object] = {}
        for key, tile in tiles.items():
            shown = (tile.value_text, sum(step.value or 0 for step in tile.series))
            if not first and self._shown.get(key) != shown:
                news[key] = self._tile(tile)
            self._shown[key] = shown
        return news

    def _tile(self, tile: Tile) -> dict[str, object]:
        change = tile.comparison.change if tile.comparison else None
        return {
            "value_text": tile.value_text,
            "change_text": self._words.change(change) if change is not None else None,
            "series": bool(tile.series),
            "as_of": tile.as_of.isoformat() if tile.as_of else None,
        }


def _event(name: str, data: object) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
