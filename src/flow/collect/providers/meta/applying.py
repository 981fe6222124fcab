"""Lets Meta's facts take effect: messages are taken in, echoes recognised, receipts move what was sent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from flow.collect.messages import store
from flow.collect.messages.errors import NotHereYet
from flow.collect.messages.receiving import take_in
from flow.collect.messages.reports import take_report
from flow.collect.messages.types import Arrived, Channel, Delivery, Enter, Incoming
from flow.collect.providers.meta.payload import MessagingItem, at, parse, text_of
from flow.collect.webhooks.types import Applying, Item, Outcome

__all__ = ["KINDS", "apply"]

KINDS: Final = ("message", "postback", "echo", "deleted", "edit", "read", "delivery")
"""What has an effect. The rest is kept in the inbox for a while, and ignored."""


async def apply(applying: Applying, item: Item, channel: Channel, enter: Enter) -> Outcome:
    if item.event_type not in KINDS:
        return Outcome("ignored", "without_effect")
    fact = parse(item.payload, MessagingItem)
    if item.event_type in ("message", "postback"):
        return await take_in(applying, _incoming(fact, item, channel, fact.sender.id), enter)
    if item.event_type == "echo":
        return await _echo(applying, _incoming(fact, item, channel, fact.recipient.id), enter)
    if item.event_type == "deleted":
        return await _deleted(applying, fact, item, channel)
    if item.event_type == "edit":
        return await _edited(applying, fact)
    return await _receipt(applying, fact, item)


def _incoming(fact: MessagingItem, item: Item, channel: Channel, contact: str) -> Incoming:
    mid = fact.message.mid if fact.message else fact.postback.mid if fact.postback else None
    return Incoming(
        channel=channel,
        contact=contact,
        text=text_of(fact),
        message_id=mid or f"postback:{fact.sender.id}:{fact.timestamp}",
        sent_at=at(fact) or item.received_at,
    )


async def _echo(applying: Applying, echo: Incoming, enter: Enter) -> Outcome:
    """A message of ours comes back. One that nobody here wrote was written in the channel's own app."""
    service, integration = applying.transaction, applying.integration
    provider, restaurant_id = integration.integration_name, integration.restaurant_id
    sent = Delivery(status="sent", at=min(echo.sent_at, applying.now))
    known = await store.find_by_provider_id(service, restaurant_id, provider, echo.message_id)
    if known is not None:
        await store.report(service, restaurant_id, provider, echo.message_id, sent)
        return Outcome("ignored", "echo")
    if await store.claim_echo(service, restaurant_id, provider, echo, at=applying.now) is not None:
        return Outcome("done")
    message_id = await store.add_from_elsewhere(
        service, restaurant_id, provider, echo, created_at=min(echo.sent_at, applying.now)
    )
    if message_id is not None:
        await enter(Arrived(applying=applying, message_id=message_id, incoming=echo, is_answer=True))
    return Outcome("done")


async def _deleted(applying: Applying, fact: MessagingItem, item: Item, channel: Channel) -> Outcome:
    assert fact.message is not None
    integration = applying.integration
    await store.withdraw(
        applying.transaction,
        integration.restaurant_id,
        integration.integration_name,
        channel=channel,
        contact=fact.sender.id,
        message_id=fact.message.mid,
        at=at(fact) or item.received_at,
    )
    return Outcome("done")


async def _edited(applying: Applying, fact: MessagingItem) -> Outcome:
    """NotHereYet when the edit overtook the message: it is tried again."""
    assert fact.message_edit is not None
    service, integration = applying.transaction, applying.integration
    restaurant_id, provider, mid = integration.restaurant_id, integration.integration_name, fact.message_edit.mid
    if await store.find_by_provider_id(service, restaurant_id, provider, mid) is None:
        raise NotHereYet
    text = (fact.message_edit.text or "").replace("\0", "")
    await store.change_text(service, restaurant_id, provider, message_id=mid, text=text)
    return Outcome("done")


async def _receipt(applying: Applying, fact: MessagingItem, item: Item) -> Outcome:
    """Receipts name messages, or a moment until which all has arrived or was read."""
    when = min(at(fact) or item.received_at, applying.now)
    delivery = Delivery(status="read" if fact.read is not None else "delivered", at=when)
    receipt = fact.read or fact.delivery
    assert receipt is not None
    mids = [fact.read.mid] if fact.read and fact.read.mid else fact.delivery.mids if fact.delivery else []
    moved = 0
    for mid in filter(None, mids):
        moved += (await take_report(applying, mid, delivery)).status == "done"
    if receipt.watermark is not None:
        moved += await _until(applying, fact, delivery, receipt.watermark)
    return Outcome("done") if moved else Outcome("ignored", "nothing_of_ours")


async def _until(applying: Applying, fact: MessagingItem, delivery: Delivery, watermark: int) -> int:
    try:
        until = datetime.fromtimestamp(watermark / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return 0
    integration = applying.integration
    return await store.report_until(
        applying.transaction,
        integration.restaurant_id,
        integration.integration_name,
        fact.sender.id,
        delivery,
        until,
    )
