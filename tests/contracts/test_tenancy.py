"""Every tenant table has a row of either restaurant in the tests' world; what people see of them is in matrix/."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.errors import ForeignKeyViolation

from flow.database.embedded import EmbeddedServer
from tests.conftest import TEMPLATE, new_database, running_server
from tests.connections import kept_connection
from tests.contracts.matrix.world import World, make_world

TENANT_TABLES = """
select c.relname from pg_class c
where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace
  and obj_description(c.oid, 'pg_class') like 'tenant:%'
order by 1
"""


@pytest.fixture(scope="module")
def world(postgres: EmbeddedServer) -> Iterator[World]:
    for installation in new_database(postgres):
        yield make_world(installation)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "table" in metafunc.fixturenames:
        with psycopg.connect(running_server().url("postgres", TEMPLATE)) as connection:
            metafunc.parametrize("table", [row[0] for row in connection.execute(TENANT_TABLES.encode()).fetchall()])


def test_the_world_has_a_row_of_either_side(world: World, table: str) -> None:
    with kept_connection(world.installation.owner_url) as connection:
        rows = connection.execute(f"select distinct restaurant_id from public.{table}".encode()).fetchall()

    assert {world.own, world.foreign} == {row[0] for row in rows}


def test_a_row_cannot_point_into_another_restaurant(world: World) -> None:
    with psycopg.connect(world.installation.owner_url) as connection:
        order = connection.execute("select id from public.orders where restaurant_id = %s", [world.foreign]).fetchone()
        assert order is not None
        with pytest.raises(ForeignKeyViolation):
            connection.execute(
                "insert into public.payments (restaurant_id, id, order_id, amount, provider) "
                "values (%s, gen_random_uuid(), %s, 1, 'cash')",
                [world.own, order[0]],
            )
