"""The signs of the world's restaurant."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flow.database.installation import Installation
from tests.analytics.health.signs import Signs, made
from tests.analytics.world import World


@pytest.fixture
def signs(installation: Installation, world: World) -> Iterator[Signs]:
    yield from made(installation.owner_url, world.restaurant)
