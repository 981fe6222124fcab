"""The two doors into the database."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import psycopg
import pytest

from flow.database.installation import Installation
from flow.database.pool import Database
from tests.connections import kept_connection
from tests.factories import claims_of, give_access, make_restaurant, make_user


async def _names(database: Database, claims: dict[str, object]) -> list[str]:
    async with database.as_user(claims) as transaction:
        cursor = await transaction.connection.execute("select name from public.restaurants order by name")
        return [str(row[0]) for row in await cursor.fetchall()]


async def test_a_user_sees_the_restaurants_of_his_memberships_only(
    installation: Installation, database: Database
) -> None:
    user = make_user(installation.owner_url, "anna@example.com")
    own = make_restaurant(installation.owner_url, "Napoli")
    make_restaurant(installation.owner_url, "Tivoli")
    give_access(installation.owner_url, user, own)

    assert await _names(database, claims_of(user)) == ["Napoli"]


async def test_revoking_a_membership_works_at_once(installation: Installation, database: Database) -> None:
    user = make_user(installation.owner_url, "anna@example.com")
    own = make_restaurant(installation.owner_url)
    give_access(installation.owner_url, user, own)
    before = await _names(database, claims_of(user))
    with kept_connection(installation.owner_url) as connection:
        connection.execute("delete from public.user_restaurant_access")

    assert (before, await _names(database, claims_of(user))) == (["Napoli"], [])


async def test_the_caller_carries_the_permissions_of_the_role(installation: Installation, database: Database) -> None:
    user = make_user(installation.owner_url, "emil@example.com")
    own = make_restaurant(installation.owner_url)
    give_access(installation.owner_url, user, own, "employee")
    async with database.as_user(claims_of(user)) as transaction:
        caller = transaction.caller

    assert caller is not None
    assert frozenset([own]) == caller.restaurants_with("active_orders.read")
    assert frozenset() == caller.restaurants_with("payments.read")


async def test_outside_a_transaction_the_api_role_may_read_nothing(installation: Installation) -> None:
    with (
        psycopg.connect(installation.api_url) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("select from public.orders")


async def test_what_is_claimed_stays_text(installation: Installation, database: Database) -> None:
    user = make_user(installation.owner_url, "anna@example.com")
    name = "O'Hara \\ '); drop table public.orders; -- \" 🍕"
    async with database.as_user({**claims_of(user), "name": name}, read_only=True) as transaction:
        cursor = await transaction.connection.execute("select auth.jwt() ->> 'name'")

        assert (name,) == await cursor.fetchone()


async def test_reading_cannot_write(installation: Installation, database: Database) -> None:
    user = make_user(installation.owner_url, "anna@example.com")
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        async with database.as_user(claims_of(user), read_only=True) as transaction:
            await transaction.connection.execute("create temporary table notes (note text)")


@pytest.mark.parametrize("fails", [False, True])
async def test_all_of_a_transaction_is_kept_or_nothing(
    installation: Installation, database: Database, *, fails: bool
) -> None:
    with suppress(ConnectionError):
        async with database.as_service() as transaction:
            await transaction.connection.execute(
                "insert into public.restaurants (id, name, slug, event_namespace) "
                "values (gen_random_uuid(), 'Napoli', 'napoli', 'napoli')"
            )
            if fails:
                raise ConnectionError
    async with database.as_service() as transaction:
        cursor = await transaction.connection.execute("select count(*) from public.restaurants")

        assert (int(not fails),) == await cursor.fetchone()


async def test_a_claim_that_the_database_refuses_leaves_the_connection_as_it_was(
    installation: Installation, database: Database
) -> None:
    user = make_user(installation.owner_url, "anna@example.com")
    for _ in range(3):
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            async with database.as_user({**claims_of(user), "sub": "nobody"}):
                pass

    assert [] == await _names(database, claims_of(user))


async def test_a_connection_that_was_cut_while_it_lay_idle_is_replaced(
    installation: Installation, database: Database
) -> None:
    user = make_user(installation.owner_url, "anna@example.com")
    await _names(database, claims_of(user))
    _cut_all(installation)
    await asyncio.sleep(0.6)

    assert [] == await _names(database, claims_of(user))


async def test_a_connection_that_is_cut_in_a_transaction_is_replaced(
    installation: Installation, database: Database
) -> None:
    user = make_user(installation.owner_url, "anna@example.com")
    with pytest.raises(psycopg.OperationalError):
        async with database.as_user(claims_of(user)) as transaction:
            _cut_all(installation)
            await transaction.connection.execute("select 1")

    assert [] == await _names(database, claims_of(user))


def _cut_all(installation: Installation) -> None:
    with psycopg.connect(installation.admin_url, autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename in ('flow_api', 'flow_worker') "
            "and datname = current_database()"
        )
