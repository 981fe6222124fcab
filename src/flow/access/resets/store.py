"""One function per statement of queries.sql. All of them take a transaction of the service."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flow.access.resets.types import OpenReset, Wish
from flow.database.queries import load_queries
from flow.database.transaction import Transaction

_queries = load_queries(__package__)


async def ask(service: Transaction, wish: UUID, email_sealed: bytes, *, language: str, at: datetime) -> None:
    await service.execute(_queries.ask, id=wish, email_sealed=email_sealed, language=language, at=at)


async def waiting(service: Transaction, *, most: int) -> list[Wish]:
    return await service.all(_queries.waiting, Wish, most=most)


async def find_account(service: Transaction, email: str) -> UUID | None:
    found = await service.value(_queries.find_account, email=email)
    return found if isinstance(found, UUID) else None


async def recent_links(service: Transaction, user: UUID, *, since: datetime) -> int:
    return int(await service.value(_queries.recent_links, user_id=user, since=since))


async def end_links(service: Transaction, user: UUID, *, at: datetime) -> None:
    await service.execute(_queries.end_links, user_id=user, at=at)


async def answer(service: Transaction, wish: UUID, *, user: UUID, token_hash: bytes, expires_at: datetime) -> None:
    await service.execute(_queries.answer, id=wish, user_id=user, token_hash=token_hash, expires_at=expires_at)


async def drop_wish(service: Transaction, wish: UUID) -> None:
    await service.execute(_queries.drop_wish, id=wish)


async def find_reset(service: Transaction, reset: UUID, token_hash: bytes, *, now: datetime) -> OpenReset | None:
    return await service.one_or_none(_queries.find_reset, OpenReset, id=reset, token_hash=token_hash, now=now)


async def use_reset(service: Transaction, reset: UUID, token_hash: bytes, *, at: datetime) -> bool:
    return bool(await service.execute(_queries.use_reset, id=reset, token_hash=token_hash, at=at))
