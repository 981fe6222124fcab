"""A restaurant that speaks with its guests over the simulated providers, all of it within the test's process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import httpx
import pytest
from psycopg.rows import dict_row

from flow.collect.integrations import calling, carrying
from flow.collect.integrations.calling import Calls
from flow.collect.integrations.connecting import connect, try_out
from flow.collect.providers import SYSTEMS, facebook, inmobile, instagram, with_entry
from flow.collect.webhooks.address import Address, Addresses
from flow.collect.webhooks.working import working
from flow.conversations.entry import enter
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.demo.providers import create_simulator
from flow.demo.providers.knobs import Knobs
from flow.jobs.types import JobContext
from flow.kit.clock import SystemClock
from tests.connections import kept_connection
from tests.factories import make_restaurant
from tests.serving import App, running_app, settings_of

SIMULATOR, FLOW = "http://127.0.0.1:8020", "http://127.0.0.1:8010"
TALKING = with_entry((inmobile.PROVIDER, instagram.PROVIDER, facebook.PROVIDER), enter)
ANNA = "4520123456"


@dataclass
class Desk:
    """FLOW and the simulator, and what tests do with them."""

    installation: Installation
    database: Database
    context: JobContext
    app: App
    simulator: httpx.AsyncClient
    calls: Calls
    restaurant: UUID
    accounts: dict[str, dict[str, Any]]

    async def connect(self, provider: str, **values: str) -> dict[str, Any]:
        """Connects the restaurant to a new account of a provider; the account."""
        made = (await self.simulator.post(f"/control/accounts/{provider}", json={"name": "napoli"})).json()
        form = {
            **made["credentials"],
            **dict.fromkeys(("account", "page"), made["number"]),
            "app_secret": made["webhook_secret"],
            "sender": "Napoli",
            "number": made.get("phone", ""),
            **values,
        }
        integration = await connect(self.calls, self.restaurant, provider, form, simulator=f"{SIMULATOR}/{provider}")
        place = self.installation
        path = Addresses([place.secret]).path(provider, Address(self.restaurant, integration.id))
        assert None is await try_out(self.calls, self.restaurant, provider, address=FLOW + path)
        opened = f"/control/accounts/{provider}/{made['number']}"
        self.accounts[provider] = (await self.simulator.put(opened, json={"webhook_url": FLOW + path})).json()
        return self.accounts[provider]

    async def act(self, provider: str, act: str = "incoming", **arguments: object) -> Any:
        account = self.accounts[provider]
        path = f"/control/acts/{provider}/{account['number']}/{act}"
        return (await self.simulator.post(path, json=arguments)).json()

    async def sms(self, text: str, sender: str = ANNA) -> None:
        """A guest texts the restaurant; FLOW has dealt with it, and sent what it decided to send."""
        await self.act("inmobile", **{"from": sender, "to": self.accounts["inmobile"]["phone"], "text": text})
        await self.settle()

    async def settle(self) -> None:
        """Lets everything happen that is due by now."""
        for _ in range(3):
            assert 0 == (await self.simulator.get("/control/post?until_idle=20")).json()["under_way"]
            await working(TALKING).run(self.context, once=True)
            await carrying.carrying(SYSTEMS).run(self.context, once=True)

    async def books(self, table: str) -> list[dict[str, Any]]:
        """What the simulator remembers."""
        found = (await self.simulator.get("/control/books")).json().get(table, {})
        return list(found.values())

    async def sent(self) -> list[str]:
        """The texts of the SMS that left, in the order in which they did."""
        return [each["text"] for each in await self.books("inmobile.outgoing")]

    def rows(self, statement: str) -> list[dict[str, Any]]:
        with kept_connection(self.installation.owner_url) as connection:
            return connection.cursor(row_factory=dict_row).execute(statement.encode()).fetchall()

    def execute(self, statement: str) -> None:
        with kept_connection(self.installation.owner_url) as connection:
            connection.execute(statement.encode())

    @property
    def messages(self) -> list[tuple[str, str, str]]:
        """(direction, status, body) of all messages, the oldest first."""
        found = self.rows("select direction, status, body from public.messages order by created_at, id")
        return [(row["direction"], row["status"], row["body"]) for row in found]


@pytest.fixture
async def desk(
    installation: Installation, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    clock = SystemClock()
    settings = settings_of(installation, tmp_path)
    context = JobContext(settings=settings, clock=clock, installation=installation, database=database)
    monkeypatch.setattr(calling, "_FIRST_PAUSE", 0.001)
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(running_app(installation, tmp_path, clock=clock))
        post = await stack.enter_async_context(_client(app.asgi, FLOW))
        simulator = create_simulator(clock=clock, http=post, random=Random(7), knobs=Knobs(retry_pace=0.0001))
        await stack.enter_async_context(simulator.router.lifespan_context(simulator))
        to_simulator = await stack.enter_async_context(_client(simulator, SIMULATOR))
        systems = {system.name: system for system in SYSTEMS}
        calls = Calls(to_simulator, database, installation.secret_box, clock, systems)

        @asynccontextmanager
        async def calls_of(*_: object) -> AsyncIterator[Calls]:
            yield calls

        monkeypatch.setattr(carrying, "calls_of", calls_of)
        monkeypatch.setattr("flow.collect.providers.inmobile.jobs.calls_of", calls_of)
        restaurant = make_restaurant(installation.owner_url)
        yield Desk(installation, database, context, app, to_simulator, calls, restaurant, {})


def _client(app: Any, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 50_000))
    return httpx.AsyncClient(transport=transport, base_url=address)
