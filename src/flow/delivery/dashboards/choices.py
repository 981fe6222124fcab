"""Which restaurants a page is about: one of the reader's, or several seen as one."""

from __future__ import annotations

from collections.abc import Sequence

from flow.database.transaction import Transaction
from flow.delivery.dashboards.types import DashboardRestaurant, Selected
from flow.errors import NotFound
from flow.kit.ids import parse_id
from flow.web.i18n import Translator

ALL = "all"
ROWS = frozenset({"orders.read", "active_orders.read", "behaviour.read", "quality.read"})


def choose(choices: Sequence[DashboardRestaurant], wanted: str, words: Translator) -> Selected:
    """The wanted restaurant or group; NotFound when it is not among the choices.

    Who names none gets the group of most restaurants, else the first restaurant.
    """
    if not choices:
        raise NotFound("You do not work in any restaurant yet; ask its administrator for access.")
    known = groups(choices, words)
    if wanted in ("", ALL):
        return known[0] if known else _alone(choices[0])
    for group in known:
        if wanted == group.id:
            return group
    restaurant_id = parse_id(wanted)
    for restaurant in choices:
        if restaurant.id == restaurant_id:
            return _alone(restaurant)
    raise NotFound


def groups(choices: Sequence[DashboardRestaurant], words: Translator) -> list[Selected]:
    """Several restaurants seen as one, the largest group first: all of them, or all of one currency.

    Kroner and euro do not add up, and figures that the reader may not see would be missing from a sum.
    """
    shown = [restaurant for restaurant in choices if restaurant.has_figures]
    currencies = sorted({restaurant.currency for restaurant in shown})
    found = [_group(shown, currency, words, alone=len(currencies) == 1) for currency in currencies]
    several = [group for group in found if len(group.restaurants) > 1]
    return sorted(several, key=lambda group: -len(group.restaurants))


def readable(transaction: Transaction, selected: Selected) -> frozenset[str]:
    """Which rows of every selected restaurant the caller may read; the service reads all."""
    if transaction.caller is None:
        return ROWS
    caller = transaction.caller
    return frozenset(row for row in ROWS if caller.restaurants_with(row).issuperset(selected.ids))


def _group(choices: Sequence[DashboardRestaurant], currency: str, words: Translator, *, alone: bool) -> Selected:
    members = tuple(restaurant for restaurant in choices if restaurant.currency == currency)
    return Selected(
        id=ALL if alone else f"{ALL}-{currency}",
        name=words.gettext("All my restaurants") if alone else words.gettext("All in %(currency)s", currency=currency),
        simulated=any(restaurant.simulated for restaurant in members),
        restaurants=members,
    )


def _alone(restaurant: DashboardRestaurant) -> Selected:
    return Selected(str(restaurant.id), restaurant.name, restaurant.simulated, (restaurant,))
