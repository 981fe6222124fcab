"""One function per statement of queries.sql. All need a transaction of the service."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from psycopg.types.json import Jsonb

from flow.collect.messages.types import Channel, Delivery, Incoming, Keyword, Outgoing, Sendable, StoredMessage
from flow.database.queries import load_queries
from flow.database.transaction import Transaction
from flow.kit.ids import new_id
from flow.web.i18n import Language

_queries = load_queries(__package__)


async def add_incoming(
    service: Transaction,
    restaurant_id: UUID,
    provider: str,
    incoming: Incoming,
    *,
    customer_id: UUID | None,
    created_at: datetime,
) -> UUID | None:
    """The id of the new row; None where the message is there already."""
    message = new_id()
    added = await service.execute(
        _queries.add_incoming,
        restaurant_id=restaurant_id,
        id=message,
        channel=incoming.channel,
        contact=incoming.contact,
        customer_id=customer_id,
        body=incoming.text,
        provider=provider,
        provider_message_id=incoming.message_id,
        created_at=created_at,
    )
    return message if added else None


async def add_outgoing(
    service: Transaction,
    restaurant_id: UUID,
    message: Outgoing,
    *,
    message_id: UUID,
    provider: str,
    provider_message_id: str | None,
    parts: int | None,
    now: datetime,
) -> None:
    await service.execute(
        _queries.add_outgoing,
        restaurant_id=restaurant_id,
        id=message_id,
        channel=message.channel,
        contact=message.contact,
        customer_id=message.customer_id,
        order_id=message.order_id,
        conversation_id=message.conversation_id,
        body=message.text,
        kind=message.kind,
        provider=provider,
        provider_message_id=provider_message_id,
        consent_id=message.consent_id,
        sent_by=message.sent_by,
        parts=parts,
        created_at=now,
    )


async def add_from_elsewhere(
    service: Transaction, restaurant_id: UUID, provider: str, written: Incoming, *, created_at: datetime
) -> UUID | None:
    """Keeps what a person wrote in the channel's own app; None where it is there already."""
    message = new_id()
    added = await service.execute(
        _queries.add_from_elsewhere,
        restaurant_id=restaurant_id,
        id=message,
        channel=written.channel,
        contact=written.contact,
        body=written.text,
        provider=provider,
        provider_message_id=written.message_id,
        created_at=created_at,
    )
    return message if added else None


async def withdraw(
    service: Transaction,
    restaurant_id: UUID,
    provider: str,
    *,
    channel: Channel,
    contact: str,
    message_id: str,
    at: datetime,
) -> None:
    await service.execute(
        _queries.add_withdrawn,
        restaurant_id=restaurant_id,
        id=new_id(),
        channel=channel,
        contact=contact,
        provider=provider,
        provider_message_id=message_id,
        withdrawn_at=at,
    )
    await _repeat_text(service, restaurant_id, provider, message_id)


async def change_text(service: Transaction, restaurant_id: UUID, provider: str, *, message_id: str, text: str) -> None:
    await service.execute(
        _queries.change_text,
        restaurant_id=restaurant_id,
        provider=provider,
        provider_message_id=message_id,
        body=text,
    )
    await _repeat_text(service, restaurant_id, provider, message_id)


async def _repeat_text(service: Transaction, restaurant_id: UUID, provider: str, message_id: str) -> None:
    await service.execute(
        _queries.repeat_text, restaurant_id=restaurant_id, provider=provider, provider_message_id=message_id
    )


async def find_by_provider_id(
    service: Transaction, restaurant_id: UUID, provider: str, message_id: str
) -> StoredMessage | None:
    return await service.one_or_none(
        _queries.find_by_provider_id,
        StoredMessage,
        restaurant_id=restaurant_id,
        provider=provider,
        provider_message_id=message_id,
    )


async def note_keyword(service: Transaction, restaurant_id: UUID, message_id: UUID, keyword: str) -> None:
    await service.execute(_queries.note_keyword, restaurant_id=restaurant_id, id=message_id, keyword=keyword)


async def note_conversation(service: Transaction, restaurant_id: UUID, message_id: UUID, conversation_id: str) -> None:
    await service.execute(
        _queries.note_conversation, restaurant_id=restaurant_id, id=message_id, conversation_id=conversation_id
    )


async def find_customer(service: Transaction, restaurant_id: UUID, phone: str) -> UUID | None:
    return cast(UUID | None, await service.value(_queries.find_customer, restaurant_id=restaurant_id, phone=phone))


async def find_keyword(service: Transaction, restaurant_id: UUID, keyword: str) -> Keyword | None:
    return await service.one_or_none(_queries.find_keyword, Keyword, restaurant_id=restaurant_id, keyword=keyword)


