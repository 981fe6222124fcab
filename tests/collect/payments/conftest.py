"""A restaurant whose shop takes cards and MobilePay from the simulated providers, all within the test's process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from flow.business.orders import OrderLine, PlaceOrder
from flow.business.orders.receipts import payment_path, receipt_token
from flow.business.orders.types import Order
from flow.business.payments.types import PaymentMethod
from flow.collect.integrations import calling, carrying
from flow.collect.integrations.calling import Calls
from flow.collect.integrations.connecting import connect, try_out
from flow.collect.payments.following import follow
from flow.collect.providers import SYSTEMS, mobilepay, stripe
from flow.collect.webhooks.address import Address, Addresses
from flow.collect.webhooks.working import working
from flow.demo.providers import create_simulator
from flow.demo.providers.knobs import Knobs
from flow.jobs.types import JobContext
from flow.kit.clock import FixedClock
from tests.business.conftest import OUTSIDE_ISSUER, Kitchen, clock, kitchen
from tests.business.menus import make_site_key
from tests.serving import App, running_app, settings_of

__all__ = ["clock", "kitchen"]

SIMULATOR, FLOW = "http://127.0.0.1:8020", "http://127.0.0.1:8010"
PROVIDERS = (stripe.PROVIDER, mobilepay.PROVIDER)
METHODS: dict[str, PaymentMethod] = {"stripe": "card", "mobilepay": "mobilepay"}


class Messenger(httpx.AsyncBaseTransport):
    """Carries deliveries to FLOW, or holds them back until they are released, shuffled and in part twice."""

    def __init__(self, way: httpx.AsyncBaseTransport) -> None:
        self._way = way
        self.is_holding = False
        self._held: list[tuple[str, httpx.Headers, bytes]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        if not self.is_holding:
            return await self._way.handle_async_request(request)
        self._held.append((str(request.url), request.headers, body))
        return httpx.Response(200)

    async def release(self, random: Random, *, duplicates: float) -> list[int]:
        """The statuses with which FLOW answered."""
        again = [held for held in self._held if random.random() < duplicates]
        everything = [*self._held, *again]
        random.shuffle(everything)
        self._held, self.is_holding = [], False
        async with httpx.AsyncClient(transport=self._way) as http:
            return [
                (await http.post(url, content=body, headers=headers)).status_code for url, headers, body in everything
            ]


@dataclass
class Till:
    """FLOW, its guests and the simulated providers."""

    kitchen: Kitchen
    context: JobContext
    app: App
    guest: httpx.AsyncClient
    simulator: httpx.AsyncClient
    calls: Calls
    messenger: Messenger
    accounts: dict[str, dict[str, Any]]

    async def connect(self, provider: str) -> None:
        """Connects the restaurant to a new account of a provider."""
        made = (await self.simulator.post(f"/control/accounts/{provider}", json={"name": "napoli"})).json()
        form = {**made["credentials"], "msn": made["number"], "webhook_secret": made["webhook_secret"]}
        integration = await connect(self.calls, self.kitchen.id, provider, form, simulator=f"{SIMULATOR}/{provider}")
        place = self.kitchen.installation
        path = Addresses([place.secret]).path(provider, Address(self.kitchen.id, integration.id))
        assert None is await try_out(self.calls, self.kitchen.id, provider, address=FLOW + path)
        if provider == "stripe":
            opened = f"/control/accounts/{provider}/{made['number']}"
            await self.simulator.put(opened, json={"webhook_url": FLOW + path})
        self.accounts[provider] = made

    async def order(self, provider: str = "stripe") -> Order:
        """A pizza for 85 kr. and a cola for 25 kr., to be paid online."""
        menu = self.kitchen.menu
        lines = (OrderLine(product_id=menu.margherita, option_ids=(menu.normal,)), OrderLine(product_id=menu.cola))
        placed = await self.kitchen.place(PlaceOrder(lines=lines, payment_method=METHODS[provider]))
        return placed.order

    def way_to_pay(self, order: Order) -> str:
        token = receipt_token(self.kitchen.installation.secret, self.kitchen.id, order.id)
        return payment_path(self.kitchen.restaurant.slug, order.id, token)

    async def lead(self, order: Order) -> str:
        """Where the guest is led to pay."""
        answer = await self.guest.get(self.way_to_pay(order))
        assert 303 == answer.status_code, answer.text
        return answer.headers["location"]

    async def choose(self, page: str, choice: str) -> httpx.Response:
        """The guest presses a button on the provider's page."""
        return await self.simulator.post(page, data={"choice": choice})

    async def pay(self, order: Order, provider: str = "stripe") -> None:
        """The guest pays, and FLOW has heard of it."""
        await self.choose(await self.lead(order), "pay" if provider == "stripe" else "approve")
        await self.settle()

    async def lose_deliveries(self) -> None:
        """What was delivered so far never comes to anything."""
        await self.simulator.get("/control/post?until_idle=20")
        self.kitchen.run("delete from public.webhook_inbox")

    async def act(self, provider: str, act: str, **arguments: object) -> Any:
        path = f"/control/acts/{provider}/{self.accounts[provider]['number']}/{act}"
        return (await self.simulator.post(path, json=arguments)).json()

    async def settle(self) -> None:
        """Lets everything happen that is due by now."""
        for _ in range(3):
            tally = (await self.simulator.get("/control/post?until_idle=20")).json()
            assert 0 == tally["under_way"], tally
            await working(PROVIDERS).run(self.context, once=True)
            await follow(self.context)
            await carrying.carrying(SYSTEMS).run(self.context, once=True)

    async def books(self, table: str) -> list[dict[str, Any]]:
        """What the simulator remembers."""
        found = (await self.simulator.get("/control/books")).json().get(table, {})
        return list(found.values())

    def payments(self) -> list[tuple[object, ...]]:
        """(status, captured, refunded, refunding) of all payments, the oldest first."""
        return self.kitchen.rows(
            "select status, captured_amount, refunded_amount, refunding_amount from public.payments order by id"
        )

    def status_of(self, order: Order) -> object:
        [(status,)] = self.kitchen.rows("select status from public.orders where id = %s", order.id)
        return status

    def notices(self) -> list[object]:
        return [row[0] for row in self.kitchen.rows("select title from public.notifications order by id")]

    def inbox(self) -> list[tuple[object, ...]]:
        return self.kitchen.rows("select status, reason from public.webhook_inbox order by received_at, id")


