"""Who may act in a restaurant: people by their membership, pages by their site key."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from flow.business.restaurants.store import find_restaurant, find_site_key
from flow.business.restaurants.types import Restaurant
from flow.database.transaction import Transaction
from flow.errors import NotAllowed, NotAuthenticated


async def restaurant_of_staff(transaction: Transaction, restaurant_id: UUID, permission: str) -> Restaurant:
    """The restaurant, for a user's transaction whose caller holds `permission` there.

    A stranger gets RestaurantNotFound, a colleague in another role NotAllowed.
    """
    restaurant = await find_restaurant(transaction, restaurant_id)
    caller = transaction.caller
    if caller is None or restaurant_id not in caller.restaurants_with(permission):
        raise NotAllowed(f"Your role in {restaurant.name} does not include {permission}.")
    return restaurant


async def restaurant_of_page(
    transaction: Transaction, restaurant_id: UUID, key: str, *, origin: str | None, own_host: str | None
) -> Restaurant:
    """The restaurant, for a page that shows the restaurant's site key from an origin that may use it.

    `origin` is the browser's Origin header; programs send none. Pages on `own_host` are FLOW's own and always may.
    NotAuthenticated for a wrong key.
    """
    site_key = await find_site_key(transaction, restaurant_id, key)
    if site_key is None:
        raise NotAuthenticated("This site key is unknown or revoked.")
    allowed = site_key.allowed_origins
    if origin and allowed and origin not in allowed and urlsplit(origin).netloc != own_host:
        raise NotAllowed("Pages of this origin may not use the site key.")
    return await find_restaurant(transaction, restaurant_id)
