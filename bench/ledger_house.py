"""The restaurant of the ledger test, and who else handles its money: the kitchen, the bank, the bookkeeper."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any, LiteralString, cast
from uuid import UUID

from bench.ledger_providers import Providers
from bench.place import Place
from flow.business.orders.errors import IllegalMove
from flow.business.orders.moves import move, refund
from flow.business.orders.types import Status
from flow.business.restaurants.store import find_restaurant
from flow.database.pool import Database
from flow.errors import FlowError
from flow.kit.clock import SystemClock

_ROUND_SECONDS = 2.0
_STEPS: tuple[tuple[Status, Status], ...] = (
    ("ready", "completed"),
    ("preparing", "ready"),
    ("confirmed", "preparing"),
)
_ACCOUNT_OF = {"mobilepay": "reference", "stripe": "payment_intent"}
# Shares of what they could happen to.
_CANCELLED, _GIVEN_BACK, _AGAIN, _WHOLE = 0.05, 0.3, 0.3, 0.2
_FAILED, _DISPUTED, _DECIDED, _BOOKED = 0.3, 0.1, 0.6, 0.3

# A courier takes his orders with him and completes them himself; whom none comes for is cared for by the kitchen.
_ORDERS_IN = """
    select o.id from public.orders o
    where o.status = %s and o.source = 'flow' and not (o.status = 'ready' and exists (
        select from public.courier_deliveries d where d.order_id = o.id
        and d.status not in ('rejected', 'customer_no_show', 'cancelled', 'failed')))
    order by o.created_at limit 40
"""
_PAID = """
    select o.id, p.provider, p.provider_transaction_id from public.orders o
    join public.payments p on p.restaurant_id = o.restaurant_id and p.order_id = o.id
    where o.status = 'completed' and o.source = 'flow' and p.captured_amount > 0
    order by o.completed_at desc limit 400
"""
_REFUNDED = """
    select r.id, r.provider_refund_id from public.payment_refunds r
    where r.status = 'succeeded' and r.provider_refund_id like 're%' order by r.updated_at desc limit 200
"""
_DRAFTED = """
    select order_id::text, draft_number from public.invoice_drafts where status = 'created'
    union all
    select order_id || ':' || number, draft_number from public.invoice_credits where status = 'created'
"""


class House:
    """All of them, until `is_closed`."""

    def __init__(self, place: Place, providers: Providers, database: Database) -> None:
        self._place = place
        self._providers = providers
        self._database = database
        self._seen: set[tuple[str, object]] = set()
        self._rounds = 0
        self.is_closed = False

    async def go_on(self) -> None:
        """Round for round."""
        while not self.is_closed:
            for do in (self._cook, self._give_back, self._fail, self._dispute, self._book):
                await do()
            self._rounds += 1
            await asyncio.sleep(_ROUND_SECONDS)

    async def finds_nothing_new(self) -> bool:
        """Whether a whole round from now on is one in which nobody has anything to think about."""
        seen, rounds = len(self._seen), self._rounds
        # Two rounds: the one that is running may have begun before.
        while self._rounds < rounds + 2:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        return len(self._seen) == seen

    async def _cook(self) -> None:
        for before, after in _STEPS:
            for (order_id,) in await self._rows(_ORDERS_IN, before):
                await self._move(order_id, after)

    async def _move(self, order_id: UUID, status: Status) -> None:
        if status == "preparing" and random.random() < _CANCELLED:
            status = "cancelled"
        with suppress(IllegalMove):
            async with self._database.as_service() as transaction:
                restaurant = await find_restaurant(transaction, self._place.restaurant)
                await move(transaction, restaurant, order_id, status, clock=SystemClock(), reason="of the test")

    async def _give_back(self) -> None:
        """Some money of what is paid goes back, once or twice, in parts or whole: here or at the provider's desk."""
        async for order_id, provider, number in self._new("paid", _PAID, share=_GIVEN_BACK):
            await self._refund(order_id, provider, number)
            if random.random() < _AGAIN:
                await self._refund(order_id, provider, number)

    async def _refund(self, order_id: UUID, provider: str, number: str) -> None:
        amount = random.choice((500, 1002, 2507))
        if random.random() < 0.5:
            await self._providers.act(provider, "refund", **{_ACCOUNT_OF[provider]: number, "amount": amount})
            return
        whole = None if random.random() < _WHOLE else amount
        with suppress(FlowError):
            async with self._database.as_service() as transaction:
                restaurant = await find_restaurant(transaction, self._place.restaurant)
                await refund(transaction, restaurant, order_id, whole, clock=SystemClock(), reason="too cold")

    async def _fail(self) -> None:
        """The card is closed: what was paid back is with the restaurant again."""
        async for _, number in self._new("refund", _REFUNDED, share=_FAILED):
            await self._providers.act("stripe", "fail_refund", refund=number)

    async def _dispute(self) -> None:
        """A guest's bank wants the money back; most such cases are decided at once."""
        async for _, provider, number in self._new("disputable", _PAID, share=_DISPUTED):
            if provider != "stripe":
                continue
            made = await self._providers.act("stripe", "dispute", payment_intent=number)
            if random.random() < _DECIDED:
                status = random.choice(("won", "lost"))
                await self._providers.act("stripe", "close_dispute", dispute=made["id"], status=status)

    async def _book(self) -> None:
        async for _, draft in self._new("draft", _DRAFTED, share=_BOOKED):
            await self._providers.act("economic", "book", draft=draft)

    async def _new(self, kind: str, query: str, *, share: float) -> AsyncIterator[tuple[Any, ...]]:
        """A share of the rows that were not there before; each is thought about once."""
        for row in await self._rows(query):
            if (kind, row[0]) in self._seen:
                continue
            self._seen.add((kind, row[0]))
            if random.random() < share:
                yield row

    async def _rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        async with self._database.as_service() as transaction:
            found = await transaction.connection.execute(cast(LiteralString, query), parameters or None)
            return await found.fetchall()
