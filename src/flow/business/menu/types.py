"""Products and what a guest can choose with them. Prices are øre, VAT included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A row of `products`. A retired one (`is_active`) stays for the orders that name it."""

    restaurant_id: UUID
    id: UUID
    name: str
    description: str | None = None
    category: str = ""
    sku: str | None = None
    price: int
    currency: str = "DKK"
    allergens: list[str]
    position: int = 0
    is_available: bool = True
    is_active: bool = True
    import_id: UUID | None = None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class OptionRow:
    """One option with its group; a group without options has a row without option."""

    product_id: UUID
    group_id: UUID
    group_name: str
    min_choices: int
    max_choices: int
    option_id: UUID | None
    option_name: str | None
    price_mod: int | None
    is_available: bool | None


@dataclass(frozen=True, slots=True)
class Option:
    """One choice; `price_mod` is added to the product's price and may be negative."""

    id: UUID
    name: str
    price_mod: int
    is_available: bool


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """A choice that belongs to a product: at least `min_choices`, at most `max_choices` of its options."""

    id: UUID
    name: str
    min_choices: int
    max_choices: int
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A product with its option groups, in the order in which the guest sees them."""

    product: Product
    groups: tuple[OptionGroup, ...]


@dataclass(frozen=True, slots=True)
class Category:
    """A heading of the menu and what stands under it."""

    name: str
    items: tuple[MenuItem, ...]
