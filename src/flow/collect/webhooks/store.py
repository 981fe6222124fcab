"""One function per statement of queries.sql: the inbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from flow.collect.webhooks.address import PREFIX
from flow.collect.webhooks.rows import InboxRow
from flow.collect.webhooks.types import DueItem, InboxItem, Outcome, Parked, Refusal, SealedItem
from flow.database.queries import load_queries
from flow.database.transaction import Transaction
from flow.kit.ids import new_id

_queries = load_queries(__package__)
INSERT_ITEMS, RING_INBOX = _queries.insert_items, _queries.ring_inbox
"""For the writer of the hot path (flow.collect.webhooks.writing)."""


async def insert_items(service: Transaction, rows: Sequence[InboxRow]) -> int:
    """Inserts what is new; the number of such rows."""
    return await service.execute(
        _queries.insert_items,
        restaurant_ids=[row.restaurant_id for row in rows],
        ids=[row.id for row in rows],
        providers=[row.provider for row in rows],
        dedupe_keys=[row.dedupe_key for row in rows],
        event_types=[row.event_type for row in rows],
        payloads=[row.payload_sealed for row in rows],
        subjects=[row.subject for row in rows],
        statuses=[row.status for row in rows],
        reasons=[row.reason for row in rows],
        received=[row.received_at for row in rows],
    )


async def ring_inbox(service: Transaction) -> None:
    await service.execute(_queries.ring_inbox)


async def add_refusals(service: Transaction, counts: Mapping[Refusal, int]) -> None:
    """Adds deliveries that were refused to those of their hour."""
    await service.execute(
        _queries.add_refusals,
        restaurants=[refusal.restaurant_id for refusal in counts],
        hours=[refusal.hour for refusal in counts],
        providers=[refusal.provider for refusal in counts],
        reasons=[refusal.reason for refusal in counts],
        deliveries=list(counts.values()),
    )


async def due_items(service: Transaction, *, now: datetime, most: int) -> list[DueItem]:
    return await service.all(_queries.due_items, DueItem, now=now, most=most)


async def claim_item(service: Transaction, due: DueItem, *, now: datetime) -> SealedItem | None:
    return await service.one_or_none(
        _queries.claim_item, SealedItem, restaurant_id=due.restaurant_id, id=due.id, now=now
    )


async def conclude_item(service: Transaction, item: SealedItem, outcome: Outcome, *, now: datetime) -> None:
    await service.execute(
        _queries.conclude_item,
        restaurant_id=item.restaurant_id,
        id=item.id,
        status=outcome.status,
        reason=outcome.reason,
        now=now,
    )


async def postpone_item(service: Transaction, item: SealedItem, *, at: datetime, reason: str) -> None:
    await service.execute(_queries.postpone_item, restaurant_id=item.restaurant_id, id=item.id, at=at, reason=reason)


async def log_delivery(
    service: Transaction, item: SealedItem, *, status: str, error: str | None, now: datetime
) -> None:
    await service.execute(
        _queries.log_delivery,
        restaurant_id=item.restaurant_id,
        id=item.id,
        provider=item.provider,
        url=PREFIX + item.provider,
        status=status,
        error=error,
        attempts=item.attempts,
        received_at=item.received_at,
        now=now,
    )


async def next_item_at(service: Transaction) -> datetime | None:
    found = await service.value(_queries.next_item_at)
    assert found is None or isinstance(found, datetime)
    return found


async def items_of(
    transaction: Transaction, restaurant_id: UUID, *, status: str | None, provider: str | None, most: int
) -> list[InboxItem]:
    return await transaction.all(
        _queries.items_of, InboxItem, restaurant_id=restaurant_id, status=status, provider=provider, most=most
    )


async def count_parked(transaction: Transaction, restaurant_id: UUID) -> int:
    return int(await transaction.value(_queries.count_parked, restaurant_id=restaurant_id))


async def apply_again(service: Transaction, restaurant_id: UUID, *, item: UUID | None, now: datetime) -> int:
    return await service.execute(_queries.apply_again, restaurant_id=restaurant_id, id=item, now=now)


async def find_parked(service: Transaction, *, since: datetime) -> list[Parked]:
    return await service.all(_queries.find_parked, Parked, since=since)


async def notify(
    service: Transaction,
    restaurant_id: UUID,
    *,
    kind: str,
    title: str,
    body: str,
    facts: Mapping[str, object],
    link: str,
    now: datetime,
) -> bool:
    """Tells the restaurant's people, unless they were told the same within half a day."""
    return bool(
        await service.execute(
            _queries.notify,
            restaurant_id=restaurant_id,
            id=new_id(),
            kind=kind,
            title=title,
            body=body,
            facts=Jsonb(dict(facts)),
            link=link,
            now=now,
        )
    )
