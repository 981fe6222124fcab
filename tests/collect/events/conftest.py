"""A shop with a site key, and more processes in front of it where a test asks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from flow.collect.events import assumptions
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.kit.clock import FixedClock
from tests.business.menus import make_site_key
from tests.collect.events.sending import KEY, NOON, Shop, open_shop
from tests.factories import make_restaurant


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def restaurant(installation: Installation) -> UUID:
    """Napoli, whose key any page may use."""
    made = make_restaurant(installation.owner_url, "Napoli")
    make_site_key(installation.owner_url, made, key=KEY)
    return made


@pytest.fixture
async def shop(
    installation: Installation, database: Database, restaurant: UUID, clock: FixedClock
) -> AsyncIterator[Shop]:
    async with open_shop(installation, database, restaurant, clock) as opened:
        yield opened


@pytest.fixture
async def second_process(
    installation: Installation, database: Database, restaurant: UUID, clock: FixedClock
) -> AsyncIterator[Shop]:
    """Another web process in front of the same restaurant."""
    async with open_shop(installation, database, restaurant, clock) as opened:
        yield opened


@pytest.fixture(params=["asking", "assuming"])
def asking_and_assuming(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything twice: visitors' sessions are asked for, and visitors are taken to be new until that proves wrong."""
    monkeypatch.setattr(assumptions, "_ENOUGH_NEW_VISITORS", 0 if request.param == "assuming" else float("inf"))
