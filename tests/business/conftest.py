"""A restaurant that is open, with its menu; and the application in front of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import httpx
import jwt
import pytest

from flow.business.orders import Placed, PlaceOrder, place
from flow.business.restaurants import Restaurant
from flow.business.restaurants.store import find_restaurant
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.kit.clock import FixedClock
from flow.kit.ids import new_id
from tests.business.menus import Menu, make_menu
from tests.connections import kept_connection
from tests.factories import give_access, make_restaurant, make_user
from tests.serving import App, running_app

NOON = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
_SECRET = "a shared secret for tests only, 32 bytes"
_ISSUER = "https://issuer.example"
OUTSIDE_ISSUER = {"jwt_secret": _SECRET, "jwt_issuer": _ISSUER}
"""Settings of an application that takes the tokens of `token_of`."""


@dataclass(frozen=True)
class Kitchen:
    """A restaurant with its menu, its database and a clock that stands at noon."""

    restaurant: Restaurant
    menu: Menu
    installation: Installation
    database: Database
    clock: FixedClock

    @property
    def id(self) -> UUID:
        return self.restaurant.id

    async def place(self, order: PlaceOrder, **changes: object) -> Placed:
        """Places an order as the service; `changes` are to the restaurant."""
        restaurant = replace(self.restaurant, **changes)  # type: ignore[arg-type]
        async with self.database.as_service() as transaction:
            return await place(transaction, restaurant, order, clock=self.clock)

    def rows(self, sql: str, *parameters: object) -> list[tuple[object, ...]]:
        """What the owner of the tables sees."""
        with kept_connection(self.installation.owner_url) as connection:
            return connection.execute(sql.encode(), parameters).fetchall()

    def run(self, sql: str, *parameters: object) -> None:
        """Changes something as the owner."""
        with kept_connection(self.installation.owner_url) as connection:
            connection.execute(sql.encode(), parameters)

    def employ(self, role: str) -> UUID:
        """A new user with a role in the restaurant."""
        user = make_user(self.installation.owner_url, f"{role}-{new_id()}@example.com")
        give_access(self.installation.owner_url, user, self.id, role)
        return user


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
async def kitchen(installation: Installation, database: Database, clock: FixedClock) -> Kitchen:
    """Napoli: simulated, VAT 25 %, delivery 39 kr., free from 300 kr., deliveries begin at 100 kr."""
    restaurant = make_restaurant(installation.owner_url, "Napoli")
    with kept_connection(installation.owner_url) as connection:
        connection.execute(
            "update public.restaurants set delivery_fee = 3900, free_delivery_from = 30000, minimum_order = 10000,"
            " is_simulated = true"
        )
    menu = make_menu(installation.owner_url, restaurant)
    async with database.as_service() as transaction:
        return Kitchen(await find_restaurant(transaction, restaurant), menu, installation, database, clock)


@pytest.fixture
async def app(kitchen: Kitchen, tmp_path: Path) -> AsyncIterator[App]:
    async with running_app(kitchen.installation, tmp_path, clock=kitchen.clock, **OUTSIDE_ISSUER) as running:
        yield running


@pytest.fixture
async def http(app: App) -> AsyncIterator[httpx.AsyncClient]:
    async with app.client() as client:
        yield client


def token_of(user: UUID) -> dict[str, str]:
    """The header of a user whom an outside issuer has let in."""
    claims = {"sub": str(user), "role": "authenticated", "aud": "authenticated", "iss": _ISSUER, "exp": 4_000_000_000}
    return {"Authorization": f"Bearer {jwt.encode(claims, _SECRET, 'HS256')}"}
