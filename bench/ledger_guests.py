"""Guests, the kitchen and the bookkeepers of the ledger test: everybody does what people do, many at a time."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from types import TracebackType
from typing import Any, Literal, Self
from uuid import UUID

import httpx

from bench.place import Place
from flow.business.orders.errors import IllegalMove
from flow.business.orders.moves import move, refund
from flow.business.orders.types import Status
from flow.business.restaurants.store import find_restaurant
from flow.database.pool import Database
from flow.errors import FlowError
from flow.kit.clock import SystemClock
from flow.kit.ids import new_id

_GUESTS = 6
_KITCHEN_SECONDS = 2.0
_CUSTOMERS = 150  # people who write; each writes several times
_ACCOUNT_OF = {"mobilepay": "reference", "stripe": "payment_intent"}
_WAITING = {
    "orders": "select count(*) from public.orders where source = 'flow' "
    "and status in ('confirmed', 'preparing', 'ready')",
    "inbox": "select count(*) from public.webhook_inbox where status = 'received'",
    "calls": "select count(*) from public.provider_calls where status = 'queued'",
    "messages": "select count(*) from public.messages where direction = 'outgoing' and status in ('queued', 'sending')",
    "captures": "select count(*) from public.payments p join public.orders o using (restaurant_id) "
    "where o.id = p.order_id and p.status = 'authorized' and o.status in ('preparing', 'ready', 'completed')",
    "refunds": "select count(*) from public.payment_refunds where status = 'requested'",
    "invoices": "select count(*) from public.invoice_drafts where status = 'claimed'",
}


class Providers:
    """The control of the simulator."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.AsyncClient(base_url=url, timeout=60)
        self._numbers: dict[str, dict[str, Any]] = {}

    async def account(self, provider: str) -> dict[str, Any]:
        """The restaurant's account."""
        if provider not in self._numbers:
            self._numbers[provider] = (await self._http.get(f"/control/accounts/{provider}")).json()[0]
        return self._numbers[provider]

    async def act(self, provider: str, act: str, **arguments: object) -> dict[str, Any]:
        number = (await self.account(provider))["number"]
        answer = await self._http.post(f"/control/acts/{provider}/{number}/{act}", json=arguments)
        return dict(answer.json()) if answer.is_success else {"error": answer.text}

    async def turn(self, knobs: dict[str, float]) -> None:
        (await self._http.patch("/control/knobs", json=knobs)).raise_for_status()

    async def post(self) -> dict[str, int]:
        return dict((await self._http.get("/control/post")).json())

    async def books(self) -> dict[str, dict[str, Any]]:
        return dict((await self._http.get("/control/books")).json())

    async def choose(self, page: str, choice: str) -> None:
        """A guest presses a button on a provider's page."""
        await self._http.post(page, data={"choice": choice})


