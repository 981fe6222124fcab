"""FLOW on a PostgreSQL of somebody else's: the oldest version it supports, reached by DATABASE_URL over TCP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from flow.database.installation import Installation, installation
from flow.database.migrations import migrations, pending
from flow.jobs.schema import install_queue
from flow.operations.doctor import examine
from flow.settings import Settings
from tests.parity.clusters import installed_programs, throw_away


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    programs = installed_programs()
    if programs is None:
        pytest.skip("no PostgreSQL 15 to 18 is installed beside the embedded one")
    home: Path = tmp_path_factory.mktemp("home")
    with throw_away(programs) as cluster:
        yield Settings(home=home, database_url=SecretStr(cluster.superuser_url), secret=SecretStr("x" * 40))


@pytest.fixture(scope="module")
def prepared(settings: Settings) -> Installation:
    place = installation(settings)
    place.prepare()
    install_queue(place.owner_url)
    return place


def test_all_migrations_apply(prepared: Installation) -> None:
    assert [] == pending(prepared.admin_url)


def test_preparing_again_changes_nothing(prepared: Installation) -> None:
    assert [] == prepared.prepare()


def test_the_history_is_the_one_that_the_supabase_cli_reads(prepared: Installation) -> None:
    with psycopg.connect(prepared.admin_url) as connection:
        rows = connection.execute(
            "select version, name from supabase_migrations.schema_migrations order by 1"
        ).fetchall()

    assert [(migration.version, migration.name) for migration in migrations()] == rows


def test_the_doctor_finds_nothing_but_the_missing_worker(prepared: Installation, settings: Settings) -> None:
    assert ["worker"] == [finding.subject for finding in examine(settings) if not finding.ok]


def test_the_process_roles_cannot_become_the_owner(prepared: Installation) -> None:
    for url in (prepared.api_url, prepared.worker_url):
        with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("set role flow_owner")


def test_the_api_role_cannot_become_the_service(prepared: Installation) -> None:
    with psycopg.connect(prepared.api_url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("set role service_role")
