"""The bodies of the menu API. Prices are øre, VAT included."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from flow.business.fields import LongText, Name, Ore, RequestModel, ShortText
from flow.business.menu.types import Category, MenuItem
from flow.business.restaurants.types import Restaurant

Sku = Annotated[ShortText, Field(min_length=1, max_length=64)]
Allergens = Annotated[list[Annotated[ShortText, Field(min_length=1, max_length=50)]], Field(max_length=30)]
Position = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]


class ProductBody(RequestModel):
    """A new product of the menu."""

    restaurant_id: UUID
    name: Name
    description: LongText | None = None
    category: ShortText = ""
    sku: Sku | None = None
    price: Ore
    allergens: Allergens = Field(default_factory=list)
    position: Position = 0
    is_available: bool = True


class ProductChange(RequestModel):
    """What changes of a product; a field that is left out stays as it is. A retired product has `is_active` false."""

    name: Name = ""
    description: LongText | None = None
    category: ShortText = ""
    sku: Sku | None = None
    price: Ore = 0
    allergens: Allergens = Field(default_factory=list)
    position: Position = 0
    is_available: bool = True
    is_active: bool = True


class _Answer(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ProductAnswer(_Answer):
    """A product as the restaurant's people see it."""

    id: UUID
    restaurant_id: UUID
    name: str
    description: str | None
    category: str
    sku: str | None
    price: int
    currency: str
    allergens: list[str]
    position: int
    is_available: bool
    is_active: bool
    created_at: datetime
    updated_at: datetime


class OptionAnswer(_Answer):
    """One choice; `price_mod` is added to the price."""

    id: UUID
    name: str
    price_mod: int
    is_available: bool


class GroupAnswer(_Answer):
    """At least `min_choices` and at most `max_choices` of the options are to be chosen."""

    id: UUID
    name: str
    min_choices: int
    max_choices: int
    options: list[OptionAnswer]


class MenuProduct(_Answer):
    """A product as guests see it."""

    id: UUID
    name: str
    description: str | None
    price: int
    allergens: list[str]
    is_available: bool
    groups: list[GroupAnswer]


class CategoryAnswer(BaseModel):
    """A heading of the menu."""

    name: str
    products: list[MenuProduct]


class MenuAnswer(BaseModel):
    """A restaurant's menu and what a delivery costs; `simulated` when the restaurant is made up."""

    restaurant_id: UUID
    name: str
    slug: str
    currency: str
    delivery_fee: int
    free_delivery_from: int | None
    minimum_order: int
    simulated: bool
    categories: list[CategoryAnswer]


def menu_answer(restaurant: Restaurant, categories: Sequence[Category]) -> MenuAnswer:
    """The menu as the API tells it."""
    return MenuAnswer(
        restaurant_id=restaurant.id,
        name=restaurant.name,
        slug=restaurant.slug,
        currency=restaurant.currency,
        delivery_fee=restaurant.delivery_fee,
        free_delivery_from=restaurant.free_delivery_from,
        minimum_order=restaurant.minimum_order,
        simulated=restaurant.is_simulated,
        categories=categories_answer(categories),
    )


def categories_answer(categories: Sequence[Category]) -> list[CategoryAnswer]:
    """The headings with their products."""
    return [
        CategoryAnswer(name=category.name, products=[_product(item) for item in category.items])
        for category in categories
    ]


def _product(item: MenuItem) -> MenuProduct:
    product = item.product
    return MenuProduct(
        id=product.id,
        name=product.name,
        description=product.description,
        price=product.price,
        allergens=product.allergens,
        is_available=product.is_available,
        groups=[GroupAnswer.model_validate(group) for group in item.groups],
    )
