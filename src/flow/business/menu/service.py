"""Changes the menu, and arranges it for a guest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from flow.business.menu import store
from flow.business.menu.types import Category, MenuItem, Product
from flow.database.transaction import Transaction
from flow.kit.clock import Clock


def by_category(items: Sequence[MenuItem]) -> list[Category]:
    """The menu under its headings, each where its first product stands."""
    headings: dict[str, list[MenuItem]] = {}
    for item in items:
        headings.setdefault(item.product.category, []).append(item)
    return [Category(name, tuple(under)) for name, under in headings.items()]


async def add_product(transaction: Transaction, product: Product, *, changed_by: UUID | None) -> None:
    """Puts a product on the menu and begins its price history; SkuTaken when the SKU is another's."""
    await store.add_product(transaction, product)
    await store.add_price(transaction, product, valid_from=product.created_at, changed_by=changed_by)


async def change_product(
    transaction: Transaction,
    restaurant_id: UUID,
    product_id: UUID,
    changes: dict[str, Any],
    *,
    clock: Clock,
    changed_by: UUID | None,
) -> Product:
    """Sets the named fields of a product; a new price is written to its history as well.

    ProductNotFound, or SkuTaken when the new SKU is another product's.
    """
    before = await store.lock_product(transaction, restaurant_id, product_id)
    after = replace(before, **changes, updated_at=clock.now())
    await store.change_product(transaction, after)
    if after.price != before.price:
        await store.add_price(transaction, after, valid_from=after.updated_at, changed_by=changed_by)
    return after
