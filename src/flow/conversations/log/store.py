"""One function per statement of queries.sql. All need a transaction of the service."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flow.conversations.log.types import Open
from flow.database.queries import load_queries
from flow.database.transaction import Transaction
from flow.kit.ids import new_id

_queries = load_queries(__package__)


async def lock_guest(service: Transaction, restaurant_id: UUID, channel: str, contact: str) -> None:
    await service.value(_queries.lock_guest, restaurant_id=restaurant_id, channel=channel, contact=contact)


async def find_open(
    service: Transaction, restaurant_id: UUID, *, channel: str, contact: str, since: datetime
) -> Open | None:
    return await service.one_or_none(
        _queries.find_open, Open, restaurant_id=restaurant_id, channel=channel, contact=contact, since=since
    )


async def begin(
    service: Transaction,
    restaurant_id: UUID,
    *,
    conversation_id: str,
    channel: str,
    contact: str,
    phone: str | None,
    customer_id: UUID | None,
    at: datetime,
    now: datetime,
) -> None:
    await service.execute(
        _queries.begin,
        restaurant_id=restaurant_id,
        id=new_id(),
        conversation_id=conversation_id,
        channel=channel,
        contact=contact,
        phone=phone,
        customer_id=customer_id,
        at=at,
        now=now,
    )


async def go_on(
    service: Transaction, restaurant_id: UUID, conversation_id: str, *, state: str, at: datetime, now: datetime
) -> None:
    await service.execute(
        _queries.go_on, restaurant_id=restaurant_id, conversation_id=conversation_id, state=state, at=at, now=now
    )


async def add_message(
    service: Transaction,
    restaurant_id: UUID,
    conversation_id: str,
    *,
    message_id: UUID,
    role: str,
    content: str,
    state: str,
    at: datetime,
) -> None:
    await service.execute(
        _queries.add_message,
        restaurant_id=restaurant_id,
        id=message_id,
        conversation_id=conversation_id,
        role=role,
        content=content,
        state=state,
        at=at,
    )


async def close(service: Transaction, restaurant_id: UUID, conversation_id: str, *, now: datetime) -> bool:
    return bool(
        await service.execute(_queries.close, restaurant_id=restaurant_id, conversation_id=conversation_id, now=now)
    )
