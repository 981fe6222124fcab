"""Reads and writes `wolt_orders`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from flow.collect.providers.wolt.types import Followed, Linked
from flow.database.queries import load_queries
from flow.database.transaction import Transaction

_queries = load_queries(__package__)


async def link(service: Transaction, linked: Linked) -> None:
    """Keeps what Wolt says of a new order."""
    await service.execute(_queries.link, **asdict(linked))


async def lock_followed(service: Transaction, restaurant_id: UUID, wolt_id: str) -> Followed | None:
    """The order with this number at Wolt, held until the transaction ends; None for one that is not ours yet."""
    return await service.one_or_none(_queries.lock_followed, Followed, restaurant_id=restaurant_id, wolt_id=wolt_id)


async def note_wolt_status(
    service: Transaction, order: Followed, wolt_status: str, *, is_decided: bool, now: datetime
) -> None:
    """Keeps how far the order is at Wolt."""
    await service.execute(
        _queries.note_wolt_status,
        restaurant_id=order.restaurant_id,
        order_id=order.order_id,
        wolt_status=wolt_status,
        is_decided=is_decided,
        now=now,
    )


async def moved_orders(service: Transaction, *, most: int) -> list[Followed]:
    """Orders of all restaurants that moved since they were last looked at, held; not those that others hold."""
    return await service.all(_queries.moved_orders, Followed, most=most)


async def note_seen(service: Transaction, order: Followed, *, now: datetime) -> None:
    """Remembers that this status of the order has been looked at."""
    await service.execute(
        _queries.note_seen,
        restaurant_id=order.restaurant_id,
        order_id=order.order_id,
        status=order.status,
        now=now,
    )


async def undecided_orders(service: Transaction, *, now: datetime, most: int) -> list[Followed]:
    """Orders of all restaurants whose time to be accepted is over, held."""
    return await service.all(_queries.undecided_orders, Followed, now=now, most=most)


async def note_decided(service: Transaction, order: Followed, *, now: datetime) -> None:
    """Remembers that nobody has to decide about the order any more."""
    await service.execute(_queries.note_decided, restaurant_id=order.restaurant_id, order_id=order.order_id, now=now)


async def unfinished_orders(service: Transaction, *, since: datetime, most: int) -> list[Followed]:
    """Orders of all restaurants that have not reached their end at Wolt."""
    return await service.all(_queries.unfinished_orders, Followed, since=since, most=most)


async def order_at_wolt(transaction: Transaction, restaurant_id: UUID, order_id: UUID) -> Linked | None:
    """Wolt's view of an order that the caller may see; None for an order that was not made there."""
    return await transaction.one_or_none(_queries.order_at_wolt, Linked, restaurant_id=restaurant_id, order_id=order_id)
