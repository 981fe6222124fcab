"""One function per statement of queries.sql. What is read is read as the user, what is written as the service."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flow.database.queries import load_queries
from flow.database.transaction import Transaction
from flow.delivery.conversations.types import Said, TalkRow, Word

_queries = load_queries(__package__)


async def talks(transaction: Transaction, restaurant_id: UUID, *, everything: bool, most: int) -> list[TalkRow]:
    return await transaction.all(_queries.talks, TalkRow, restaurant_id=restaurant_id, all=everything, most=most)


async def count_waiting(transaction: Transaction, restaurant_id: UUID) -> int:
    return int(await transaction.value(_queries.count_waiting, restaurant_id=restaurant_id))


async def talk(transaction: Transaction, restaurant_id: UUID, conversation_id: str) -> TalkRow:
    """NotFound where there is none."""
    return await transaction.one(_queries.talk, TalkRow, restaurant_id=restaurant_id, conversation_id=conversation_id)


async def said(transaction: Transaction, restaurant_id: UUID, conversation_id: str, *, most: int) -> list[Said]:
    return await transaction.all(
        _queries.said, Said, restaurant_id=restaurant_id, conversation_id=conversation_id, most=most
    )


async def words(transaction: Transaction, restaurant_id: UUID) -> list[Word]:
    return await transaction.all(_queries.words, Word, restaurant_id=restaurant_id)


async def keep_word(
    service: Transaction,
    restaurant_id: UUID,
    keyword: str,
    *,
    reply: str,
    consent_text: str | None,
    by: UUID,
    now: datetime,
) -> None:
    await service.execute(
        _queries.keep_word,
        restaurant_id=restaurant_id,
        keyword=keyword,
        reply=reply,
        consent_text=consent_text,
        by=by,
        now=now,
    )


async def end_word(service: Transaction, restaurant_id: UUID, keyword: str, *, now: datetime) -> bool:
    return bool(await service.execute(_queries.end_word, restaurant_id=restaurant_id, keyword=keyword, now=now))
