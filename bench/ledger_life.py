"""Everybody in the ledger test at once: guests, the kitchen, the bank and the bookkeeper, until the kitchen closes."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self

from bench.ledger_guests import Guests
from bench.ledger_house import House
from bench.ledger_providers import Providers
from bench.place import Place
from flow.database.pool import Database

_WAITING = {
    "orders": "select count(*) from public.orders where source = 'flow' "
    "and status in ('confirmed', 'preparing', 'ready', 'delivering')",
    "couriers": "select count(*) from public.courier_deliveries "
    "where status not in ('delivered', 'rejected', 'customer_no_show', 'cancelled', 'failed')",
    "inbox": "select count(*) from public.webhook_inbox where status = 'received'",
    "calls": "select count(*) from public.provider_calls where status = 'queued'",
    "messages": "select count(*) from public.messages where direction = 'outgoing' and status in ('queued', 'sending')",
    "captures": "select count(*) from public.payments p join public.orders o using (restaurant_id) "
    "where o.id = p.order_id and p.status = 'authorized' and o.status in ('preparing', 'ready', 'completed')",
    "refunds": "select count(*) from public.payment_refunds where status = 'requested'",
    "invoices": "select count(*) from public.invoice_drafts where status = 'claimed'",
    "credit_notes": "select count(*) from public.invoice_drafts d join public.orders o using (restaurant_id) "
    "where o.id = d.order_id and o.refunded_amount <> (select coalesce(sum(n.amount), 0) "
    "from public.invoice_credits n where n.order_id = o.id and n.status <> 'claimed')",
}


class Life:
    """Everybody: guests until `end`, the house until `close`."""

    def __init__(self, place: Place, providers: Providers) -> None:
        installation = place.installation
        self._database = Database(api_url=installation.api_url, worker_url=installation.worker_url)
        self._guests = Guests(place, providers)
        self._house = House(place, providers, self._database)

    async def __aenter__(self) -> Self:
        await self._database.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._database.__aexit__(kind, error, at)
        await self._guests.close()

    def end(self) -> None:
        """No guest comes any more; those who are there finish what they have begun, and the kitchen goes on."""
        self._guests.is_over = True

    def close(self) -> None:
        """The kitchen closes."""
        self._house.is_closed = True

    async def go_on(self) -> None:
        """Lives until the kitchen closes."""
        async with asyncio.TaskGroup() as people:
            people.create_task(self._house.go_on())
            for guest in self._guests.all():
                people.create_task(guest)

    async def waiting(self) -> dict[str, int]:
        """What FLOW has still to do."""
        async with self._database.as_service() as transaction:
            return {
                name: (await (await transaction.connection.execute(query)).fetchone() or (0,))[0]
                for name, query in _WAITING.items()
            }

    async def is_quiet(self) -> bool:
        """Whether nobody in the house finds anything more to do."""
        return await self._house.finds_nothing_new()

    async def applied(self) -> int:
        """Deliveries that FLOW is done with."""
        async with self._database.as_service() as transaction:
            found = await transaction.connection.execute(
                "select count(*) from public.webhook_inbox where status <> 'received'"
            )
            return int((await found.fetchone() or (0,))[0])
