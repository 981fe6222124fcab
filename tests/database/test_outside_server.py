"""FLOW on a PostgreSQL of somebody else's: the oldest version it supports, reached by DATABASE_URL over TCP."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
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

PROGRAMS = next(iter(sorted(Path("/usr/lib/postgresql").glob("1[5-8]/bin"))), None)


def _user() -> str | None:
    """PostgreSQL refuses root, so root lends the server to the user that Debian made for it."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        pytest.skip("there is no user `postgres` to run an outside server")


def _run(program: str, *arguments: str, user: str | None) -> None:
    assert PROGRAMS is not None
    with tempfile.TemporaryFile() as output:  # a pipe would be inherited by the server and never end
        subprocess.run([PROGRAMS / program, *arguments], check=True, user=user, cwd="/", stdout=output, stderr=output)


@pytest.fixture(scope="module")
def settings() -> Iterator[Settings]:
    if PROGRAMS is None:
        pytest.skip("no PostgreSQL 15 to 18 is installed beside the embedded one")
    user = _user()
    with tempfile.TemporaryDirectory(prefix="flow-outside-") as folder:
        if user:
            shutil.chown(folder, user)
        data = str(Path(folder) / "data")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        _run("initdb", "-D", data, "-U", "postgres", "--auth=trust", user=user)
        _run(
            "pg_ctl",
            "start",
            "-w",
            "-D",
            data,
            "-l",
            f"{folder}/log",
            "-o",
            f"-p {port} -k {folder} -c fsync=off",
            user=user,
        )
        url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        try:
            yield Settings(home=Path(folder) / "home", database_url=SecretStr(url), secret=SecretStr("x" * 40))
        finally:
            _run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", data, user=user)


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
