"""Which restaurant a page of conversations is about."""

from __future__ import annotations

from flow.database.transaction import Transaction
from flow.delivery.dashboards.choices import choose
from flow.delivery.dashboards.store import restaurants
from flow.delivery.dashboards.types import DashboardRestaurant
from flow.errors import NotAllowed
from flow.web.i18n import Translator

__all__ = ["choose_shop"]


async def choose_shop(
    transaction: Transaction, wanted: str, permission: str, words: Translator
) -> tuple[DashboardRestaurant, list[DashboardRestaurant]]:
    """The wanted restaurant, else the first; and all that could be chosen, where there are several.

    NotAllowed for who holds `permission` nowhere; NotFound for a restaurant that is not among them.
    """
    choices = await restaurants(transaction, permission)
    if not choices:
        raise NotAllowed
    return choose(choices, wanted, words).restaurants[0], choices if len(choices) > 1 else []
