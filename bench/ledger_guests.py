"""Guests of the ledger test: they buy, order in Wolt's app, text and write, many at a time."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Literal

import httpx

from bench.ledger_providers import Providers
from bench.place import Place
from flow.kit.ids import new_id

_GUESTS = 6
_CUSTOMERS = 150  # people who write; each writes several times
_DELIVERED = 0.25  # of what is bought in the shop
_HOME = {"address": "Istedgade 41", "postal_code": "1650", "city": "København V"}


class Guests:
    """All of them, until `is_over`."""

    def __init__(self, place: Place, providers: Providers) -> None:
        self._place = place
        self._providers = providers
        self._http = httpx.AsyncClient(base_url=place.base_url, timeout=60)
        self.is_over = False

    async def close(self) -> None:
        await self._http.aclose()

    def all(self) -> list[Coroutine[Any, Any, None]]:
        """What each of them does, to be run side by side."""
        return [self._guest() for _ in range(_GUESTS)]

    async def _guest(self) -> None:
        doings = (self._buy_by_card, self._buy_by_mobilepay, self._order_at_wolt, self._text, self._write)
        while not self.is_over:
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
        """Orders in the shop, to fetch it or to be brought by a courier; the address of the page on which to pay."""
        is_delivery = random.random() < _DELIVERED
        body = {
            "restaurant_id": str(self._place.restaurant),
            "key": self._place.site_key,
            "fulfillment_type": "delivery" if is_delivery else "pickup",
            "payment_method": method,
            "customer": {"name": "Anna Hansen", **({"phone": "+4520123456"} if is_delivery else {})},
            **({"delivery": _HOME} if is_delivery else {}),
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


def _words() -> str:
    return f"Har I åbent? {new_id()}"