class Life:
    """Everybody, until `end`."""

    def __init__(self, place: Place, providers: Providers) -> None:
        self._place = place
        self._providers = providers
        self._http = httpx.AsyncClient(base_url=place.base_url, timeout=60)
        self._over = self._closed = False
        installation = place.installation
        self._database = Database(api_url=installation.api_url, worker_url=installation.worker_url)

    async def __aenter__(self) -> Self:
        await self._database.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._database.__aexit__(kind, error, at)
        await self._http.aclose()

    def end(self) -> None:
        """No guest comes any more; those who are there finish what they have begun, and the kitchen goes on."""
        self._over = True

    def close(self) -> None:
        """The kitchen closes."""
        self._closed = True

    async def go_on(self) -> None:
        """Lives until the kitchen closes."""
        async with asyncio.TaskGroup() as people:
            for _ in range(_GUESTS):
                people.create_task(self._guest())
            people.create_task(self._kitchen())

    async def waiting(self) -> dict[str, int]:
        """What FLOW has still to do."""
        async with self._database.as_service() as transaction:
            return {
                name: (await (await transaction.connection.execute(query)).fetchone() or (0,))[0]
                for name, query in _WAITING.items()
            }

    async def applied(self) -> int:
        """Deliveries that FLOW is done with."""
        async with self._database.as_service() as transaction:
            found = await transaction.connection.execute(
                "select count(*) from public.webhook_inbox where status <> 'received'"
            )
            return int((await found.fetchone() or (0,))[0])

    async def _guest(self) -> None:
        doings = (self._buy_by_card, self._buy_by_mobilepay, self._order_at_wolt, self._text, self._write)
        while not self._over:
            await random.choices(doings, weights=(5, 4, 4, 9, 9))[0]()

    async def _buy_by_card(self) -> None:
        page = await self._order("card")
        chance = random.random()
        if chance < 0.2:
            await self._providers.choose(page, "decline")
        if chance > 0.1:
            await self._providers.choose(page, "pay")

    async def _buy_by_mobilepay(self) -> None:
        page = await self._order("mobilepay")
        await self._providers.choose(page, "approve" if random.random() > 0.15 else "abort")

    async def _order(self, method: Literal["card", "mobilepay"]) -> str:
        """Orders in the shop; the address of the page on which to pay."""
        body = {
            "restaurant_id": str(self._place.restaurant),
            "key": self._place.site_key,
            "fulfillment_type": "pickup",
            "payment_method": method,
            "customer": {"name": "Anna Hansen"},
            "items": [{"product_id": str(self._place.product), "quantity": random.randint(1, 4)}],
        }
        headers = {"Idempotency-Key": str(new_id())}
        made = await self._insist("POST", "/api/orders", json=body, headers=headers)
        while True:
            led = await self._insist("GET", made.json()["payment_url"])
            if led.headers.get("location", "").startswith(self._providers.url):
                return led.headers["location"]

    async def _insist(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Asks until it is answered well, as a browser and its guest do."""
        headers = {"X-Forwarded-For": f"10.0.{random.randrange(256)}.{random.randrange(256)}"} | request.pop(
            "headers", {}
        )
        while True:
            with suppress(httpx.TransportError):
                answer = await self._http.request(method, path, headers=headers, **request)
                if answer.status_code < 400:
                    return answer
            await asyncio.sleep(0.5)

    async def _order_at_wolt(self) -> None:
        items = [{"pos_id": "1", "name": "Margherita", "price": 8900, "count": random.randint(1, 3)}]
        made = await self._providers.act("wolt", "order", items=items)
        if random.random() < 0.1:
            await self._providers.act("wolt", "status", order=made["id"], status="rejected")

    async def _text(self) -> None:
        account = await self._providers.account("inmobile")
        sender = f"4520{random.randrange(_CUSTOMERS):06d}"
        await self._providers.act("inmobile", "incoming", **{"from": sender, "to": account["phone"], "text": _words()})

    async def _write(self) -> None:
        provider = random.choice(("instagram", "facebook"))
        items = [
            {"sender": f"9{random.randrange(_CUSTOMERS):015d}", "text": _words()}
            for _ in range(random.choice((1, 1, 3)))
        ]
        await self._providers.act(provider, "batch", items=items)

    async def _kitchen(self) -> None:
        """Cooks what is paid, ends what is cooked, and sometimes gives money back, here or at the provider's desk."""
        while not self._closed:
            await self._cook()
            await asyncio.sleep(_KITCHEN_SECONDS)

    async def _cook(self) -> None:
        steps: tuple[tuple[Status, Status], ...] = (
            ("ready", "completed"),
            ("preparing", "ready"),
            ("confirmed", "preparing"),
        )
        for before, after in steps:
            for order_id in await self._orders_in(before):
                await self._move(order_id, after)
                if after == "completed" and random.random() < 0.3:
                    await self._give_back(order_id)

    async def _orders_in(self, status: Status) -> list[UUID]:
        async with self._database.as_service() as transaction:
            found = await transaction.connection.execute(
                "select id from public.orders where status = %s and source = 'flow' order by created_at limit 40",
                [status],
            )
            return [row[0] for row in await found.fetchall()]

    async def _move(self, order_id: UUID, status: Status) -> None:
        if status == "preparing" and random.random() < 0.05:
            status = "cancelled"
        with suppress(IllegalMove):
            async with self._database.as_service() as transaction:
                restaurant = await find_restaurant(transaction, self._place.restaurant)
                await move(transaction, restaurant, order_id, status, clock=SystemClock(), reason="of the test")

    async def _give_back(self, order_id: UUID) -> None:
        amount = random.choice((500, 1000, 2500))
        async with self._database.as_service() as transaction:
            found = await transaction.connection.execute(
                "select provider, provider_transaction_id from public.payments where order_id = %s", [order_id]
            )
            row = await found.fetchone()
        if row is None or row[1] is None:
            return
        if random.random() < 0.5:
            await self._providers.act(row[0], "refund", **{_ACCOUNT_OF[row[0]]: row[1], "amount": amount})
            return
        with suppress(FlowError):
            async with self._database.as_service() as transaction:
                restaurant = await find_restaurant(transaction, self._place.restaurant)
                await refund(transaction, restaurant, order_id, amount, clock=SystemClock(), reason="too cold")


def _words() -> str:
    return f"Har I åbent? {new_id()}"
