"""A restaurant that is connected to providers which a process of its own simulates, FLOW's web process, and its worker.

Everything goes over real HTTP: the simulator signs and delivers to FLOW, FLOW's worker calls the simulator.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from flow.business.orders import PlaceOrder, move, place
from flow.business.orders.types import Order, Status
from flow.business.restaurants.store import find_restaurant
from flow.business.restaurants.types import Restaurant
from flow.collect.integrations.calling import Calls
from flow.collect.integrations.carrying import carrying
from flow.collect.integrations.connecting import connect, try_out
from flow.collect.providers import PROVIDERS, SYSTEMS
from flow.collect.providers.following import following
from flow.collect.webhooks.address import Address, Addresses
from flow.collect.webhooks.working import working
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.jobs.types import JobContext
from flow.kit.clock import SystemClock
from tests.business.menus import Menu, make_menu
from tests.connections import kept_connection
from tests.demo.providers import processes
from tests.factories import make_restaurant
from tests.serving import NO_CERTIFICATES, Server, running_server, settings_of


@dataclass(frozen=True)
class Simulator:
    """The running providers."""

    url: str

    async def open(self, provider: str, **details: object) -> dict[str, Any]:
        """A new account."""
        made = await self._send("POST", f"/control/accounts/{provider}", {"name": "napoli"})
        return await self.change(made, **details)

    async def change(self, account: dict[str, Any], **details: object) -> dict[str, Any]:
        path = f"/control/accounts/{account['provider']}/{account['number']}"
        return await self._send("PUT", path, details)

    async def act(self, account: dict[str, Any], act: str, **arguments: object) -> dict[str, Any]:
        """Does what a guest or the provider would."""
        path = f"/control/acts/{account['provider']}/{account['number']}/{act}"
        return await self._send("POST", path, arguments)

    async def turn(self, provider: str, **knobs: object) -> None:
        """Makes a provider behave badly."""
        await self._send("PATCH", f"/control/knobs?provider={provider}", knobs)

    async def idle(self) -> None:
        """Waits until no webhook is under way."""
        await self._send("GET", "/control/post?until_idle=10")

    async def books(self, table: str) -> dict[str, Any]:
        """Everything of one kind that the providers remember."""
        return dict((await self._send("GET", "/control/books")).get(table, {}))

    async def _send(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        async with httpx.AsyncClient(base_url=self.url, timeout=30, verify=NO_CERTIFICATES) as http:
            return dict((await http.request(method, path, json=body)).raise_for_status().json())


@dataclass
class World:
    """Napoli, its connections, and whoever works for it."""

    restaurant: Restaurant
    menu: Menu
    installation: Installation
    database: Database
    context: JobContext
    simulator: Simulator
    web: Server

    async def connect(self, provider: str, account: dict[str, Any], **values: str) -> dict[str, Any]:
        """Connects the restaurant to its account, which then delivers to FLOW."""
        given = {
            **account["credentials"],
            "venue_id": account["number"],
            "webhook_secret": account["webhook_secret"],
            **values,
        }
        box = self.installation.secret_box
        async with Calls.open(self.database, box, self.context.clock, SYSTEMS) as calls:
            base = f"{self.simulator.url}/{provider}"
            integration = await connect(calls, self.restaurant.id, provider, given, simulator=base)
            at = Address(self.restaurant.id, integration.id)
            address = self.web.url + Addresses([self.installation.secret]).path(provider, at)
            problem = await try_out(calls, self.restaurant.id, provider, address=address)
        assert problem is None, problem
        return await self.simulator.change(account, webhook_url=address)

    async def settle(self) -> None:
        """Lets webhooks arrive and the worker do all that is due, until nothing comes any more."""
        for _ in range(3):
            await self.simulator.idle()
            await working(PROVIDERS).run(self.context, once=True)
            await following().run(self.context, once=True)
            await carrying(SYSTEMS).run(self.context, once=True)
        await self.simulator.idle()
        await working(PROVIDERS).run(self.context, once=True)

    async def settle_until(self, sql: str, expected: object, *, seconds: float = 20.0) -> None:
        """Works until a query's one value is what is expected."""
        deadline = time.monotonic() + seconds
        while self.value(sql) != expected and time.monotonic() < deadline:
            await self.settle()
            await asyncio.sleep(0.1)
        assert expected == self.value(sql)

    async def place(self, wish: PlaceOrder) -> Order:
        async with self.database.as_service() as transaction:
            return (await place(transaction, self.restaurant, wish, clock=SystemClock())).order

    async def move(self, order_id: UUID, *statuses: Status, reason: str | None = None) -> None:
        """Moves an order as somebody on its page would."""
        for status in statuses:
            async with self.database.as_service() as transaction:
                await move(transaction, self.restaurant, order_id, status, clock=SystemClock(), reason=reason)

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """What the owner of the tables sees."""
        with kept_connection(self.installation.owner_url) as connection:
            return connection.execute(sql.encode(), parameters).fetchall()

    def value(self, sql: str, *parameters: object) -> Any:
        rows = self.rows(sql, *parameters)
        return rows[0][0] if rows else None

    def run(self, sql: str, *parameters: object) -> None:
        with kept_connection(self.installation.owner_url) as connection:
            connection.execute(sql.encode(), parameters)


@contextmanager
def running_simulator(home: Path) -> Iterator[Simulator]:
    """`flow providers simulate` on a free port."""
    with processes.running_simulator(home) as address:
        yield Simulator(address)


@asynccontextmanager
async def world_of(
    installation: Installation, database: Database, simulator: Simulator, home: Path
) -> AsyncIterator[World]:
    """Napoli with its menu and nothing connected yet."""
    restaurant_id = make_restaurant(installation.owner_url, "Napoli")
    menu = make_menu(installation.owner_url, restaurant_id)
    async with database.as_service() as transaction:
        restaurant = await find_restaurant(transaction, restaurant_id)
    settings = settings_of(installation, home)
    context = JobContext(settings=settings, clock=SystemClock(), installation=installation, database=database)
    with running_server(installation, home) as web:
        yield World(restaurant, menu, installation, database, context, simulator, web)
