"""A restaurant that is connected to a running Acme."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from flow.collect.integrations.calling import Calls
from flow.collect.integrations.connecting import connect
from flow.collect.integrations.types import System
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.jobs.types import JobContext
from flow.kit.clock import FixedClock
from tests.collect.integrations.acme import Server, running_acme
from tests.factories import make_restaurant
from tests.serving import settings_of

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def acme() -> Iterator[Server]:
    with running_acme() as server:
        yield server


@pytest.fixture
def restaurant(installation: Installation) -> UUID:
    return make_restaurant(installation.owner_url)


@pytest.fixture
def context(installation: Installation, database: Database, clock: FixedClock, tmp_path: Path) -> JobContext:
    settings = settings_of(installation, tmp_path)
    return JobContext(settings=settings, clock=clock, installation=installation, database=database)


@asynccontextmanager
async def connected(context: JobContext, system: System, restaurant: UUID, server: Server) -> AsyncIterator[Calls]:
    """Calls of one process, with the restaurant connected to the system."""
    box = context.installation.secret_box
    async with Calls.open(context.database, box, context.clock, [system]) as calls:
        await connect(calls, restaurant, "acme", {"shop": "17", "secret": "s3cret"}, simulator=server.url)
        yield calls
