"""Which restaurant a settings page is about."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flow.access import store
from flow.access.types import Workplace
from flow.database.transaction import Transaction
from flow.errors import NotAllowed, NotFound


@dataclass(frozen=True, slots=True)
class Choice:
    """The restaurant, and all that could be chosen."""

    chosen: Workplace
    all: list[Workplace]


async def choose_workplace(transaction: Transaction, permission: str, wish: UUID | None) -> Choice:
    """The wished restaurant, else the first in which the caller holds `permission`.

    NotAllowed for who holds it nowhere; NotFound for a restaurant that is not among them.
    """
    assert transaction.caller is not None
    found = await store.workplaces(transaction, transaction.caller.restaurants_with(permission))
    if not found:
        raise NotAllowed
    chosen = next((each for each in found if wish in (None, each.id)), None)
    if chosen is None:
        raise NotFound
    return Choice(chosen, found)
