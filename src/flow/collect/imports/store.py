"""One typed function per statement."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from flow.collect.imports.types import BadRow, Import, ImportedOrder, KnownProduct, NewProduct
from flow.database.queries import Query, load_queries
from flow.database.transaction import Transaction

assert __package__
_queries = load_queries(__package__)

CopyRow = Sequence[object]


async def guard_import(transaction: Transaction, restaurant_id: UUID) -> bool:
    """Whether this transaction is now the restaurant's only import; it may wait for long."""
    await transaction.execute(_queries.wait_long)
    return bool(await transaction.value(_queries.guard_import, restaurant_id=restaurant_id))


async def fail_interrupted(transaction: Transaction, restaurant_id: UUID, *, now: datetime) -> None:
    await transaction.execute(_queries.fail_interrupted, restaurant_id=restaurant_id, now=now)


async def add_import(
    transaction: Transaction,
    restaurant_id: UUID,
    import_id: UUID,
    *,
    mapping_name: str,
    files: Sequence[str],
    rows_read: int,
    rows_rejected: int,
    refusal: str | None,
    now: datetime,
) -> None:
    """An import that begins, or that ends at once for the reason in `refusal`."""
    await transaction.execute(
        _queries.add_import,
        restaurant_id=restaurant_id,
        id=import_id,
        mapping_name=mapping_name,
        files=json.dumps(files),
        rows_read=rows_read,
        rows_rejected=rows_rejected,
        status="failed" if refusal else "running",
        message=refusal,
        now=now,
    )


async def note_batch(
    transaction: Transaction, restaurant_id: UUID, import_id: UUID, *, created: int, known: int, days: Collection[date]
) -> None:
    await transaction.execute(
        _queries.note_batch,
        restaurant_id=restaurant_id,
        id=import_id,
        created=created,
        known=known,
        first_day=min(days, default=None),
        last_day=max(days, default=None),
    )


async def refresh_statistics(transaction: Transaction) -> None:
    await transaction.value(_queries.refresh_statistics)


async def finish_import(transaction: Transaction, restaurant_id: UUID, import_id: UUID, *, now: datetime) -> None:
    await transaction.execute(_queries.finish_import, restaurant_id=restaurant_id, id=import_id, now=now)


async def list_imports(transaction: Transaction, restaurant_id: UUID | None = None, *, most: int = 50) -> list[Import]:
    """The newest imports of one restaurant or of all."""
    return await transaction.all(_queries.list_imports, Import, restaurant_id=restaurant_id, most=most)


async def find_import(transaction: Transaction, import_id: UUID) -> Import | None:
    return await transaction.one_or_none(_queries.find_import, Import, id=import_id)


async def bad_rows_of(transaction: Transaction, found: Import) -> AsyncIterator[BadRow]:
    """Every row that the import could not take, by file and line; a few at a time are held in memory."""
    file, line = "", 0
    while rows := await transaction.all(
        _queries.list_bad_rows,
        BadRow,
        restaurant_id=found.restaurant_id,
        import_id=found.id,
        after_file=file,
        after_line=line,
        most=1_000,
    ):
        for row in rows:
            yield row
        file, line = rows[-1].file, rows[-1].line


async def known_products(transaction: Transaction, restaurant_id: UUID) -> list[KnownProduct]:
    """The menu; what is on it now stands last, and so wins over what was retired."""
    return await transaction.all(_queries.known_products, KnownProduct, restaurant_id=restaurant_id)


async def add_product(transaction: Transaction, product: NewProduct) -> None:
    """A product with its first price."""
    await transaction.execute(_queries.add_product, **asdict(product))
    await transaction.execute(
        _queries.add_price,
        restaurant_id=product.restaurant_id,
        product_id=product.id,
        price=product.price,
        currency=product.currency,
        now=product.now,
    )


async def add_option_group(
    transaction: Transaction, restaurant_id: UUID, group_id: UUID, *, product_id: UUID, name: str, is_required: bool
) -> None:
    await transaction.execute(
        _queries.add_option_group,
        restaurant_id=restaurant_id,
        id=group_id,
        product_id=product_id,
        name=name,
        min_choices=int(is_required),
    )


async def add_option(
    transaction: Transaction,
    restaurant_id: UUID,
    option_id: UUID,
    *,
    group_id: UUID,
    name: str,
    price_mod: int,
    position: int,
) -> None:
    await transaction.execute(
        _queries.add_option,
        restaurant_id=restaurant_id,
        id=option_id,
        group_id=group_id,
        name=name,
        price_mod=price_mod,
        position=position,
    )


async def revive_products(
    transaction: Transaction, restaurant_id: UUID, ids: Collection[UUID], *, import_id: UUID, now: datetime
) -> None:
    await transaction.execute(
        _queries.revive_products, restaurant_id=restaurant_id, ids=list(ids), import_id=import_id, now=now
    )


async def retire_products(transaction: Transaction, restaurant_id: UUID, import_id: UUID, *, now: datetime) -> int:
    """How many were on the menu until now."""
    return await transaction.execute(
        _queries.retire_products, restaurant_id=restaurant_id, import_id=import_id, now=now
    )


async def known_numbers(
    transaction: Transaction, restaurant_id: UUID, *, source: str, numbers: Sequence[str]
) -> set[str]:
    """Those of the till's order numbers that have been imported before."""
    return set(
        await transaction.values(
            _queries.known_numbers, restaurant_id=restaurant_id, source=source, numbers=list(numbers)
        )
    )


async def copy_orders(transaction: Transaction, rows: Iterable[CopyRow]) -> None:
    await _copy(transaction, _queries.copy_orders, rows)


async def copy_items(transaction: Transaction, rows: Iterable[CopyRow]) -> None:
    await _copy(transaction, _queries.copy_items, rows)


async def copy_payments(transaction: Transaction, rows: Iterable[CopyRow]) -> None:
    await _copy(transaction, _queries.copy_payments, rows)


async def copy_bad_rows(transaction: Transaction, restaurant_id: UUID, import_id: UUID, rows: Iterable[BadRow]) -> None:
    await _copy(
        transaction,
        _queries.copy_bad_rows,
        ((restaurant_id, import_id, row.file, row.line, row.reason, row.raw) for row in rows),
    )


async def mark_stale(
    transaction: Transaction, restaurant_id: UUID, days: Collection[date], *, reason: str, now: datetime
) -> None:
    await transaction.execute(
        _queries.mark_stale, restaurant_id=restaurant_id, days=sorted(days), reason=reason, now=now
    )


async def imported_orders(
    transaction: Transaction, restaurant_id: UUID, import_id: UUID, *, most: int
) -> list[ImportedOrder]:
    return await transaction.all(
        _queries.imported_orders, ImportedOrder, restaurant_id=restaurant_id, import_id=import_id, most=most
    )


async def delete_orders(transaction: Transaction, restaurant_id: UUID, orders: Sequence[UUID]) -> None:
    """Orders with all that hangs on them."""
    for query in (_queries.delete_payments, _queries.delete_items, _queries.delete_steps, _queries.delete_orders):
        await transaction.execute(query, restaurant_id=restaurant_id, orders=list(orders))


async def finish_undo(transaction: Transaction, restaurant_id: UUID, import_id: UUID, *, now: datetime) -> None:
    await transaction.execute(_queries.finish_undo, restaurant_id=restaurant_id, id=import_id, now=now)


async def _copy(transaction: Transaction, query: Query, rows: Iterable[CopyRow]) -> None:
    async with transaction.connection.cursor() as cursor, cursor.copy(query.sql) as copy:
        for row in rows:
            await copy.write_row(row)
