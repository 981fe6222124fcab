"""Imports orders out of files, and undoes it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from flow.business.restaurants import Restaurant
from flow.business.restaurants.store import find_restaurant, find_restaurant_by_slug
from flow.collect.imports import store
from flow.collect.imports.errors import BadRows, ImportNotFound, ImportRunning, InvalidMapping
from flow.collect.imports.files import assign
from flow.collect.imports.mapping import Mapping, load_mapping
from flow.collect.imports.products import settle_products
from flow.collect.imports.reading import Reader
from flow.collect.imports.rows import ImportFacts
from flow.collect.imports.scratch import Scratch, scratch_file
from flow.collect.imports.types import Import, Outcome, Progress
from flow.collect.imports.values import MomentReader
from flow.collect.imports.writing import Writer
from flow.database.pool import Database
from flow.kit.clock import Clock
from flow.kit.ids import new_id
from flow.privacy.audit.store import record

__all__ = ["Wish", "import_orders", "undo_import"]

_SHOWN_BAD_ROWS = 20
_UNDO_ORDERS = 1_000
_MANY_ORDERS = 2_000

Report = Callable[[Progress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to import where. `strict`: a bad row stops it before anything is written; `dry_run`: nothing is written."""

    paths: Sequence[Path]
    restaurant_slug: str
    mapping_name: str
    strict: bool = False
    dry_run: bool = False


async def import_orders(database: Database, wish: Wish, *, clock: Clock, report: Report = lambda _: None) -> Outcome:
    """Reads all files, then writes the orders that are not there yet and marks their days for the roll-up.

    May be run again after whatever stopped it: an order is known by the mapping's source and its number. Raises
    InvalidMapping, UnreadableFile, RestaurantNotFound, ImportRunning, and BadRows where `wish.strict`.
    """
    mapping = load_mapping(wish.mapping_name)
    files = assign(wish.paths, mapping)
    async with database.as_service() as transaction:
        restaurant = await find_restaurant_by_slug(transaction, wish.restaurant_slug)
    _check_currency(mapping, restaurant)
    async with _alone(database, restaurant.id, clock):
        with scratch_file() as scratch:
            reader = Reader(mapping, scratch, _moments(mapping, restaurant, clock), report=report)
            reader.read(files)
            scratch.settle(has_lines=mapping.line is not None)
            run = _Run(database, wish, mapping, restaurant, scratch, reader.rows, clock, report)
            return run.outcome(None if wish.dry_run else await run.write())


async def undo_import(database: Database, import_id: UUID, *, clock: Clock, report: Report = lambda _: None) -> int:
    """Removes exactly the orders that an import has made, in batches, and retires the products it had added.

    Answers how many orders it removed. May be run again after whatever stopped it.
    """
    async with database.as_service() as transaction:
        found = await store.find_import(transaction, import_id)
    if found is None:
        raise ImportNotFound
    removed = 0
    async with _alone(database, found.restaurant_id, clock):
        while batch := await _undo_batch(database, found, clock):
            removed += batch
            report(Progress("Removing orders", min(removed / max(found.orders_created, 1), 1.0), removed))
        async with database.as_service() as transaction:
            await store.retire_products(transaction, found.restaurant_id, import_id, now=clock.now())
            await store.finish_undo(transaction, found.restaurant_id, import_id, now=clock.now())
            await record(
                transaction,
                "import_undone",
                "The orders of an import were removed.",
                at=clock.now(),
                restaurant_id=found.restaurant_id,
                facts={"import_id": str(import_id), "orders_removed": removed},
            )
    return removed


