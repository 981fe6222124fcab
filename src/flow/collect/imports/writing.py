"""Writes whole orders in batches, each a transaction of its own: what has been written stays, whatever comes after."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from flow.business.orders.store import reserve_numbers
from flow.collect.imports import store
from flow.collect.imports.rows import ImportFacts, OrderRows, order_rows
from flow.collect.imports.types import WholeOrder
from flow.database.pool import Database
from flow.database.transaction import Transaction

__all__ = ["BATCH_ORDERS", "Writer"]

BATCH_ORDERS = 1_000
Item = TypeVar("Item")


class Writer:
    """Writes the orders of one import."""

    def __init__(self, facts: ImportFacts) -> None:
        self._facts = facts
        self._restaurant = facts.restaurant

    async def write(self, database: Database, orders: Iterable[WholeOrder]) -> AsyncIterator[int]:
        """Writes all orders that are not there yet; answers after each batch how many orders it has been through."""
        for batch in _batches(orders, BATCH_ORDERS):
            async with database.as_service() as transaction:
                await self._write_batch(transaction, batch)
            yield len(batch)

    async def _write_batch(self, transaction: Transaction, batch: Sequence[WholeOrder]) -> None:
        numbers = [whole.order.number for whole in batch]
        known = await store.known_numbers(transaction, self._restaurant.id, source=self._facts.source, numbers=numbers)
        new = [whole for whole in batch if whole.order.number not in known]
        days = {self._restaurant.calendar.business_day(whole.order.ordered_at) for whole in new}
        if new:
            await self._copy(transaction, await self._rows(transaction, new))
            await store.mark_stale(
                transaction, self._restaurant.id, days, reason="orders imported", now=self._facts.now
            )
        await store.note_batch(
            transaction, self._restaurant.id, self._facts.import_id, created=len(new), known=len(known), days=days
        )

    async def _rows(self, transaction: Transaction, orders: Sequence[WholeOrder]) -> list[OrderRows]:
        numbers = await reserve_numbers(transaction, self._restaurant.id, count=len(orders))
        return [order_rows(self._facts, whole, number) for whole, number in zip(orders, numbers, strict=True)]

    async def _copy(self, transaction: Transaction, rows: Sequence[OrderRows]) -> None:
        await store.copy_orders(transaction, [each.order for each in rows])
        await store.copy_items(transaction, [item for each in rows for item in each.items])
        await store.copy_payments(transaction, [each.payment for each in rows if each.payment])


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
