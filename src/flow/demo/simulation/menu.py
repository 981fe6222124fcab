"""The menu of a simulated restaurant: its rows, and what a line of an order may be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from random import Random

from flow.demo.simulation.chance import Choice, Ids, poisson
from flow.demo.simulation.profiles import Dish, OptionGroup, Part, Profile

__all__ = ["Basket", "Menu", "Sold"]

_PRICES_WERE = 0.95  # before they went up, see Menu.sold


@dataclass(frozen=True, slots=True, eq=False)  # there is one of each, so it is itself and nothing else
class Sold:
    """A dish with its options as a line names them: `unit_price` in øre, `options` as JSON."""

    product_id: str
    name: str
    sku: str
    category: str
    unit_price: int
    options: str


@dataclass(frozen=True, slots=True)
class Basket:
    """Dishes and how many of each."""

    lines: tuple[tuple[Sold, int], ...]

    @property
    def subtotal(self) -> int:
        return sum(sold.unit_price * quantity for sold, quantity in self.lines)

    @property
    def count(self) -> int:
        return sum(quantity for _, quantity in self.lines)


@dataclass(frozen=True, slots=True)
class MenuRow:
    """A product with its id."""

    id: str
    dish: Dish
    category: str
    groups: tuple[tuple[str, OptionGroup, tuple[str, ...]], ...]


class Menu:
    """Draws baskets. Prices went up once: `prices_rose` is when, in ms."""

    def __init__(self, profile: Profile, ids: Ids, *, opened: int, prices_rose: int) -> None:
        self.prices_rose = prices_rose
        self.rows = [_row(part, dish, ids, opened) for part in profile.menu for dish in part.products]
        by_sku = {row.dish.sku: row.id for row in self.rows}
        self._parts = [part.per_order for part in profile.menu]
        self._now = [_choice(part, by_sku, 1.0) for part in profile.menu]
        self._before = [_choice(part, by_sku, _PRICES_WERE) for part in profile.menu]

    def basket(self, random: Random, at: int) -> Basket:
        """What one order holds at the prices of its day; something of the first category unless there is other food."""
        choices = self._now if at >= self.prices_rose else self._before
        lines: dict[Sold, int] = {}
        for per_order, choice in zip(self._parts, choices, strict=True):
            for _ in range(poisson(random, per_order)):
                sold = choice.draw(random)
                lines[sold] = lines.get(sold, 0) + 1
        if not lines:
            lines[choices[0].draw(random)] = 1
        return Basket(tuple(lines.items()))


def price_before(price: int) -> int:
    """What a dish cost before prices went up, in whole kroner."""
    return int(price * _PRICES_WERE) // 100 * 100


def _row(part: Part, dish: Dish, ids: Ids, opened: int) -> MenuRow:
    groups = ((ids.new(opened), group, tuple(ids.new(opened) for _ in group.choices)) for group in part.options)
    return MenuRow(ids.new(opened), dish, part.category, tuple(groups))


def _choice(part: Part, ids: dict[str, str], level: float) -> Choice[Sold]:
    """Every dish in every combination of options, by how likely it is."""
    combinations = list(_combinations(part.options))
    return Choice(
        (_sold(part, dish, ids[dish.sku], chosen, level), dish.weight * weight)
        for dish in part.products
        for chosen, weight in combinations
    )


def _combinations(groups: list[OptionGroup]) -> Iterator[tuple[list[tuple[str, str, int]], float]]:
    for picks in product(*(_picks(group) for group in groups)):
        chosen = [option for option, _ in picks if option]
        weight = 1.0
        for _, share in picks:
            weight *= share
        yield chosen, weight


def _picks(group: OptionGroup) -> list[tuple[tuple[str, str, int] | None, float]]:
    total = sum(weight for *_, weight in group.choices)
    nothing: list[tuple[tuple[str, str, int] | None, float]] = [] if group.required else [(None, max(100 - total, 0))]
    return nothing + [((group.name, name, price), weight) for name, price, weight in group.choices]


def _sold(part: Part, dish: Dish, identifier: str, chosen: list[tuple[str, str, int]], level: float) -> Sold:
    price = dish.price if level == 1.0 else price_before(dish.price)
    options = [{"name": group, "value": name, "price_mod": extra} for group, name, extra in chosen]
    return Sold(
        product_id=identifier,
        name=dish.name,
        sku=dish.sku,
        category=part.category,
        unit_price=price + sum(extra for *_, extra in chosen),
        options=json.dumps(options, ensure_ascii=False),
    )
