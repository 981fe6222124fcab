"""One real PostgreSQL for the whole run, and a migrated database of its own for each test that asks.

The server is started once (by the process that controls the parallel workers) and thrown away at the end. Databases
are copies of a migrated template, which takes some hundredths of a second each in memory, and a third of one on a disk.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from flow.database.bootstrap import role_url
from flow.database.embedded import EmbeddedServer
from flow.database.installation import Installation
from flow.database.pool import Database

SECRET = b"a secret for tests only, 32 bytes and more"
TEMPLATE = "flow_template"
_HOME = "FLOW_TEST_POSTGRES"
# The data of a test run need not survive a power cut; benchmarks and the crash test keep fsync on.
_OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 -c max_wal_size=256MB"
_MEMORY = Path("/dev/shm")
_ENOUGH_MEMORY = 4 * 2**30


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput") or _HOME in os.environ:
        return
    home = Path(tempfile.mkdtemp(prefix="flow-tests-", dir=_memory()))
    home.chmod(0o755)
    os.environ[_HOME] = str(home)
    config.stash[_owned] = home
    server = _server(home)
    server.start()
    with psycopg.connect(server.superuser_url, autocommit=True) as connection:
        connection.execute(f"create database {TEMPLATE}")
    _installation(server, TEMPLATE).prepare()


def pytest_unconfigure(config: pytest.Config) -> None:
    home = config.stash.get(_owned, None)
    if home is not None:
        _server(home).stop()
        shutil.rmtree(home, ignore_errors=True)
        del os.environ[_HOME]


_owned = pytest.StashKey[Path]()


def _memory() -> Path | None:
    """Where files live in memory, if there is enough of it."""
    return _MEMORY if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ENOUGH_MEMORY else None


def _server(home: Path) -> EmbeddedServer:
    return EmbeddedServer(home / "postgres", options=_OPTIONS)


def _installation(server: EmbeddedServer, database: str) -> Installation:
    admin_url = server.url("postgres", database)
    return Installation(
        admin_url=admin_url,
        owner_url=role_url(admin_url, "flow_owner", SECRET),
        api_url=role_url(admin_url, "flow_api", SECRET),
        worker_url=role_url(admin_url, "flow_worker", SECRET),
        listen_url=role_url(admin_url, "flow_worker", SECRET),
        secret=SECRET,
        server=None,
    )


def running_server() -> EmbeddedServer:
    """The run's server, for those who need it before fixtures exist."""
    return _server(Path(os.environ[_HOME]))


@pytest.fixture(scope="session")
def postgres() -> EmbeddedServer:
    """The run's server."""
    return running_server()


@pytest.fixture
def installation(postgres: EmbeddedServer) -> Iterator[Installation]:
    """A migrated, empty database of the test's own."""
    yield from new_database(postgres)


@pytest.fixture
async def database(installation: Installation) -> AsyncIterator[Database]:
    """The open pools of the test's own database."""
    async with Database(api_url=installation.api_url, worker_url=installation.worker_url) as opened:
        yield opened


def new_database(postgres: EmbeddedServer) -> Iterator[Installation]:
    """Makes a copy of the template, and drops it afterwards; for fixtures of a wider scope as well."""
    name = f"test_{uuid4().hex[:16]}"
    with psycopg.connect(postgres.superuser_url, autocommit=True) as connection:
        connection.execute(f"create database {name} template {TEMPLATE} strategy file_copy")
        connection.execute(f"grant all on database {name} to flow_owner")  # what bootstrap grants is not copied
        yield _installation(postgres, name)
        connection.execute(f"drop database {name} with (force)")
