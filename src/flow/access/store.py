"""One function per statement of queries.sql."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from flow.access.types import Credentials, LiveSession, OwnSession, Workplace
from flow.database.queries import load_queries
from flow.database.transaction import Transaction

queries = load_queries(__package__)


async def find_credentials(service: Transaction, email: str) -> Credentials | None:
    return await service.one_or_none(queries.find_credentials, Credentials, email=email)


async def credentials_of(service: Transaction, user: UUID) -> Credentials | None:
    return await service.one_or_none(queries.credentials_of, Credentials, user_id=user)


async def add_user(service: Transaction, user: UUID, *, email: str, name: str, at: datetime) -> bool:
    """False when the address is taken."""
    return bool(await service.value(queries.add_user, id=user, email=email, name=name, at=at))


async def put_password(service: Transaction, user: UUID, password_hash: str, *, at: datetime) -> None:
    await service.execute(queries.put_password, user_id=user, password_hash=password_hash, at=at)


async def replace_hash(service: Transaction, user: UUID, password_hash: str) -> None:
    await service.execute(queries.replace_hash, user_id=user, password_hash=password_hash)


async def take_attempt(
    service: Transaction, email_hash: str, *, now: datetime, most: int, until: datetime
) -> bool | None:
    """Whether this attempt locked the address; None when it is locked."""
    found = await service.value(queries.take_attempt, email_hash=email_hash, now=now, most=most, until=until)
    return None if found is None else bool(found)


async def locked_until(service: Transaction, email_hash: str) -> datetime | None:
    found = await service.value(queries.locked_until, email_hash=email_hash)
    return found if isinstance(found, datetime) else None


async def forget_failures(service: Transaction, email_hash: str) -> None:
    await service.execute(queries.forget_failures, email_hash=email_hash)


async def open_session(
    service: Transaction,
    session: UUID,
    *,
    user: UUID,
    at: datetime,
    expires_at: datetime,
    device: str,
    aal: str = "aal1",
) -> None:
    await service.execute(
        queries.open_session, id=session, user_id=user, at=at, expires_at=expires_at, device=device, aal=aal
    )


async def touch_session(service: Transaction, session: UUID, *, user: UUID, now: datetime) -> LiveSession | None:
    return await service.one_or_none(queries.touch_session, LiveSession, id=session, user_id=user, now=now)


async def own_sessions(transaction: Transaction, *, now: datetime) -> list[OwnSession]:
    return await transaction.all(queries.own_sessions, OwnSession, now=now)


async def end_session(service: Transaction, session: UUID, *, user: UUID, now: datetime) -> int:
    return await service.execute(queries.end_session, user_id=user, id=session, now=now)


async def end_own_session(transaction: Transaction, session: UUID, *, now: datetime) -> int:
    return await transaction.execute(queries.end_own_session, id=session, now=now)


async def end_sessions_but(service: Transaction, kept: UUID, *, user: UUID, now: datetime) -> int:
    return await service.execute(queries.end_sessions_but, user_id=user, kept=kept, now=now)


async def end_sessions_of(service: Transaction, user: UUID, *, now: datetime) -> int:
    return await service.execute(queries.end_sessions_of, user_id=user, now=now)


async def put_membership(
    service: Transaction, restaurant: UUID, *, user: UUID, role: str, at: datetime, by: UUID | None
) -> None:
    await service.execute(queries.put_membership, restaurant_id=restaurant, user_id=user, role=role, at=at, by=by)


async def remove_membership(service: Transaction, restaurant: UUID, *, user: UUID) -> int:
    return await service.execute(queries.remove_membership, restaurant_id=restaurant, user_id=user)


async def put_platform_role(service: Transaction, user: UUID, *, role: str, at: datetime, by: UUID | None) -> None:
    await service.execute(queries.put_platform_role, user_id=user, role=role, at=at, by=by)


async def forget_sessions(service: Transaction, *, before: datetime) -> int:
    """Deletes log-ins that ended or ran out before that moment; answers how many."""
    return await service.execute(queries.forget_sessions, before=before)


async def workplaces(transaction: Transaction, ids: Collection[UUID]) -> list[Workplace]:
    return await transaction.all(queries.workplaces, Workplace, ids=list(ids))