@pytest.fixture
async def till(
    kitchen: Kitchen, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Till]:
    place, database = kitchen.installation, kitchen.database
    make_site_key(place.owner_url, kitchen.id)
    settings = settings_of(place, tmp_path)
    context = JobContext(settings=settings, clock=clock, installation=place, database=database)
    monkeypatch.setattr(calling, "_FIRST_PAUSE", 0.001)
    for provider in PROVIDERS:
        monkeypatch.setattr(provider, "_clock", clock)
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(running_app(place, tmp_path, clock=clock, **OUTSIDE_ISSUER))
        messenger = Messenger(httpx.ASGITransport(app.asgi, client=("127.0.0.1", 50_000)))
        post = await stack.enter_async_context(httpx.AsyncClient(transport=messenger))
        simulator = create_simulator(clock=clock, http=post, random=Random(7), knobs=Knobs(retry_pace=0.0001))
        await stack.enter_async_context(simulator.router.lifespan_context(simulator))
        to_simulator = await stack.enter_async_context(_client(simulator, SIMULATOR))
        systems = {system.name: system for system in SYSTEMS}
        calls = Calls(to_simulator, database, place.secret_box, clock, systems)
        app.asgi.state.calls = calls

        @asynccontextmanager
        async def calls_of(*_: object) -> AsyncIterator[Calls]:
            yield calls

        monkeypatch.setattr(carrying, "calls_of", calls_of)
        made = Till(kitchen, context, app, app.client(), to_simulator, calls, messenger, {})
        yield made
        await made.guest.aclose()


@pytest.fixture
async def card(till: Till) -> Till:
    """A till that takes cards."""
    await till.connect("stripe")
    return till


@pytest.fixture
async def mobile(till: Till) -> Till:
    """A till that takes MobilePay."""
    await till.connect("mobilepay")
    return till


def _client(app: Any, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 50_000))
    return httpx.AsyncClient(transport=transport, base_url=address)
