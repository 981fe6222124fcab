"""What the simulated restaurants are like. The data lie in restaurants/*.toml; the classes here are their keys."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal

import msgspec

__all__ = ["Demand", "Dish", "OptionGroup", "Orders", "Part", "Profile", "Restaurant", "Visits", "profiles"]

PageName = Literal["home", "menu", "checkout", "thanks", "about", "contact"]
Weights = dict[str, float]


class Restaurant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Columns of `restaurants`."""

    name: str
    slug: str
    event_namespace: str
    cvr: str
    email: str
    phone: str
    address: str
    postal_code: str
    city: str
    country_code: Literal["DK", "SE"]
    currency: Literal["DKK", "SEK"]
    time_zone: str
    language: str
    vat_rate_percent: int
    delivery_fee: int
    free_delivery_from: int
    minimum_order: int


class Demand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many orders a day has. Factors multiply; `hours` and `weekdays` (Monday first) are local.

    `bad_weather` and `payday` are what such a day adds at most; `closed` and `special` are by MM-DD.
    """

    orders_per_day: float
    growth_per_year: float
    weekdays: list[float]
    months: list[float]
    bad_weather: float
    payday: float
    closed: list[str]
    special: dict[str, float]
    hours: Weights


class Code(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A discount in percent or øre."""

    percent: int | None = None
    amount: int | None = None
    minimum_subtotal: int = 0


class Orders(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How guests order: `delivery` is the share where the channel allows it, `dine_in` that of the till's orders.

    `minutes` is what an order takes from the click to the guest.
    """

    channels: Weights
    delivery: float
    dine_in: float
    payments: Weights
    minutes: float
    codes: dict[str, Code]
    districts: list[tuple[str, str]]


class Visits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The web site: `conversion` is the share of visits that order, `consent` that of visitors who agree."""

    host: str
    conversion: float
    consent: float
    pages: dict[PageName, str]
    titles: dict[PageName, str]
    sources: Weights
    campaigns: dict[str, str]


class OptionGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A choice of (name, øre, weight); one of a required group, else each by its weight in percent."""

    name: str
    choices: list[tuple[str, int, float]]
    required: bool = False


class Dish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A product."""

    sku: str
    name: str
    price: int
    weight: float
    allergens: list[str] = []
    description: str | None = None


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A category of the menu; `per_order` is how many of its dishes an order has on average."""

    category: str
    per_order: float
    products: list[Dish]
    options: list[OptionGroup] = []


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One simulated restaurant."""

    restaurant: Restaurant
    demand: Demand
    orders: Orders
    visits: Visits
    menu: list[Part]


@cache
def profiles() -> tuple[Profile, ...]:
    """All of them, the largest first."""
    folder = resources.files(__package__).joinpath("restaurants")
    read = [msgspec.toml.decode(file.read_bytes(), type=Profile) for file in folder.iterdir()]
    return tuple(sorted(read, key=lambda profile: -profile.demand.orders_per_day))
