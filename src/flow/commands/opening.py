"""What commands that work on data need: a running database, its pools, the clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from flow.database.installation import installation
from flow.database.pool import Database
from flow.settings import Settings


@asynccontextmanager
async def open_database() -> AsyncIterator[Database]:
    """The database of the settings, for one command; an embedded server that does not run is started for as long."""
    place = installation(Settings())
    with place.running():
        async with Database(api_url=place.api_url, worker_url=place.worker_url, api_connections=1) as database:
            yield database