async def confirmed_since(service: Transaction, restaurant_id: UUID, contact: str, since: datetime) -> bool:
    return bool(
        await service.value(_queries.confirmed_since, restaurant_id=restaurant_id, contact=contact, since=since)
    )


async def stop_marketing(service: Transaction, restaurant_id: UUID, contact: str) -> int:
    return await service.execute(_queries.stop_marketing, restaurant_id=restaurant_id, contact=contact)


async def sendable(service: Transaction, restaurant_id: UUID, ids: Sequence[UUID]) -> list[Sendable]:
    """The messages that are still to be sent, locked until the transaction ends; oldest first."""
    await service.values(_queries.lock_sendable, restaurant_id=restaurant_id, ids=list(ids))
    return await service.all(_queries.sendable, Sendable, restaurant_id=restaurant_id, ids=list(ids))


async def begin_sending(service: Transaction, restaurant_id: UUID, message_id: UUID) -> None:
    await service.execute(_queries.begin_sending, restaurant_id=restaurant_id, id=message_id)


async def not_sent(service: Transaction, restaurant_id: UUID, message_id: UUID) -> None:
    await service.execute(_queries.not_sent, restaurant_id=restaurant_id, id=message_id)


async def note_sent(
    service: Transaction,
    restaurant_id: UUID,
    message_id: UUID,
    *,
    provider_message_id: str | None = None,
    parts: int | None = None,
) -> None:
    await service.execute(
        _queries.note_sent,
        restaurant_id=restaurant_id,
        id=message_id,
        provider_message_id=provider_message_id,
        parts=parts,
    )


async def forget_echo(service: Transaction, restaurant_id: UUID, provider: str, message_id: str) -> None:
    await service.execute(
        _queries.forget_echo, restaurant_id=restaurant_id, provider=provider, provider_message_id=message_id
    )


async def note_refused(
    service: Transaction, restaurant_id: UUID, message_id: UUID, code: str, message: str | None = None
) -> None:
    await service.execute(
        _queries.note_refused, restaurant_id=restaurant_id, id=message_id, error_code=code, error_message=message
    )


async def report(
    service: Transaction, restaurant_id: UUID, provider: str, message_id: str, delivery: Delivery
) -> UUID | None:
    """The row that moved; None where none did, be it unknown or further already."""
    found: UUID | None = await service.value(
        _queries.report,
        restaurant_id=restaurant_id,
        provider=provider,
        provider_message_id=message_id,
        status=delivery.status,
        at=delivery.at,
        error_code=delivery.error_code,
        error_message=delivery.error_message,
        parts=delivery.parts,
    )
    return found


async def report_until(
    service: Transaction, restaurant_id: UUID, provider: str, contact: str, delivery: Delivery, until: datetime
) -> int:
    return await service.execute(
        _queries.report_until,
        restaurant_id=restaurant_id,
        provider=provider,
        contact=contact,
        status=delivery.status,
        at=delivery.at,
        until=until,
    )


async def report_send(service: Transaction, restaurant_id: UUID, message_id: UUID, delivery: Delivery) -> None:
    await service.execute(
        _queries.report_send,
        restaurant_id=restaurant_id,
        message_id=message_id,
        status=delivery.status,
        at=delivery.at,
    )


async def claim_echo(
    service: Transaction, restaurant_id: UUID, provider: str, incoming: Incoming, *, at: datetime
) -> UUID | None:
    """The message of ours that this is the echo of, which now has its id."""
    found: UUID | None = await service.value(
        _queries.claim_echo,
        restaurant_id=restaurant_id,
        provider=provider,
        contact=incoming.contact,
        body=incoming.text,
        provider_message_id=incoming.message_id,
        at=at,
    )
    return found


async def notify_staff(
    service: Transaction, restaurant_id: UUID, *, kind: str, title: str, body: str, link: str, now: datetime
) -> None:
    await service.execute(
        _queries.notify_staff,
        restaurant_id=restaurant_id,
        id=new_id(),
        kind=kind,
        severity="info",
        title=title,
        body=body,
        facts=Jsonb({}),
        link=link,
        now=now,
    )


async def language_and_name(service: Transaction, restaurant_id: UUID) -> tuple[Language, str]:
    language, name = (await service.tuples(_queries.find_language, restaurant_id=restaurant_id))[0]
    return cast(Language, language), name


async def give_up(service: Transaction, *, since: datetime) -> int:
    return await service.execute(_queries.give_up, since=since)


async def database_time(service: Transaction) -> datetime:
    return cast(datetime, await service.value(_queries.database_time))
