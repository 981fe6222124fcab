"""One function per query: cells in, rows out. Without a dimension `value` is empty."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flow.analytics.health.types import (
    CallFacts,
    EndpointName,
    FirstSigns,
    HeardFacts,
    IncomingFacts,
    OutgoingFacts,
    Place,
    QueueFacts,
    Stretch,
    TryFacts,
)
from flow.database.queries import load_queries
from flow.database.transaction import Transaction

assert __package__
_queries = load_queries(__package__)


async def call_facts(transaction: Transaction, stretches: Sequence[Stretch], dimension: str) -> list[CallFacts]:
    return await transaction.all(_queries.call_facts, CallFacts, dimension=dimension, **_stretches(stretches))


async def incoming_facts(transaction: Transaction, stretches: Sequence[Stretch], dimension: str) -> list[IncomingFacts]:
    return await transaction.all(_queries.incoming_facts, IncomingFacts, dimension=dimension, **_stretches(stretches))


async def outgoing_facts(transaction: Transaction, stretches: Sequence[Stretch], dimension: str) -> list[OutgoingFacts]:
    return await transaction.all(_queries.outgoing_facts, OutgoingFacts, dimension=dimension, **_stretches(stretches))


async def try_facts(transaction: Transaction, stretches: Sequence[Stretch], dimension: str) -> list[TryFacts]:
    return await transaction.all(_queries.try_facts, TryFacts, dimension=dimension, **_stretches(stretches))


async def queue_facts(
    transaction: Transaction, places: Sequence[Place], dimension: str, *, now: datetime
) -> list[QueueFacts]:
    return await transaction.all(_queries.queue_facts, QueueFacts, dimension=dimension, now=now, **_places(places))


async def heard_facts(
    transaction: Transaction, places: Sequence[Place], dimension: str, *, now: datetime
) -> list[HeardFacts]:
    return await transaction.all(_queries.heard_facts, HeardFacts, dimension=dimension, now=now, **_places(places))


async def first_signs(transaction: Transaction, restaurants: Collection[UUID]) -> dict[UUID, FirstSigns]:
    """By restaurant."""
    rows = await transaction.all(_queries.first_signs, FirstSigns, restaurants=list(restaurants))
    return {row.restaurant_id: row for row in rows}


async def endpoint_names(
    transaction: Transaction, restaurants: Collection[UUID], endpoints: Collection[UUID]
) -> dict[UUID, str]:
    """The names of these endpoints, by id."""
    rows = await transaction.all(
        _queries.endpoint_names, EndpointName, restaurants=list(restaurants), endpoints=list(endpoints)
    )
    return {row.id: row.name for row in rows}


async def watched_restaurants(service: Transaction) -> list[UUID]:
    """Restaurants with a working connection."""
    return await service.values(_queries.watched_restaurants)


async def counted_days(service: Transaction, restaurant: UUID) -> set[tuple[datetime, datetime]]:
    """The days whose calls are counted, by their bounds."""
    return {
        (starts_at, ends_at)
        for starts_at, ends_at in await service.tuples(_queries.counted_days, restaurant=restaurant)
    }


async def count_days(
    service: Transaction, restaurant: UUID, days: Sequence[tuple[datetime, datetime]], *, now: datetime
) -> None:
    """Counts the calls of these days, in place of what was counted of any part of them."""
    bounds = {"starts": [starts_at for starts_at, _ in days], "ends": [ends_at for _, ends_at in days]}
    await service.execute(_queries.forget_days, restaurant=restaurant, **bounds)
    await service.execute(_queries.count_days, restaurant=restaurant, now=now, **bounds)


def _stretches(stretches: Sequence[Stretch]) -> dict[str, Any]:
    return {
        **_places(stretches),
        "starts": [each.starts_at for each in stretches],
        "ends": [each.ends_at for each in stretches],
    }


def _places(places: Sequence[Place | Stretch]) -> dict[str, Any]:
    return {"cells": [each.cell for each in places], "restaurants": [each.restaurant_id for each in places]}
