"""Users, what they may do, and their passwords. Every function takes a transaction of the service."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from email_validator import EmailNotValidError, validate_email

from flow.access import store
from flow.access.errors import EmailTaken
from flow.access.passwords import hash_password
from flow.access.types import PlatformRole, RestaurantRole
from flow.database.transaction import Transaction
from flow.errors import InvalidInput
from flow.kit.ids import new_id


def normalised_email(text: str) -> str:
    """The address in lower case, as it is stored; InvalidInput when it is none."""
    try:
        # The demonstration's addresses end in .example and .test, which are nobody's.
        return validate_email(text, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        raise InvalidInput("This is not an e-mail address.") from None


async def create_user(service: Transaction, email: str, password: str, *, at: datetime, name: str = "") -> UUID:
    """A user who can log in; EmailTaken, WeakPassword or InvalidInput otherwise. A membership gives rights."""
    user = new_id(at)
    password_hash = await hash_password(password)
    if not await store.add_user(service, user, email=normalised_email(email), name=name, at=at):
        raise EmailTaken
    await store.put_password(service, user, password_hash, at=at)
    return user


async def change_password(service: Transaction, user: UUID, password: str, *, at: datetime) -> None:
    """Sets a new password and ends every log-in of the user."""
    await store.put_password(service, user, await hash_password(password), at=at)
    await store.end_sessions_of(service, user, now=at)


async def grant_membership(
    service: Transaction, user: UUID, restaurant: UUID, *, role: RestaurantRole, at: datetime, by: UUID | None = None
) -> None:
    """Gives the user a role in the restaurant, in place of the one before; it works from the next request on."""
    await store.put_membership(service, restaurant, user=user, role=role, at=at, by=by)


async def revoke_membership(service: Transaction, user: UUID, restaurant: UUID) -> bool:
    """Takes the user's role in the restaurant away; False if there was none."""
    return bool(await store.remove_membership(service, restaurant, user=user))


async def grant_platform_role(
    service: Transaction, user: UUID, *, role: PlatformRole, at: datetime, by: UUID | None = None
) -> None:
    """Gives the user a role on the whole platform."""
    await store.put_platform_role(service, user, role=role, at=at, by=by)
