"""Every tenant table from both sides, in the role of the API: own rows yes, another restaurant's never."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb

from flow.database.embedded import EmbeddedServer
from flow.database.installation import Installation
from tests.conftest import TEMPLATE, new_database
from tests.factories import claims_of, give_access, make_restaurant, make_user

TENANT_TABLES = """
select c.relname from pg_class c
where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace
  and obj_description(c.oid, 'pg_class') like 'tenant:%'
order by 1
"""
# Written and read by the service alone.
NOT_FOR_PEOPLE = {"order_counters"}
# Read by another role than the administrator.
NOT_FOR_ADMINS = {"legal_holds"}


@dataclass(frozen=True)
class World:
    """Two restaurants with a row in every table, and the administrator of one of them."""

    installation: Installation
    own: UUID
    foreign: UUID
    admin: UUID

    @contextmanager
    def as_admin(self) -> Iterator[psycopg.Connection]:
        """A transaction as the administrator, begun as the API begins one; always rolled back."""
        with psycopg.connect(self.installation.api_url) as connection:
            connection.execute("select app.begin_request(%s, 5000)", [Jsonb(claims_of(self.admin))])
            yield connection
            connection.rollback()


@pytest.fixture(scope="module")
def world(postgres: EmbeddedServer) -> Iterator[World]:
    for installation in new_database(postgres):
        url = installation.owner_url
        admin = make_user(url, "admin@example.com")
        own, foreign = make_restaurant(url, "Napoli"), make_restaurant(url, "Tivoli")
        give_access(url, admin, own, "admin")
        for restaurant in (own, foreign):
            _fill(url, restaurant)
        yield World(installation, own, foreign, admin)


def _fill(url: str, restaurant: UUID) -> None:
    text = resources.files("tests.contracts").joinpath("world.sql").read_text()
    ids: dict[str, UUID] = {"restaurant": restaurant}

    def literal(match: re.Match[str]) -> str:
        return f"'{ids.setdefault(match[1], uuid4())}'::uuid"

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(re.sub(r"(?<!:):([a-z]+)", literal, text).encode())


def _tenant_tables(postgres_url: str) -> list[str]:
    with psycopg.connect(postgres_url) as connection:
        return [row[0] for row in connection.execute(TENANT_TABLES).fetchall()]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "table" in metafunc.fixturenames:
        from tests.conftest import running_server

        metafunc.parametrize("table", _tenant_tables(running_server().url("postgres", TEMPLATE)))


def test_the_world_has_a_row_of_either_side(world: World, table: str) -> None:
    with psycopg.connect(world.installation.owner_url) as connection:
        rows = connection.execute(f"select distinct restaurant_id from public.{table}".encode()).fetchall()

    assert {world.own, world.foreign} == {row[0] for row in rows}


def test_reading_shows_the_own_restaurant_only(world: World, table: str) -> None:
    with world.as_admin() as connection:
        if table in NOT_FOR_PEOPLE:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"select from public.{table}".encode())
            return
        rows = connection.execute(f"select distinct restaurant_id from public.{table}".encode()).fetchall()

    assert [] == rows if table in NOT_FOR_ADMINS else [(world.own,)] == rows


def test_nobody_adds_a_row_to_another_restaurant(world: World, table: str) -> None:
    with world.as_admin() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(f"insert into public.{table} (restaurant_id) values (%s)".encode(), [world.foreign])


def test_nobody_changes_or_deletes_a_row_of_another_restaurant(world: World, table: str) -> None:
    for statement in (
        f"update public.{table} set restaurant_id = restaurant_id where restaurant_id = %s",
        f"delete from public.{table} where restaurant_id = %s",
    ):
        with world.as_admin() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement.encode(), [world.foreign])


@pytest.mark.parametrize(
    ("statement", "refused"),
    [
        ("update public.orders set status = 'cancelled' where restaurant_id = %s", True),
        ("update public.products set price = 1 where restaurant_id = %s", False),
        ("update public.notifications set read_at = now() where restaurant_id = %s", False),
        ("update public.orders set total = 1 where restaurant_id = %s", True),
        ("update public.payments set amount = 1 where restaurant_id = %s", True),
    ],
)
def test_columns_that_people_may_write_change_in_the_own_restaurant_only(
    world: World, statement: str, refused: bool
) -> None:
    with world.as_admin() as connection:
        if refused:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode(), [world.own])
            return
        own = connection.execute(statement.encode(), [world.own]).rowcount
        foreign = connection.execute(statement.encode(), [world.foreign]).rowcount

    assert (1, 0) == (own, foreign)


def test_a_row_cannot_point_into_another_restaurant(world: World) -> None:
    with psycopg.connect(world.installation.owner_url) as connection:
        order = connection.execute("select id from public.orders where restaurant_id = %s", [world.foreign]).fetchone()
        assert order is not None
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            connection.execute(
                "insert into public.payments (restaurant_id, id, order_id, amount, provider) "
                "values (%s, gen_random_uuid(), %s, 1, 'cash')",
                [world.own, order[0]],
            )


def test_a_partition_cannot_be_read_past_its_parent(world: World) -> None:
    with psycopg.connect(world.installation.owner_url) as connection:
        part = connection.execute("select relname from pg_class where relnamespace = 'parts'::regnamespace").fetchone()
    assert part is not None
    with world.as_admin() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(f"select from parts.{part[0]}".encode())


def test_no_claims_no_rows(world: World) -> None:
    with psycopg.connect(world.installation.api_url) as connection:
        connection.execute("set local role authenticated")
        rows = connection.execute("select from public.orders").fetchall()

    assert [] == rows


def test_an_employee_cannot_make_himself_administrator(world: World) -> None:
    with world.as_admin() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("update public.user_restaurant_access set role = 'admin'")
