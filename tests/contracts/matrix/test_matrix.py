"""The matrix of roles, walked: each kind of person sees and changes what the matrix says, no more and no less."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import psycopg
import pytest

from flow.access.roles.matrix import matrix
from flow.database.embedded import EmbeddedServer
from tests.conftest import new_database, superuser_url
from tests.connections import kept_connection
from tests.contracts.matrix import catalog
from tests.contracts.matrix.mutations import Mutation, all_mutations, try_out
from tests.contracts.matrix.routes import SHOWN, reading_routes, walk_routes
from tests.contracts.matrix.walk import Expectation, walk
from tests.contracts.matrix.world import make_world


@pytest.fixture(scope="module")
def expected(postgres: EmbeddedServer) -> Iterator[Expectation]:
    for installation in new_database(postgres):
        found = Expectation(make_world(installation), matrix())
        yield found
        found.close()


def test_every_cell_is_what_the_matrix_says(expected: Expectation) -> None:
    with psycopg.connect(expected.world.installation.api_url) as connection:
        findings = walk(connection, expected)

    assert [] == findings.wrong
    assert findings.cells > 6_000


def test_the_catalog_is_what_the_matrix_says(expected: Expectation) -> None:
    with kept_connection(expected.world.installation.owner_url) as connection:
        findings = catalog.check(connection, matrix())

    assert [] == findings.wrong


def test_no_cell_is_empty_because_the_world_is(expected: Expectation) -> None:
    """Every way to a table shows some row to somebody, and withholds one from somebody else."""
    ways = [(name, command) for name, operations in matrix().tables.items() for command in operations]
    shown = {
        (name, command): [expected.rows(actor, expected.tables[name], command) for actor in expected.world.actors]
        for name, command in ways
        if command != "insert"
    }

    assert [] == [way for way, rows in shown.items() if not any(rows)]
    assert {("ai_intents", "select"), ("benchmark_aggregates", "select")} == {
        way for way, rows in shown.items() if len(set(rows)) == 1
    }


def test_whatever_is_opened_by_hand_is_noticed(expected: Expectation) -> None:
    """Every policy, and one of each kind of grant per table; `make permission-matrix` opens every single one."""
    with psycopg.connect(expected.world.installation.admin_url) as connection:
        mutations = list(all_mutations(connection))
        policies = [mutation for mutation in mutations if mutation.kind == "policy"]
        outcomes = [try_out(connection, expected, mutation) for mutation in [*policies, *_sample(mutations)]]

    assert [] == [outcome.mutation.statement for outcome in outcomes if not outcome.caught]
    assert {
        # The restaurant of a row can be changed by nobody: these four say so a second time.
        "notifications",
        "products",
        "rejected_events",
        "restaurants",
    } == {o.mutation.table for o in outcomes if o.mutation.kind == "policy" and not o.by_walking}


def _sample(mutations: list[Mutation]) -> list[Mutation]:
    others = [mutation for mutation in mutations if mutation.kind != "policy"]
    return [next(group) for _, group in groupby(others, key=lambda each: (each.kind, each.table))]


def test_every_route_shows_what_the_matrix_says(expected: Expectation, tmp_path: Path) -> None:
    findings = walk_routes(expected, tmp_path, superuser_url=superuser_url(expected.world.installation))

    assert [] == findings.wrong
    assert SHOWN.keys() <= {route.name for route in reading_routes()}
