"""What a restaurant has before its first order: itself, its key, its menu, its discount codes."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from flow.business.restaurants.errors import SlugTaken
from flow.database.transaction import Transaction
from flow.demo.simulation.menu import MenuRow, price_before
from flow.demo.simulation.profiles import OptionGroup
from flow.demo.simulation.store import queries
from flow.demo.simulation.year import RestaurantYear

__all__ = ["open_restaurant"]


async def open_restaurant(transaction: Transaction, year: RestaurantYear, secret: bytes) -> None:
    """Adds the restaurant; SlugTaken when there is a real one of its name.

    `secret` is the installation's, from which the site key derives.
    """
    slug = year.profile.restaurant.slug
    place = {name: getattr(year.profile.restaurant, name) for name in year.profile.restaurant.__struct_fields__}
    if await transaction.value(queries.add_restaurant, id=year.id, opened=year.opened, **place) is None:
        raise SlugTaken(f"There is a restaurant {slug} already, so no such restaurant can be simulated.")
    key = site_key(secret, slug)
    await transaction.execute(queries.add_site_key, restaurant_id=year.id, key=key, opened=year.opened)
    for position, row in enumerate(year.menu.rows):
        await _add_product(transaction, year, row, position)
    for code, terms in year.profile.orders.codes.items():
        await transaction.execute(
            queries.add_discount_code,
            restaurant_id=year.id,
            code=code,
            percent=terms.percent,
            amount=terms.amount,
            minimum_subtotal=terms.minimum_subtotal,
            opened=year.opened,
        )


def site_key(secret: bytes, slug: str) -> str:
    """The same for each installation's life, and another in every installation."""
    return "fk_" + hmac.new(secret, f"site-key:{slug}".encode(), hashlib.sha256).hexdigest()[:32]


async def _add_product(transaction: Transaction, year: RestaurantYear, row: MenuRow, position: int) -> None:
    currency = year.profile.restaurant.currency
    await transaction.execute(
        queries.add_product,
        restaurant_id=year.id,
        id=row.id,
        name=row.dish.name,
        description=row.dish.description,
        category=row.category,
        sku=row.dish.sku,
        price=row.dish.price,
        currency=currency,
        allergens=row.dish.allergens,
        position=position,
        opened=year.opened,
    )
    prices: tuple[tuple[datetime, int], ...] = (
        (year.opened, price_before(row.dish.price)),
        (year.prices_rose, row.dish.price),
    )
    for valid_from, price in prices:
        await transaction.execute(
            queries.add_price,
            restaurant_id=year.id,
            product_id=row.id,
            valid_from=valid_from,
            price=price,
            currency=currency,
        )
    for place, (group_id, group, option_ids) in enumerate(row.groups):
        await _add_group(transaction, year.id, row.id, group_id, group, option_ids, place)


async def _add_group(
    transaction: Transaction,
    restaurant_id: str,
    product_id: str,
    group_id: str,
    group: OptionGroup,
    option_ids: tuple[str, ...],
    position: int,
) -> None:
    await transaction.execute(
        queries.add_option_group,
        restaurant_id=restaurant_id,
        id=group_id,
        product_id=product_id,
        name=group.name,
        min_choices=int(group.required),
        max_choices=1 if group.required else len(group.choices),
        position=position,
    )
    for place, (option_id, (name, price_mod, _)) in enumerate(zip(option_ids, group.choices, strict=True)):
        await transaction.execute(
            queries.add_option,
            restaurant_id=restaurant_id,
            id=option_id,
            group_id=group_id,
            name=name,
            price_mod=price_mod,
            position=place,
        )
