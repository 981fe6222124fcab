"""supabase/schema.sql: what the migrations make, as one normalised dump to read first and to compare against."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

import psycopg

from flow.database.embedded import EmbeddedServer, program_folder
from flow.database.installation import EMBEDDED_DATABASE, installation
from flow.settings import Settings

_HEADER = """-- The whole schema as the migrations make it. Written by `make schema`; a test proves it fresh.
-- Read this first; change supabase/migrations instead.

"""
# Partitions of single months are made by the calendar, and differ from day to day.
_NOISE = re.compile(r"^(--.*|SET .*|SELECT pg_catalog\.set_config.*|\\(un)?restrict.*|)$")


def schema_snapshot() -> str:
    """The schema of a throw-away database with all migrations applied."""
    with tempfile.TemporaryDirectory(prefix="flow-schema-") as home:
        Path(home).chmod(0o755)
        place = installation(Settings(home=Path(home), database_url=None))
        with place.running():
            place.prepare()
            return _dump(place.server, EMBEDDED_DATABASE)


def _dump(server: EmbeddedServer | None, database: str) -> str:
    assert server is not None
    _drop_partitions(server.url("postgres", database))
    command = [str(program_folder() / "pg_dump"), "--schema-only", "--no-owner", "--schema=app", "--schema=public"]
    dump = subprocess.run(  # noqa: S603 - our own program and arguments
        [*command, f"--dbname={server.url('postgres', database)}"], capture_output=True, text=True, check=True
    )
    return normalise(dump.stdout)


def normalise(dump: str) -> str:
    """Without comments, session settings and runs of blank lines, which differ between versions of pg_dump."""
    lines = [line.rstrip() for line in dump.splitlines() if not _NOISE.match(line)]
    spaced = (f"\n{line}" if line.startswith(("CREATE TABLE", "CREATE FUNCTION")) else line for line in lines)
    return _HEADER + "\n".join(spaced) + "\n"


def _drop_partitions(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        names = connection.execute(
            "select relname from pg_class where relnamespace = 'parts'::regnamespace and relkind = 'r'"
        )
        for (name,) in names.fetchall():
            connection.execute(f'drop table parts."{name}"')
