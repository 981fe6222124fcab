"""Changing who works in a restaurant. Every verb checks the caller's right itself, and is audited.

Who is no admin any more has invited nobody: what waits of their invitations is withdrawn, or one of them would let them
back in.
"""

from __future__ import annotations

from uuid import UUID

from flow.access import audit
from flow.access.people import store
from flow.access.people.errors import LastAdmin, NoSuchRole
from flow.access.people.types import ROLES
from flow.access.store import remove_membership
from flow.database.transaction import Caller, Transaction
from flow.errors import NotAllowed, NotFound
from flow.web.services import Services


async def change_role(services: Services, caller: Caller, restaurant: UUID, user: UUID, *, role: str) -> None:
    """Gives a member another role; LastAdmin when no admin would be left, NotFound for who is no member."""
    require_people_write(caller, restaurant)
    if role not in ROLES:
        raise NoSuchRole
    async with services.database.as_service() as transaction:
        former = await _former_role(transaction, restaurant, user)
        now, withdrawn = services.clock.now(), 0
        if role != "admin":
            await _keep_an_admin(transaction, restaurant, user)
            withdrawn = await store.withdraw_by(transaction, restaurant, user, at=now)
        await store.change_role(transaction, restaurant, user, role=role, by=caller.user_id)
        await audit.note(
            transaction,
            "role_changed",
            "A member of a restaurant got another role.",
            at=now,
            by=caller.user_id,
            of=user,
            restaurant=restaurant,
            facts={"from": former, "to": role, "invitations_withdrawn": withdrawn},
        )


async def remove_member(services: Services, caller: Caller, restaurant: UUID, user: UUID) -> None:
    """Takes a member's role away, from the next request on; LastAdmin when no admin would be left.

    People may leave by themselves; removing others needs people.write.
    """
    if user != caller.user_id:
        require_people_write(caller, restaurant)
    async with services.database.as_service() as transaction:
        former = await _former_role(transaction, restaurant, user)
        await _keep_an_admin(transaction, restaurant, user)
        now = services.clock.now()
        withdrawn = await store.withdraw_by(transaction, restaurant, user, at=now)
        await remove_membership(transaction, restaurant, user=user)
        await audit.note(
            transaction,
            "member_removed",
            "Somebody left a restaurant." if user == caller.user_id else "A member of a restaurant was removed.",
            at=now,
            by=caller.user_id,
            of=user,
            restaurant=restaurant,
            facts={"role": former, "invitations_withdrawn": withdrawn},
        )


def require_people_write(caller: Caller, restaurant: UUID) -> None:
    """NotAllowed unless the caller looks after the restaurant's people."""
    if restaurant not in caller.restaurants_with("people.write"):
        raise NotAllowed


async def _former_role(transaction: Transaction, restaurant: UUID, user: UUID) -> str:
    # The admins are locked first and always, so that two who act at once act one after the other.
    await store.lock_admins(transaction, restaurant)
    former = await store.role_of(transaction, restaurant, user)
    if former is None:
        raise NotFound
    return former


async def _keep_an_admin(transaction: Transaction, restaurant: UUID, user: UUID) -> None:
    admins = await store.lock_admins(transaction, restaurant)
    if admins == [user]:
        raise LastAdmin
