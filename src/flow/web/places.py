"""Where a reader can go from any page: the places that their role shows."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flow.database.transaction import Caller, Transaction
from flow.web.i18n import N_, Translator


@dataclass(frozen=True, slots=True)
class Place:
    """A page by its name."""

    label: str
    href: str


_PLACES = (
    ("/dashboard", N_("Dashboard"), "restaurant.read"),
    ("/orders", N_("Orders"), "active_orders.read"),
    ("/conversations", N_("Conversations"), "messages.read"),
    ("/visits", N_("Visits"), "behaviour.read"),
    ("/quality", N_("Data quality"), "quality.read"),
    ("/notifications", N_("Notifications"), "notifications.read"),
    ("/integrations", N_("Integrations"), "integrations.read"),
)


def first_place(caller: Caller) -> str | None:
    """The first place that the caller's role shows; None for who sees no restaurant."""
    return next((path for path, _, permission in _PLACES if caller.restaurants_with(permission)), None)


def places(transaction: Transaction, restaurant: str | None, words: Translator) -> list[Place]:
    """The places, each about `restaurant`: its id, or that of a group; None leaves the choice to each of them."""
    assert transaction.caller is not None
    query = f"?{urlencode({'restaurant': restaurant})}" if restaurant else ""
    return [
        Place(words.gettext(label), path + query)
        for path, label, permission in _PLACES
        if transaction.caller.restaurants_with(permission)
    ]
