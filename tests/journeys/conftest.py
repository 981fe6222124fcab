"""Journeys go over real HTTP to a real web process on a migrated database, one for each file of tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from flow.database.embedded import EmbeddedServer
from tests.conftest import new_database
from tests.factories import make_restaurant
from tests.serving import Server, make_login, running_server, session_token

ADMIN = "anna@napoli.example"


@pytest.fixture(scope="module")
def server(postgres: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The file's web process."""
    home: Path = tmp_path_factory.mktemp("flow")
    for installation in new_database(postgres):
        with running_server(installation, home) as running:
            yield running


@pytest.fixture
def http(server: Server) -> Iterator[httpx.Client]:
    """A browser that nobody has logged in with yet."""
    with server.client() as client:
        yield client


@pytest.fixture(scope="module")
def napoli(server: Server) -> UUID:
    """A restaurant."""
    return make_restaurant(server.installation.owner_url, "Napoli")


@pytest.fixture(scope="module")
def admin(server: Server, napoli: UUID) -> UUID:
    """Napoli's administrator, who logs in as ADMIN."""
    return make_login(server.installation.owner_url, ADMIN, restaurant=napoli)


@pytest.fixture
def as_admin(server: Server, admin: UUID) -> dict[str, str]:
    """The header of a program that acts as the administrator, in a session of this test's own."""
    return session_token(server, admin)
