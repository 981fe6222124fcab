"""One function per statement of queries.sql. All but `open_invitations` take a transaction of the service."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flow.access.people.types import Invitation, LinkText, Member, OpenInvitation
from flow.database.queries import load_queries
from flow.database.transaction import Transaction

_queries = load_queries(__package__)


async def members(service: Transaction, restaurant: UUID) -> list[Member]:
    return await service.all(_queries.members, Member, restaurant_id=restaurant)


async def lock_admins(service: Transaction, restaurant: UUID) -> list[UUID]:
    return await service.values(_queries.lock_admins, restaurant_id=restaurant)


async def role_of(service: Transaction, restaurant: UUID, user: UUID) -> str | None:
    found = await service.value(_queries.role_of, restaurant_id=restaurant, user_id=user)
    return str(found) if found is not None else None


async def change_role(service: Transaction, restaurant: UUID, user: UUID, *, role: str, by: UUID) -> bool:
    return bool(await service.execute(_queries.change_role, restaurant_id=restaurant, user_id=user, role=role, by=by))


async def is_member(service: Transaction, restaurant: UUID, *, email: str) -> bool:
    return await service.value(_queries.member_with_email, restaurant_id=restaurant, email=email) is not None


async def account_with_email(service: Transaction, email: str) -> UUID | None:
    found = await service.value(_queries.account_with_email, email=email)
    return found if isinstance(found, UUID) else None


async def invite(
    service: Transaction, link: LinkText, *, email: str, role: str, by: UUID, at: datetime, expires_at: datetime
) -> None:
    await service.execute(
        _queries.invite,
        restaurant_id=link.restaurant_id,
        id=link.id,
        email=email,
        role=role,
        token_hash=link.token_hash,
        by=by,
        at=at,
        expires_at=expires_at,
    )


async def withdraw_from(service: Transaction, restaurant: UUID, *, email: str, at: datetime) -> None:
    await service.execute(_queries.withdraw_from, restaurant_id=restaurant, email=email, at=at)


async def withdraw_by(service: Transaction, restaurant: UUID, user: UUID, *, at: datetime) -> int:
    """Answers how many."""
    return await service.execute(_queries.withdraw_by, restaurant_id=restaurant, by=user, at=at)


async def open_invitations(transaction: Transaction, restaurant: UUID, *, now: datetime) -> list[OpenInvitation]:
    return await transaction.all(_queries.open_invitations, OpenInvitation, restaurant_id=restaurant, now=now)


async def count_since(service: Transaction, restaurant: UUID, *, since: datetime) -> int:
    return int(await service.value(_queries.count_since, restaurant_id=restaurant, since=since))


async def withdraw(service: Transaction, restaurant: UUID, invitation: UUID, *, at: datetime) -> bool:
    return bool(await service.execute(_queries.withdraw, restaurant_id=restaurant, id=invitation, at=at))


async def find_invitation(service: Transaction, link: LinkText, *, now: datetime) -> Invitation | None:
    return await service.one_or_none(
        _queries.find_invitation,
        Invitation,
        restaurant_id=link.restaurant_id,
        id=link.id,
        token_hash=link.token_hash,
        now=now,
    )


async def accept(service: Transaction, restaurant: UUID, invitation: UUID, *, by: UUID, at: datetime) -> bool:
    return bool(await service.execute(_queries.accept, restaurant_id=restaurant, id=invitation, by=by, at=at))


async def join_restaurant(
    service: Transaction, restaurant: UUID, user: UUID, *, role: str, at: datetime, by: UUID | None
) -> bool:
    return bool(
        await service.execute(_queries.join_restaurant, restaurant_id=restaurant, user_id=user, role=role, at=at, by=by)
    )
