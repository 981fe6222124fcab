"""Restaurants on a Friday evening, and readers in front of the application."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import httpx
import jwt
import pytest

from flow.database.installation import Installation
from flow.kit.clock import FixedClock
from tests.analytics.world import World
from tests.factories import give_access, make_user
from tests.serving import App, running_app

NOW = datetime(2026, 6, 19, 16, 30, tzinfo=UTC)
"""Friday 18:30 in Copenhagen."""
_SECRET, _ISSUER = "a shared secret for tests only, 32 bytes", "https://issuer.example"

Reader = Callable[..., httpx.AsyncClient]


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def napoli(installation: Installation) -> Iterator[World]:
    made = World(installation.owner_url)
    yield made
    made.close()


@pytest.fixture
def aarhus(installation: Installation) -> Iterator[World]:
    made = World(installation.owner_url, "Aarhus")
    yield made
    made.close()


@pytest.fixture
def malmo(installation: Installation) -> Iterator[World]:
    made = World(installation.owner_url, "Malmo", currency="SEK", time_zone="Europe/Stockholm")
    yield made
    made.close()


@pytest.fixture
async def app(installation: Installation, tmp_path: Path, clock: FixedClock) -> AsyncIterator[App]:
    settings = {"jwt_issuer": _ISSUER, "jwt_secret": _SECRET, "statement_timeout_ms": 3_000}
    async with running_app(installation, tmp_path, clock=clock, **settings) as running:
        yield running


@pytest.fixture
async def reader(app: App, installation: Installation) -> AsyncIterator[Reader]:
    """Makes a reader: somebody with a role in some restaurants, who asks for pages in a language."""
    async with AsyncExitStack() as stack:

        def make(*worlds: World, role: str = "admin", language: str = "en") -> httpx.AsyncClient:
            user = make_user(installation.owner_url, f"{role}.{len(stack._exit_callbacks)}@flow.example")
            for world in worlds:
                give_access(installation.owner_url, user, world.restaurant, role)
            headers = {"Authorization": f"Bearer {_token(user)}", "accept-language": language, "accept": "text/html"}
            client = app.client(headers=headers)
            stack.push_async_callback(client.aclose)
            return client

        yield make


def _token(user: UUID) -> str:
    claims = {"sub": str(user), "role": "authenticated", "aud": "authenticated", "iss": _ISSUER}
    return jwt.encode({**claims, "exp": time.time() + 600}, _SECRET, "HS256")
