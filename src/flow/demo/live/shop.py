"""A restaurant as a live guest finds it: its site key, its menu, its pages."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from uuid import UUID

from flow.business.menu.store import active_menu
from flow.business.menu.types import MenuItem, Option
from flow.business.restaurants.store import find_restaurant_by_slug, newest_site_key
from flow.database.pool import Database
from flow.demo.simulation.chance import Choice
from flow.demo.simulation.profiles import PageName, Profile, profiles

__all__ = ["Chosen", "Shop", "find_shops"]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A dish as a guest wants it; `price` in øre with its options."""

    item: MenuItem
    options: tuple[Option, ...]

    @property
    def price(self) -> int:
        return self.item.product.price + sum(option.price_mod for option in self.options)


@dataclass(frozen=True, slots=True)
class Shop:
    """Where to go and what to get."""

    id: UUID
    key: str
    profile: Profile
    menu: tuple[MenuItem, ...]

    def page(self, name: PageName, query: str = "") -> tuple[str, str]:
        """Address and title of a page."""
        site = self.profile.visits
        return f"https://{site.host}{site.pages[name]}{query}", site.titles[name]

    def choose(self, random: Random) -> Chosen:
        """A dish with what has to be chosen for it."""
        item = random.choice(self.menu)
        options = (random.choice(group.options) for group in item.groups if group.min_choices)
        return Chosen(item, tuple(options))


async def find_shops(database: Database) -> Choice[Shop]:
    """The simulated restaurants, the large ones more often."""
    async with database.as_service() as transaction:
        shops = []
        for profile in profiles():
            restaurant = await find_restaurant_by_slug(transaction, profile.restaurant.slug)
            key = await newest_site_key(transaction, restaurant.id)
            assert key is not None, "the simulation made one"
            menu = await active_menu(transaction, restaurant.id)
            shops.append(Shop(restaurant.id, key.key, profile, tuple(item for item in menu if _is_open(item))))
    return Choice((shop, shop.profile.demand.orders_per_day) for shop in shops)


def _is_open(item: MenuItem) -> bool:
    return item.product.is_available and all(group.options for group in item.groups)
