"""Users and what they may do."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg
import pytest

from flow.access import service
from flow.access.errors import EmailTaken, WeakPassword
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.errors import InvalidInput
from tests.connections import kept_connection
from tests.factories import claims_of, make_restaurant

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PASSWORD = "correct horse battery"


async def test_a_user_sees_a_restaurant_from_the_grant_to_the_revocation(
    installation: Installation, database: Database
) -> None:
    restaurant = make_restaurant(installation.owner_url)
    seen = []
    async with database.as_service() as transaction:
        user = await service.create_user(transaction, "anna@napoli.example", PASSWORD, at=NOW, name="Anna")
    for change in (None, "grant", "revoke"):
        async with database.as_service() as transaction:
            if change == "grant":
                await service.grant_membership(transaction, user, restaurant, role="manager", at=NOW)
            if change == "revoke":
                assert await service.revoke_membership(transaction, user, restaurant)
        async with database.as_user(claims_of(user)) as transaction:
            assert transaction.caller is not None
            seen.append(transaction.caller.restaurants_with("menu.write"))

    assert [frozenset(), frozenset([restaurant]), frozenset()] == seen


async def test_a_second_grant_replaces_the_role(installation: Installation, database: Database) -> None:
    restaurant = make_restaurant(installation.owner_url)
    async with database.as_service() as transaction:
        user = await service.create_user(transaction, "anna@napoli.example", PASSWORD, at=NOW)
        for role in ("admin", "employee"):
            await service.grant_membership(transaction, user, restaurant, role=role, at=NOW)  # type: ignore[arg-type]
    async with database.as_user(claims_of(user)) as transaction:
        assert transaction.caller is not None
        grants = transaction.caller.grants

    assert ("active_orders.read" in grants, "restaurant.write" in grants) == (True, False)


async def test_a_platform_role_reaches_every_restaurant(installation: Installation, database: Database) -> None:
    restaurants = {make_restaurant(installation.owner_url, name) for name in ("Napoli", "Tivoli")}
    async with database.as_service() as transaction:
        user = await service.create_user(transaction, "olga@flow.example", PASSWORD, at=NOW)
        await service.grant_platform_role(transaction, user, role="super_admin", at=NOW)
    async with database.as_user(claims_of(user)) as transaction:
        assert transaction.caller is not None
        caller = transaction.caller

    assert frozenset(restaurants) == caller.restaurants_with("orders.read")
    assert frozenset({"super_admin"}) == caller.platform_roles


async def test_an_address_is_one_user_whatever_its_case(database: Database) -> None:
    async with database.as_service() as transaction:
        await service.create_user(transaction, "Anna@Napoli.Example", PASSWORD, at=NOW)
    with pytest.raises(EmailTaken):
        async with database.as_service() as transaction:
            await service.create_user(transaction, "anna@napoli.example", PASSWORD, at=NOW)


@pytest.mark.parametrize(
    "email", ["", "anna", "anna@", "@napoli.example", "a b@napoli.example", "anna@napoli.example\n.x"]
)
async def test_what_is_no_address_is_refused(database: Database, email: str) -> None:
    with pytest.raises(InvalidInput):
        async with database.as_service() as transaction:
            await service.create_user(transaction, email, PASSWORD, at=NOW)


async def test_a_short_password_is_refused(database: Database) -> None:
    with pytest.raises(WeakPassword):
        async with database.as_service() as transaction:
            await service.create_user(transaction, "anna@napoli.example", "123456789", at=NOW)


async def test_the_password_is_kept_as_a_hash_where_people_cannot_read_it(
    installation: Installation, database: Database
) -> None:
    async with database.as_service() as transaction:
        user = await service.create_user(transaction, "anna@napoli.example", PASSWORD, at=NOW)
    with kept_connection(installation.owner_url) as connection:
        row = connection.execute("select password_hash from app.user_credentials").fetchone()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with database.as_user(claims_of(user)) as transaction:
            await transaction.connection.execute("select password_hash from app.user_credentials")

    assert row is not None
    assert PASSWORD not in row[0]
