"""The products that the files tell of: found on the menu by article number or name, else put there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from flow.business.restaurants import Restaurant
from flow.collect.imports import store
from flow.collect.imports.types import KnownProduct, NewProduct, ReadLine, SoldProduct, Variant
from flow.database.transaction import Transaction
from flow.kit.ids import new_id

__all__ = ["product_key", "settle_products"]

Key = tuple[str, str]


def product_key(line: ReadLine | Variant) -> Key:
    """What makes two lines sell the same product: the article number, else the name, however it is written."""
    return ("sku", line.sku) if line.sku else ("name", line.name.casefold())


async def settle_products(
    transaction: Transaction,
    restaurant: Restaurant,
    variants: Iterable[Variant],
    *,
    option_name: str,
    import_id: UUID,
    now: datetime,
) -> dict[Key, SoldProduct]:
    """Every product that was sold; those that the menu does not have are added, their variants as a choice."""
    menu = await store.known_products(transaction, restaurant.id)
    by_sku: dict[str | None, KnownProduct] = {product.sku: product for product in menu if product.sku}
    by_name = {product.name.casefold(): product for product in menu}
    sold: dict[Key, SoldProduct] = {}
    undone = []
    for position, (key, versions) in enumerate(_grouped(variants).items()):
        last, prices = versions[-1], {version.option: version.unit_price for version in versions}
        known = _known(last, by_sku, by_name)
        sold[key] = SoldProduct(known.id if known else new_id(), min(prices.values()))
        if known is None:
            product = _new(restaurant, sold[key], last, position=position, import_id=import_id, now=now)
            await store.add_product(transaction, product)
            await _add_options(transaction, restaurant.id, sold[key], prices, option_name)
        elif known.is_undone:
            undone.append(known.id)
    await store.revive_products(transaction, restaurant.id, undone, import_id=import_id, now=now)
    return sold


def _new(
    restaurant: Restaurant, product: SoldProduct, variant: Variant, *, position: int, import_id: UUID, now: datetime
) -> NewProduct:
    return NewProduct(
        restaurant_id=restaurant.id,
        id=product.id,
        name=variant.name,
        category=variant.category,
        sku=variant.sku,
        price=product.price,
        currency=restaurant.currency,
        position=position,
        import_id=import_id,
        now=now,
    )


async def _add_options(
    transaction: Transaction, restaurant_id: UUID, product: SoldProduct, prices: Mapping[str | None, int], name: str
) -> None:
    options = [(option, price) for option, price in prices.items() if option is not None]
    if not options:
        return
    group = new_id()
    is_required = None not in prices
    await store.add_option_group(
        transaction, restaurant_id, group, product_id=product.id, name=name, is_required=is_required
    )
    for position, (option, price) in enumerate(sorted(options, key=lambda option: option[1])):
        await store.add_option(
            transaction,
            restaurant_id,
            new_id(),
            group_id=group,
            name=option,
            price_mod=price - product.price,
            position=position,
        )


def _grouped(variants: Iterable[Variant]) -> dict[Key, list[Variant]]:
    groups: dict[Key, list[Variant]] = {}
    for variant in variants:
        groups.setdefault(product_key(variant), []).append(variant)
    return groups


def _known(
    variant: Variant, by_sku: Mapping[str | None, KnownProduct], by_name: Mapping[str, KnownProduct]
) -> KnownProduct | None:
    if variant.sku in by_sku:
        return by_sku[variant.sku]
    named = by_name.get(variant.name.casefold())
    # Of the same name and another article number, it is another product.
    return named if named and not (named.sku and variant.sku) else None
