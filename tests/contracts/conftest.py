"""What several contracts share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flow.database.embedded import EmbeddedServer
from flow.database.installation import Installation
from flow.jobs.schema import install_queue
from tests.conftest import new_database


@pytest.fixture(scope="module")
def postgres_with_queue(postgres: EmbeddedServer) -> Iterator[Installation]:
    """A database with all that `flow migrate` makes, for the tests of one file together."""
    for installation in new_database(postgres):
        install_queue(installation.owner_url)
        yield installation
