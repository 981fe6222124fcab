"""Reads and writes products."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import groupby
from uuid import UUID

import psycopg

from flow.business.menu.errors import ProductNotFound, SkuTaken
from flow.business.menu.types import MenuItem, Option, OptionGroup, OptionRow, Product
from flow.database.queries import load_queries
from flow.database.transaction import Transaction

_queries = load_queries(__package__)
_FIXED = frozenset({"currency", "import_id", "created_at"})


async def active_menu(transaction: Transaction, restaurant_id: UUID) -> list[MenuItem]:
    """Every product on the menu with its options, in the order of the menu."""
    products = await transaction.all(_queries.active_products, Product, restaurant_id=restaurant_id)
    return await _with_options(transaction, restaurant_id, products)


async def menu_items(
    transaction: Transaction, restaurant_id: UUID, product_ids: Iterable[UUID]
) -> dict[UUID, MenuItem]:
    """These products with their options, retired ones included; ids of other restaurants are left out."""
    products = await transaction.all(
        _queries.products_by_id, Product, restaurant_id=restaurant_id, product_ids=list(product_ids)
    )
    return {item.product.id: item for item in await _with_options(transaction, restaurant_id, products)}


async def products_by_sku(transaction: Transaction, restaurant_id: UUID, skus: Iterable[str]) -> dict[str, Product]:
    """These products by their article numbers, retired ones included; unknown numbers are left out."""
    wanted = list(skus)
    if not wanted:
        return {}
    products = await transaction.all(_queries.products_by_sku, Product, restaurant_id=restaurant_id, skus=wanted)
    return {product.sku: product for product in products if product.sku}


async def lock_product(transaction: Transaction, restaurant_id: UUID, product_id: UUID) -> Product:
    """The product, held until the transaction ends; ProductNotFound if the caller may not change it."""
    product = await transaction.one_or_none(
        _queries.lock_product, Product, restaurant_id=restaurant_id, product_id=product_id
    )
    if product is None:
        raise ProductNotFound
    return product


async def add_product(transaction: Transaction, product: Product) -> None:
    """Stores a new product; SkuTaken when the SKU is another product's."""
    if await transaction.value(_queries.add_product, **asdict(product)) is None:
        raise SkuTaken


async def change_product(transaction: Transaction, product: Product) -> None:
    """Writes a product anew; SkuTaken when the new SKU is another product's."""
    columns = {name: value for name, value in asdict(product).items() if name not in _FIXED}
    try:
        await transaction.execute(_queries.change_product, **columns)
    except psycopg.errors.UniqueViolation as error:
        raise SkuTaken from error


async def add_price(
    transaction: Transaction, product: Product, *, valid_from: datetime, changed_by: UUID | None
) -> None:
    """Records the product's present price in its history."""
    await transaction.execute(
        _queries.add_price,
        restaurant_id=product.restaurant_id,
        product_id=product.id,
        valid_from=valid_from,
        price=product.price,
        currency=product.currency,
        changed_by=changed_by,
    )


async def _with_options(transaction: Transaction, restaurant_id: UUID, products: Sequence[Product]) -> list[MenuItem]:
    rows = await transaction.all(
        _queries.options_of, OptionRow, restaurant_id=restaurant_id, product_ids=[product.id for product in products]
    )
    groups: dict[UUID, list[OptionGroup]] = {product.id: [] for product in products}
    for (product_id, _), choices in groupby(rows, key=lambda row: (row.product_id, row.group_id)):
        groups[product_id].append(_group(list(choices)))
    return [MenuItem(product, tuple(groups[product.id])) for product in products]


def _group(rows: list[OptionRow]) -> OptionGroup:
    first = rows[0]
    options = tuple(
        Option(row.option_id, row.option_name or "", row.price_mod or 0, bool(row.is_available))
        for row in rows
        if row.option_id is not None
    )
    return OptionGroup(first.group_id, first.group_name, first.min_choices, first.max_choices, options)
