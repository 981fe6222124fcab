"""The stream behind a live page: new orders at once, new figures as they change (Server-Sent Events)."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import psycopg

from flow.delivery.dashboards import labels, store
from flow.delivery.dashboards.executive import executive_tiles
from flow.delivery.dashboards.selection import read_selection
from flow.delivery.dashboards.types import NewOrder, Tile
from flow.delivery.realtime.hub import LiveHub, Subscription
from flow.errors import FlowError
from flow.kit.clock import Clock
from flow.kit.money import Money, is_currency
from flow.web.i18n import Translator
from flow.web.services import Services

TICK_SECONDS = 5.0  # visits are not announced; they are looked at this often
_PAUSE_SECONDS = 0.5  # a busy evening must not recompute the page with every click in the kitchen
_LONGEST_SECONDS = 55 * 60.0  # shorter than a token lives; the browser connects again with a fresh one
_RETRY_MS = 2000
# Orders are stored in the order of their commits, which is not quite that of their times.
_OVERLAP = timedelta(seconds=10)
_LONGEST_ABSENCE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at the database found."""

    orders: list[NewOrder]
    tiles: dict[str, Tile]


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
        self._began = services.clock.now()
        self._shown: dict[str, object] = {}
        self._told: dict[UUID, datetime] = {}

    async def stream(self, restaurants: list[UUID], *, since: datetime | None) -> AsyncIterator[bytes]:
        """Events until the reader leaves, the right to look ends, or it is time to connect anew.

        `since` is when the page was made, or the id of the last event that the browser got.
        """
        ends = time.monotonic() + _LONGEST_SECONDS
        self._began = heard_until = max(self._began - _LONGEST_ABSENCE, min(since or self._began, self._began))
        yield f"retry: {_RETRY_MS}\n\n".encode()
        with self._hub.subscribe(restaurants) as subscription:
            while time.monotonic() < ends:
                looked = time.monotonic()
                try:
                    look = await self._look(heard_until)
                except (FlowError, psycopg.OperationalError):
                    return
                for order in look.orders:
                    heard_until = max(heard_until, order.recorded_at)
                    yield _event("order", self._order(order), at=heard_until)
                news = self._changes(look.tiles)
                yield _event("tiles", news, at=heard_until) if news else b": still here\n\n"
                await _news(subscription, looked)

    @property
    def _clock(self) -> Clock:
        return self._services.clock

    async def _look(self, heard_until: datetime) -> Look:
        """New orders and the tiles as they are now; a FlowError when the reader may not look any more."""
        async with self._services.database.as_user(self._claims, read_only=True) as transaction:
            choices = await store.restaurants(transaction)
            selection = read_selection(choices, self._parameters, now=self._clock.now(), words=self._words)
            since = max(self._began, heard_until - _OVERLAP)
            orders = await store.orders_since(transaction, selection.selected.ids, since=since)
            tiles = await executive_tiles(transaction, selection, clock=self._clock, words=self._words)
        return Look(self._untold(orders, since), tiles)

    def _untold(self, orders: list[NewOrder], since: datetime) -> list[NewOrder]:
        untold = [order for order in orders if order.id not in self._told]
        told = {**self._told, **{order.id: order.recorded_at for order in untold}}
        self._told = {order: at for order, at in told.items() if at > since}
        return untold

    def _order(self, order: NewOrder) -> dict[str, object]:
        total = Money(order.total, order.currency) if is_currency(order.currency) else None
        return {
            "number": order.number,
            "total_text": self._words.money(total),
            "channel_text": labels.channel(order.channel, self._words),
        }

    def _changes(self, tiles: Mapping[str, Tile]) -> dict[str, object]:
        """What differs from what this reader was told last; at first every figure, for the page is a moment older."""
        first, states = not self._shown, {key: _state(tile) for key, tile in tiles.items()}
        changed = [key for key, state in states.items() if self._shown.get(key) != state]
        self._shown = states
        return {key: _news_of(tiles[key], self._words, is_redrawn=not first) for key in changed}


def _state(tile: Tile) -> object:
    return tile.value_text, [(step.label, step.value) for step in tile.series]


def _news_of(tile: Tile, words: Translator, *, is_redrawn: bool) -> dict[str, object]:
    """The stages of the kitchen are written into the page; other pictures are drawn by the server."""
    change = tile.comparison.change if tile.comparison else None
    in_place = tile.kind == "live"
    return {
        "value_text": tile.value_text,
        "change_text": words.change(change) if change is not None else None,
        "steps": [step.value_text for step in tile.series] if in_place else [],
        "picture": is_redrawn and not in_place and bool(tile.series),
        "as_of": tile.as_of.isoformat() if tile.as_of else None,
    }


async def _news(subscription: Subscription, looked: float) -> None:
    """Returns when something happened or a tick has passed, but not too soon after the look before."""
    await subscription.wait(seconds=TICK_SECONDS)
    await asyncio.sleep(max(0.0, looked + _PAUSE_SECONDS - time.monotonic()))


def _event(name: str, data: object, *, at: datetime) -> bytes:
    return f"id: {at.isoformat()}\nevent: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