@dataclass(frozen=True, slots=True)
class _Run:
    """An import whose files have been read."""

    database: Database
    wish: Wish
    mapping: Mapping
    restaurant: Restaurant
    scratch: Scratch
    rows_read: int
    clock: Clock
    report: Report

    def outcome(self, written: Import | None) -> Outcome:
        shown = tuple(islice(self.scratch.bad_rows(), _SHOWN_BAD_ROWS))
        return Outcome(self.scratch.order_count, self.rows_read, self.scratch.bad_row_count, shown, written)

    async def write(self) -> Import:
        """Writes the orders; the import as it stands then."""
        import_id = new_id()
        bad = self.scratch.bad_row_count
        refusal = f"{bad:,} rows could not be taken." if bad and self.wish.strict else None
        await self._begin(import_id, bad, refusal)
        if refusal is not None:
            raise BadRows(f"{refusal} Nothing was imported.", self.outcome(None))
        writer, done, orders = Writer(await self._facts(import_id)), 0, self.scratch.order_count
        async for written in writer.write(self.database, self.scratch.whole_orders()):
            done += written
            self.report(Progress("Writing orders", done / orders, done))
        async with self.database.as_service() as transaction:
            await store.finish_import(transaction, self.restaurant.id, import_id, now=self.clock.now())
            found = await store.find_import(transaction, import_id)
            assert found is not None
            await record(
                transaction,
                "orders_imported",
                "Orders of another system were imported.",
                at=self.clock.now(),
                restaurant_id=self.restaurant.id,
                facts={"import_id": str(import_id), "orders_created": found.orders_created},
            )
            if found.orders_created > _MANY_ORDERS:
                await store.refresh_statistics(transaction)
        return found

    async def _begin(self, import_id: UUID, bad_rows: int, refusal: str | None) -> None:
        async with self.database.as_service() as transaction:
            await store.add_import(
                transaction,
                self.restaurant.id,
                import_id,
                mapping_name=self.wish.mapping_name,
                files=[path.name for path in self.wish.paths],
                rows_read=self.rows_read,
                rows_rejected=bad_rows,
                refusal=refusal,
                now=self.clock.now(),
            )
            await store.copy_bad_rows(transaction, self.restaurant.id, import_id, self.scratch.bad_rows())

    async def _facts(self, import_id: UUID) -> ImportFacts:
        option = self.mapping.line.option if self.mapping.line else None
        option_name, now = option.name if option else "", self.clock.now()
        async with self.database.as_service() as transaction:
            products = await settle_products(
                transaction,
                self.restaurant,
                self.scratch.variants(),
                option_name=option_name,
                import_id=import_id,
                now=now,
            )
        return ImportFacts(
            restaurant=self.restaurant,
            import_id=import_id,
            source=self.mapping.source,
            option_name=option_name,
            products=products,
            now=now,
        )


@asynccontextmanager
async def _alone(database: Database, restaurant_id: UUID, clock: Clock) -> AsyncIterator[None]:
    """Keeps other imports into the restaurant out; ImportRunning when one is in."""
    async with database.as_service() as guard:
        if not await store.guard_import(guard, restaurant_id):
            raise ImportRunning
        async with database.as_service() as transaction:
            await store.fail_interrupted(transaction, restaurant_id, now=clock.now())
        yield


async def _undo_batch(database: Database, undone: Import, clock: Clock) -> int:
    restaurant_id = undone.restaurant_id
    async with database.as_service() as transaction:
        restaurant = await find_restaurant(transaction, restaurant_id)
        orders = await store.imported_orders(transaction, restaurant_id, undone.id, most=_UNDO_ORDERS)
        if orders:
            await store.delete_orders(transaction, restaurant_id, [order.id for order in orders])
            days = {restaurant.calendar.business_day(order.created_at) for order in orders}
            await store.mark_stale(transaction, restaurant_id, days, reason="import undone", now=clock.now())
    return len(orders)


def _moments(mapping: Mapping, restaurant: Restaurant, clock: Clock) -> MomentReader:
    formats = mapping.formats
    try:
        zone = ZoneInfo(formats.time_zone or restaurant.time_zone)
    except (KeyError, ValueError, OSError):
        raise InvalidMapping(f"[formats] time_zone: there is no time zone {formats.time_zone!r}") from None
    return MomentReader(zone, clock.now(), formats.date, formats.time, formats.datetime)


def _check_currency(mapping: Mapping, restaurant: Restaurant) -> None:
    if mapping.currency not in (None, restaurant.currency):
        raise InvalidMapping(
            f"The files are in {mapping.currency} and {restaurant.name} in {restaurant.currency}; FLOW never converts."
        )
