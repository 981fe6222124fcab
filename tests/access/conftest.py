"""The application within the test, on a clock that the test moves, with one user who can log in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from argon2 import PasswordHasher

from flow.access import passwords
from flow.database.installation import Installation
from flow.kit.clock import FixedClock
from flow.web.services import Services
from tests.serving import App, make_login, running_app

ANNA = "anna@napoli.example"


@pytest.fixture
def clock() -> FixedClock:
    # Tokens are checked against the machine's clock by their library, so time begins at the present.
    return FixedClock(datetime.now(UTC))


@pytest.fixture
async def app(installation: Installation, tmp_path: Path, clock: FixedClock) -> AsyncIterator[App]:
    async with running_app(installation, tmp_path, clock=clock) as running:
        yield running


@pytest.fixture
def services(app: App) -> Services:
    services = app.asgi.state.flow
    assert isinstance(services, Services)
    return services


@pytest.fixture
async def http(app: App) -> AsyncIterator[httpx.AsyncClient]:
    async with app.client() as client:
        yield client


@pytest.fixture
def quick_hashing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hashing that costs next to nothing, for tests that count attempts and do not weigh them."""
    passwords._decoy.cache_clear()
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    yield
    passwords._decoy.cache_clear()


@pytest.fixture
def anna(installation: Installation) -> UUID:
    return make_login(installation.owner_url, ANNA)
