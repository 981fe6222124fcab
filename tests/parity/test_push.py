"""`supabase db push` and `flow migrate` end in the same database, and go on from each other."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from flow.database.bootstrap import bootstrap
from flow.database.migrations import migrate, pending
from tests.parity.conftest import Make
from tests.parity.databases import SECRET
from tests.parity.servers import KINDS
from tests.parity.supabase_cli import Cli

HISTORY = "select version, name, statements from supabase_migrations.schema_migrations order by version"


@pytest.mark.parametrize("kind", KINDS)
def test_push_and_migrate_make_the_same_schema_and_history(
    make: Make, supabase: Cli, kind: str, record_property: Callable[[str, object], None]
) -> None:
    pushed, migrated = make(kind), make(kind)
    for place in (pushed, migrated):
        bootstrap(place.installation.admin_url, SECRET)
    supabase.push(pushed.installation.owner_url)
    migrate(migrated.installation.owner_url)

    assert migrated.dump() == pushed.dump()
    assert [(version, name, _text(statements)) for version, name, statements in migrated.rows(HISTORY)] == [
        (version, name, _text(statements)) for version, name, statements in pushed.rows(HISTORY)
    ]
    record_property("push", "same")


def test_flow_finds_nothing_to_do_after_a_push(make: Make, supabase: Cli) -> None:
    place = make("supabase-like")
    supabase.push(place.installation.owner_url)

    assert [] == pending(place.installation.admin_url)
    assert [] == place.installation.prepare()


def test_a_push_finds_nothing_to_do_after_flow(make: Make, supabase: Cli) -> None:
    place = make("supabase-like")
    place.installation.prepare()
    before = place.dump(), place.rows(HISTORY)
    supabase.push(place.installation.owner_url)

    assert before == (place.dump(), place.rows(HISTORY))


def _text(statements: object) -> str:
    """What a file says. The CLI keeps statement by statement what FLOW keeps as one, and drops what parts them."""
    assert isinstance(statements, list)
    return re.sub(r"[\s;]+", "", "".join(map(str, statements)))
