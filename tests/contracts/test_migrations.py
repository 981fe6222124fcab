"""Migrations: their names, their snapshot, and that the Supabase CLI can apply them too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flow.database.migrations import Migration, folder, migrations
from flow.database.snapshot import schema_snapshot

ROOT = Path(__file__).parents[2]
SESSION_STATEMENT = re.compile(r"^\s*(begin|commit|rollback|set (?!local)|\\)\b", re.IGNORECASE | re.MULTILINE)


def _statements_outside_functions(migration: Migration) -> str:
    return re.sub(r"\$\$.*?\$\$", "", migration.text, flags=re.DOTALL)


def test_schema_sql_is_what_the_migrations_make() -> None:
    assert (ROOT / "supabase" / "schema.sql").read_text() == schema_snapshot()


def test_every_file_is_a_migration() -> None:
    assert len(list(folder().iterdir())) == len(migrations())


@pytest.mark.parametrize("migration", migrations(), ids=lambda migration: migration.name)
def test_a_migration_holds_no_transaction_and_no_session_statement(migration: Migration) -> None:
    assert None is SESSION_STATEMENT.search(_statements_outside_functions(migration))


@pytest.mark.parametrize("migration", migrations(), ids=lambda migration: migration.name)
def test_a_migration_does_not_hide_drift(migration: Migration) -> None:
    assert None is re.search(r"create (table|index) if not exists", migration.text, re.IGNORECASE)
