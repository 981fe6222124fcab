"""Napoli beside a running simulator of the providers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from flow.database.installation import Installation
from flow.database.pool import Database
from tests.collect.providers.platforms import Simulator, World, running_simulator, world_of


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with running_simulator(tmp_path_factory.mktemp("simulator")) as running:
        yield running


@pytest.fixture
async def world(
    installation: Installation, database: Database, simulator: Simulator, tmp_path: Path
) -> AsyncIterator[World]:
    async with world_of(installation, database, simulator, tmp_path) as made:
        yield made
