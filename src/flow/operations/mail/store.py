"""One function per statement of queries.sql. All of them take a transaction of the service."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flow.database.queries import load_queries
from flow.database.transaction import Transaction
from flow.operations.mail.types import MailState, WaitingMail

_queries = load_queries(__package__)


async def add(service: Transaction, mail: UUID, sealed: bytes, *, kind: str, at: datetime) -> None:
    await service.execute(_queries.post, id=mail, sealed=sealed, kind=kind, at=at)


async def claim(service: Transaction, *, now: datetime, again_at: datetime) -> WaitingMail | None:
    return await service.one_or_none(_queries.claim, WaitingMail, now=now, again_at=again_at)


async def note_sent(service: Transaction, mail: UUID, *, at: datetime) -> None:
    await service.execute(_queries.note_sent, id=mail, at=at)


async def note_failure(service: Transaction, mail: UUID, error: str, *, again_at: datetime | None) -> None:
    await service.execute(_queries.note_failure, id=mail, error=error, again_at=again_at)


async def forget(service: Transaction, *, before: datetime) -> int:
    """Answers how many rows went."""
    return await service.execute(_queries.forget, before=before)


async def state(service: Transaction) -> MailState:
    return await service.one(_queries.state, MailState)
