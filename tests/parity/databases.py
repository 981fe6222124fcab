"""Databases on a throw-away server: as an administrator makes them, or as Supabase does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from itertools import count

import psycopg
from psycopg.conninfo import make_conninfo

from flow.database.bootstrap import role_url
from flow.database.embedded import EmbeddedServer
from flow.database.installation import Installation
from tests.parity.clusters import Cluster

SECRET = b"a secret for tests of parity, 32 bytes and more"
SUPABASE_ADMIN = "supabase_admin"
Server = EmbeddedServer | Cluster
_numbers = count(1)


@dataclass(frozen=True)
class Place:
    """A database and the installation that it is for."""

    cluster: Cluster
    name: str
    installation: Installation

    def dump(self, *options: str) -> list[str]:
        """What pg_dump says of its schema, object by object."""
        return self.cluster.dump(self.name, *options)

    def run(self, sql: str) -> None:
        """Changes something as the superuser."""
        with psycopg.connect(self._superuser_url, autocommit=True) as connection:
            connection.execute(sql.encode())

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """What a query answers to the superuser, whom nothing is hidden from."""
        with psycopg.connect(self._superuser_url) as connection:
            return connection.execute(sql.encode()).fetchall()

    @property
    def _superuser_url(self) -> str:
        return self.cluster.url(self.cluster.superuser, self.name)


def superuser(server: Server) -> str:
    """The role that may do everything there."""
    return server.superuser if isinstance(server, Cluster) else "postgres"


def is_supabase_like(server: Server) -> bool:
    """Whether the superuser is Supabase's, and `postgres` a customer."""
    return isinstance(server, Cluster) and server.superuser == SUPABASE_ADMIN


@contextmanager
def new_place(cluster: Cluster) -> Iterator[Place]:
    """A database that FLOW has not seen yet, for the length of the block."""
    name = f"place_{next(_numbers)}"
    make_database(cluster, name)
    yield Place(cluster, name, installation_of(cluster, name, SECRET))
    with psycopg.connect(cluster.superuser_url, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")


def make_database(server: Server, name: str) -> None:
    """A database with no more in it than its kind of server puts into each."""
    with psycopg.connect(server.superuser_url, autocommit=True) as connection:
        connection.execute(f"create database {name}")
    if is_supabase_like(server):
        fixture = resources.files(__package__).joinpath("supabase_like.sql").read_bytes()
        with psycopg.connect(server.url(SUPABASE_ADMIN, name), autocommit=True) as connection:
            connection.execute(fixture)


def installation_of(server: Server, name: str, secret: bytes, *, pooler_port: int | None = None) -> Installation:
    """The installation on this database; pages, ingest and jobs come through a pooler, if there is one."""
    admin_url = server.url("postgres", name)
    served_at = make_conninfo(admin_url, port=pooler_port) if pooler_port else admin_url
    return Installation(
        admin_url=admin_url,
        owner_url=admin_url if is_supabase_like(server) else role_url(admin_url, "flow_owner", secret),
        api_url=role_url(served_at, "flow_api", secret),
        worker_url=role_url(served_at, "flow_worker", secret),
        listen_url=role_url(admin_url, "flow_worker", secret),
        secret=secret,
        server=None,
    )
