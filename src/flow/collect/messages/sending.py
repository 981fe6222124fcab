"""Sends a message: a row of `messages` and a queued call, in the transaction that decides on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from flow.collect.integrations.queue import enqueue
from flow.collect.messages import store
from flow.collect.messages.errors import EmptyText, NoConsent, TextTooLong
from flow.collect.messages.parts import sms_size
from flow.collect.messages.splitting import split_bytes
from flow.collect.messages.types import PROVIDER_OF, Channel, Outgoing
from flow.database.installation import Installation
from flow.database.transaction import Transaction
from flow.kit.ids import new_id
from flow.privacy.consents.service import may_send

__all__ = ["MOST_AT_ONCE", "SEND", "send", "send_marketing"]

SEND: Final = "send"
"""The kind of call that carries messages; its arguments are their ids."""
MOST_AT_ONCE: Final = 250
_LONGEST_SMS: Final = 10_000  # characters; InMobile cuts what is longer
_MOST_PIECES: Final = 10
_PIECE_BYTES: Final[dict[Channel, int]] = {"instagram_dm": 1000, "facebook_messenger": 2000}


async def send(service: Transaction, restaurant_id: UUID, message: Outgoing, *, now: datetime) -> list[UUID]:
    """Queues one message and answers its id; several where the channel takes no more at once.

    EmptyText, TextTooLong. Marketing goes through `send_marketing`.
    """
    if message.kind == "marketing":
        raise NoConsent
    text = message.text.strip()
    if not text:
        raise EmptyText
    if message.channel == "sms":
        return await _send_sms(service, restaurant_id, [_with_text(message, text)], now=now)
    pieces = split_bytes(text, _PIECE_BYTES[message.channel])
    if len(pieces) > _MOST_PIECES:
        raise TextTooLong
    return [await _send_piece(service, restaurant_id, _with_text(message, piece), now=now) for piece in pieces]


async def send_marketing(
    service: Transaction,
    installation: Installation,
    restaurant_id: UUID,
    messages: Sequence[Outgoing],
    *,
    now: datetime,
) -> tuple[list[UUID], list[Outgoing]]:
    """Queues SMS with news and offers to those who agreed to them; the ids, and the messages that may not go.

    Each row keeps the consent it relies on, and is not sent when that was withdrawn in between.
    """
    allowed: list[Outgoing] = []
    refused: list[Outgoing] = []
    for message in messages:
        consent = await may_send(service, installation, restaurant_id, message.contact, "sms", at=now)
        if message.channel != "sms" or consent is None or not message.text.strip():
            refused.append(message)
        else:
            allowed.append(_with_text(message, message.text.strip(), kind="marketing", consent_id=consent))
    return await _send_sms(service, restaurant_id, allowed, now=now), refused


async def _send_sms(
    service: Transaction, restaurant_id: UUID, messages: Sequence[Outgoing], *, now: datetime
) -> list[UUID]:
    """SMS by the batch: one call carries up to 250."""
    ids: list[UUID] = []
    for message in messages:
        if len(message.text) > _LONGEST_SMS:
            raise TextTooLong
        message_id = new_id()
        ids.append(message_id)
        await store.add_outgoing(
            service,
            restaurant_id,
            message,
            message_id=message_id,
            provider=PROVIDER_OF["sms"],
            provider_message_id=str(message_id),  # ours is the id at the provider too: it sends no id twice
            parts=sms_size(message.text).parts,
            now=now,
        )
    for first in range(0, len(ids), MOST_AT_ONCE):
        await _queue(service, restaurant_id, PROVIDER_OF["sms"], ids[first : first + MOST_AT_ONCE], now=now)
    return ids


async def _send_piece(service: Transaction, restaurant_id: UUID, message: Outgoing, *, now: datetime) -> UUID:
    message_id = new_id()
    provider = PROVIDER_OF[message.channel]
    await store.add_outgoing(
        service,
        restaurant_id,
        message,
        message_id=message_id,
        provider=provider,
        provider_message_id=None,
        parts=None,
        now=now,
    )
    await _queue(service, restaurant_id, provider, [message_id], now=now)
    return message_id


async def _queue(
    service: Transaction, restaurant_id: UUID, provider: str, ids: Sequence[UUID], *, now: datetime
) -> None:
    arguments = {"messages": [str(each) for each in ids]}
    await enqueue(service, restaurant_id, provider, SEND, f"{SEND}:{ids[0]}", arguments, now=now)


def _with_text(message: Outgoing, text: str, **changes: object) -> Outgoing:
    return replace(message, text=text, **changes)  # type: ignore[arg-type]
