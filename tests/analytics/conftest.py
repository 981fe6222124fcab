"""A world, a clock that stands on a Friday evening, and the two ways to ask."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from flow.analytics.metrics.service import ask
from flow.analytics.metrics.types import Answer, Question
from flow.analytics.rollups.service import recompute
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.kit.clock import FixedClock
from flow.kit.period import Period
from tests.analytics.world import World
from tests.factories import claims_of, give_access, make_user

NOW = datetime(2026, 6, 19, 16, 30, tzinfo=UTC)  # Friday 18:30 in Copenhagen

Ask = Callable[..., Awaitable[Answer]]


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def world(installation: Installation) -> Iterator[World]:
    made = World(installation.owner_url)
    yield made
    made.close()


@pytest.fixture
def owner(installation: Installation, world: World) -> UUID:
    """A user who is administrator of the world's restaurant."""
    user = make_user(installation.owner_url, "owner@example.com")
    give_access(installation.owner_url, user, world.restaurant)
    return user


@pytest.fixture
def asking(database: Database, world: World, owner: UUID, clock: FixedClock) -> Ask:
    """Asks as the owner: metrics, a period as text, and what else a question has."""

    async def ask_as_owner(*metrics: str, period: str = "2026-06-19", user: UUID = owner, **more: object) -> Answer:
        restaurants = more.pop("restaurants", (world.restaurant,))
        question = Question(metrics, restaurants, Period.parse(period), **more)  # type: ignore[arg-type]
        async with database.as_user(claims_of(user), read_only=True) as transaction:
            return await ask(transaction, question, clock=clock)

    return ask_as_owner


@pytest.fixture
def roll_up(database: Database, world: World, clock: FixedClock) -> Callable[..., Awaitable[None]]:
    """Rolls days up as the worker does."""

    async def roll(first: str, last: str | None = None, restaurant: UUID | None = None) -> None:
        async with database.as_service() as transaction:
            await recompute(
                transaction,
                restaurant or world.restaurant,
                date.fromisoformat(first),
                date.fromisoformat(last or first),
                clock=clock,
            )

    return roll
