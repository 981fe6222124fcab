"""The two doors into the database."""

from __future__ import annotations

import psycopg
import pytest

from flow.database.installation import Installation
from flow.database.pool import Database
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
    with psycopg.connect(installation.owner_url) as connection:
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
