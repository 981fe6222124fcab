"""Applies supabase/migrations in order.

The history lies in the table that the Supabase CLI keeps, so that either tool can go on where the other stopped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from flow.errors import FlowError

_FILE_NAME = re.compile(r"^(?P<version>[0-9]{14})_(?P<name>[a-z0-9_]+)\.sql$")
_CONCURRENTLY = re.compile(r"\b(create|drop)\s+(unique\s+)?index\s+concurrently\b", re.IGNORECASE)
_LOCK = 0x464C4F57  # "FLOW": one migration run at a time
_HISTORY = """
create schema if not exists supabase_migrations;
create table if not exists supabase_migrations.schema_migrations (
    version text primary key,
    statements text[],
    name text
);
"""


class MigrationFailed(FlowError):
    """A migration could not be applied."""

    code = "migration_failed"


@dataclass(frozen=True, slots=True)
class Migration:
    """One file; `version` is its 14 digits."""

    version: str
    name: str
    text: str

    @property
    def runs_alone(self) -> bool:
        """Whether it must run outside a transaction (an index built concurrently)."""
        return _CONCURRENTLY.search(self.text) is not None


def folder() -> Path:
    """Where the migrations lie: in the checkout, or in the installed package."""
    packaged = Path(__file__).parents[1] / "_supabase" / "migrations"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "supabase" / "migrations"


def migrations(path: Path | None = None) -> list[Migration]:
    """All migrations in order; a file with another kind of name is a MigrationFailed, not skipped."""
    return sorted(_read(path or folder()), key=lambda migration: migration.version)


def migrate(owner_url: str, *, report: Callable[[Migration], None] = lambda _: None) -> list[Migration]:
    """Applies what is missing as the owner; answers what was applied. Each file is one transaction."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", [_LOCK])
        connection.execute("set lock_timeout = '4s'")
        connection.execute(_HISTORY)
        pending = _pending(connection)
        for migration in pending:
            report(migration)
            _apply(connection, migration)
    return pending


def pending(owner_url: str) -> list[Migration]:
    """The migrations that the database does not have yet."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        known = connection.execute("select to_regclass('supabase_migrations.schema_migrations')").fetchone()
        return _pending(connection) if known and known[0] else migrations()


def _read(path: Path) -> Iterator[Migration]:
    for file in path.glob("*.sql"):
        match = _FILE_NAME.match(file.name)
        if match is None:
            raise MigrationFailed(f"{file.name} is not named <14 digits>_<name>.sql")
        yield Migration(match["version"], match["name"], file.read_text(encoding="utf-8"))


def _pending(connection: psycopg.Connection) -> list[Migration]:
    rows = connection.execute("select version from supabase_migrations.schema_migrations").fetchall()
    applied = {str(row[0]) for row in rows}
    missing = [migration for migration in migrations() if migration.version not in applied]
    latest = max(applied, default="")
    for migration in missing:
        if migration.version < latest:
            raise MigrationFailed(
                f"{migration.version}_{migration.name} is older than {latest}, which is applied already"
            )
    return missing


def _apply(connection: psycopg.Connection, migration: Migration) -> None:
    record = "insert into supabase_migrations.schema_migrations (version, statements, name) values (%s, %s, %s)"
    values = [migration.version, [migration.text], migration.name]
    text = migration.text.encode()
    try:
        if migration.runs_alone:
            connection.execute(text)
            connection.execute(record, values)
        else:
            with connection.transaction():
                connection.execute(text)
                connection.execute(record, values)
    except psycopg.Error as error:
        raise MigrationFailed(f"{migration.version}_{migration.name}: {error.diag.message_primary or error}") from error
