"""Every named statement holds against the migrated schema, and its columns fit the dataclass it names."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import psycopg
import pytest

import flow
from flow.database.installation import Installation
from flow.database.queries import Query, load_queries

ROOT = Path(flow.__file__).parent


def _all_queries() -> Iterator[tuple[str, Query]]:
    for file in sorted(ROOT.rglob("queries.sql")):
        package = ".".join(("flow", *file.parent.relative_to(ROOT).parts))
        for query in load_queries(package):
            yield package, query


QUERIES = list(_all_queries())
IDS = [f"{package.removeprefix('flow.')}.{query.name}" for package, query in QUERIES]


@pytest.fixture(scope="module")
def connection(postgres_with_queue: Installation) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgres_with_queue.owner_url) as connection:
        yield connection


@pytest.mark.parametrize(("package", "query"), QUERIES, ids=IDS)
def test_a_statement_prepares_and_fits_its_dataclass(
    connection: psycopg.Connection, package: str, query: Query
) -> None:
    prepared = connection.pgconn.prepare(b"", query.sql)
    failure = prepared.error_message.decode()
    connection.rollback()
    assert "" == failure

    if query.returns is not None:
        row = getattr(importlib.import_module(f"{package}.types"), query.returns)
        assert is_dataclass(row)
        connection.pgconn.prepare(b"", query.sql)
        described = connection.pgconn.describe_prepared(b"")
        columns = {(described.fname(index) or b"").decode() for index in range(described.nfields)}
        connection.rollback()
        required = {field.name for field in fields(row)}
        assert required == columns


@pytest.mark.parametrize(("package", "query"), QUERIES, ids=IDS)
def test_a_statement_says_what_it_is_for(package: str, query: Query) -> None:
    assert query.doc.endswith(".")
