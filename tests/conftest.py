"""One real PostgreSQL for the whole run, and a migrated database of its own for each test that asks.

The server is started once (by the process that controls the parallel workers) and thrown away at the end. Databases
are copies of a migrated template, which takes some hundredths of a second each in memory, and a third of one on a disk.
It is the embedded server, unless FLOW_TEST_SERVER names another kind of `tests.parity.servers`.
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
from psycopg.conninfo import make_conninfo

from flow.database.embedded import EmbeddedServer
from flow.database.installation import Installation
from flow.database.pool import Database
from tests.connections import forget
from tests.parity.clusters import memory
from tests.parity.databases import Server, installation_of, is_supabase_like, make_database, superuser
from tests.parity.servers import server_of

SECRET = b"a secret for tests only, 32 bytes and more"
TEMPLATE = "flow_template"
_HOME = "FLOW_TEST_POSTGRES"
_KIND = "FLOW_TEST_SERVER"
# The data of a test run need not survive a power cut; benchmarks and the crash test keep fsync on.
_OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 -c max_wal_size=256MB"


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput") or _HOME in os.environ:
        return
    home = Path(tempfile.mkdtemp(prefix="flow-tests-", dir=memory()))
    home.chmod(0o755)
    os.environ[_HOME] = str(home)
    config.stash[_owned] = home
    server = _server(home)
    server.start()
    make_database(server, TEMPLATE)
    installation_of(server, TEMPLATE, SECRET).prepare()


def pytest_unconfigure(config: pytest.Config) -> None:
    home = config.stash.get(_owned, None)
    if home is not None:
        _server(home).stop()
        shutil.rmtree(home, ignore_errors=True)
        del os.environ[_HOME]


_owned = pytest.StashKey[Path]()


def _server(home: Path) -> Server:
    kind = os.environ.get(_KIND, "embedded")
    return (
        EmbeddedServer(home / "postgres", options=_OPTIONS) if kind == "embedded" else server_of(kind, home, _OPTIONS)
    )


def running_server() -> Server:
    """The run's server, for those who need it before fixtures exist."""
    return _server(Path(os.environ[_HOME]))


def superuser_url(installation: Installation) -> str:
    """The address to which nothing in the database is forbidden: on Supabase not the administrator's."""
    return make_conninfo(installation.admin_url, user=superuser(running_server()))


@pytest.fixture(scope="session")
def postgres() -> Server:
    """The run's server."""
    return running_server()


@pytest.fixture
def installation(postgres: Server) -> Iterator[Installation]:
    """A migrated, empty database of the test's own."""
    yield from new_database(postgres)


@pytest.fixture(scope="module")
def untouched(postgres: Server) -> Iterator[Installation]:
    """One for a whole file of tests that change nothing in it: copies are a tenth of what a run takes."""
    yield from new_database(postgres)


@pytest.fixture
async def database(installation: Installation) -> AsyncIterator[Database]:
    """The open pools of the test's own database."""
    async with Database(api_url=installation.api_url, worker_url=installation.worker_url) as opened:
        yield opened


def new_database(postgres: Server) -> Iterator[Installation]:
    """Makes a copy of the template, and drops it afterwards; for fixtures of a wider scope as well."""
    name = f"test_{uuid4().hex[:16]}"
    with psycopg.connect(postgres.superuser_url, autocommit=True) as connection:
        connection.execute(f"create database {name} template {TEMPLATE} strategy file_copy owner postgres")
        if not is_supabase_like(postgres):
            connection.execute(f"grant all on database {name} to flow_owner")  # what bootstrap grants is not copied
        installation = installation_of(postgres, name, SECRET)
        yield installation
        forget(installation.admin_url, installation.owner_url, installation.api_url, installation.worker_url)
        connection.execute(f"drop database {name} with (force)")
