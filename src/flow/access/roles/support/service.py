"""Opening and closing the door. The database checks the right, sets the times and writes the audit log."""

from __future__ import annotations

from uuid import UUID

from flow.access.roles.support import store
from flow.access.roles.support.errors import NoOpenAccess, SupportNotAllowed
from flow.access.roles.support.types import SupportAccess
from flow.database.transaction import Transaction
from flow.errors import InvalidInput
from flow.kit.ids import new_id

SHORTEST_REASON, LONGEST_REASON = 10, 500
MOST_MINUTES = 8 * 60
PERMISSION = "support.open"


async def open_door(transaction: Transaction, restaurant_id: UUID, *, reason: str, minutes: int) -> SupportAccess:
    """Lets the caller read the restaurant's orders and conversations from the next request on.

    SupportNotAllowed without support.open there; InvalidInput for a reason of less than ten characters or more than
    eight hours.
    """
    assert transaction.caller is not None
    reason = " ".join(reason.split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise InvalidInput(f"Say why, in {SHORTEST_REASON} to {LONGEST_REASON} characters.", details={"at": "reason"})
    if not 0 < minutes <= MOST_MINUTES:
        raise InvalidInput(f"Choose 1 to {MOST_MINUTES} minutes.", details={"at": "minutes"})
    if restaurant_id not in transaction.caller.restaurants_with(PERMISSION):
        raise SupportNotAllowed
    return await store.open_access(transaction, new_id(), restaurant_id=restaurant_id, reason=reason, minutes=minutes)


async def close_door(transaction: Transaction, access: UUID) -> None:
    """Closes an open access at once; NoOpenAccess for one that is over or is another's."""
    if not await store.end_access(transaction, access):
        raise NoOpenAccess
