"""A log with entries, and those who attack it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
import pytest

from flow.database.installation import Installation
from flow.database.pool import Database
from flow.privacy.audit.checkpoints import CheckpointKeys, checkpoint_keys
from flow.privacy.audit.store import record
from flow.privacy.audit.types import Checkpoint, Verdict
from flow.privacy.audit.verification import verify

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

Attack = Callable[..., None]


@pytest.fixture
def keys(installation: Installation) -> CheckpointKeys:
    return checkpoint_keys(installation)


@pytest.fixture
def as_owner(installation: Installation) -> Attack:
    """Runs a statement as the owner of the tables, every guard of the log switched off."""

    def run(statement: str, *values: object) -> None:
        with psycopg.connect(installation.admin_url, autocommit=True) as connection:
            connection.execute("set session_replication_role = replica")  # no trigger fires
            connection.execute(statement.encode(), values)

    return run


async def write(database: Database, count: int, *, action: str = "import_undone") -> None:
    """So many entries, each committed by itself; æ, quotes and nulls among them."""
    for number in range(count):
        async with database.as_service() as transaction:
            told = f"Række {number}: \"smørrebrød\", 'a' | b"
            await record(transaction, action, told, at=NOW, facts={"number": number, "sum": 1.50})


async def checked(
    database: Database, keys: CheckpointKeys, *, now: datetime | None = None, shipped: tuple[Checkpoint, ...] = ()
) -> Verdict:
    async with database.as_service() as transaction:
        return await verify(transaction, keys, now=now or datetime.now(UTC), shipped=shipped)
