"""What Meta says: batches of entries, each with items about one account."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final, TypeVar

import msgspec

from flow.collect.webhooks.errors import Unreadable
from flow.collect.webhooks.types import Arrival

__all__ = ["MessagingItem", "accounts", "at", "parse", "read", "text_of"]

_UNKNOWN: Final = "unknown"
_Struct = TypeVar("_Struct", bound=msgspec.Struct)


class Party(msgspec.Struct):
    id: str


class QuickReply(msgspec.Struct):
    payload: str | None = None


class Attachment(msgspec.Struct):
    type: str | None = None


class Message(msgspec.Struct):
    """A message, or what became of one; `text` is missing where there are only attachments."""

    mid: str
    text: str | None = None
    attachments: list[Attachment] = []
    is_echo: bool = False
    is_deleted: bool = False
    is_unsupported: bool = False


class MessageEdit(msgspec.Struct):
    mid: str
    text: str | None = None
    num_edit: int = 0


class Postback(msgspec.Struct):
    mid: str | None = None
    title: str | None = None


class Reaction(msgspec.Struct):
    mid: str | None = None
    action: str | None = None


class Read(msgspec.Struct):
    """Instagram names a message, Messenger a moment (ms)."""

    mid: str | None = None
    watermark: int | None = None


class Receipt(msgspec.Struct):
    mids: list[str] = []
    watermark: int | None = None


class MessagingItem(msgspec.Struct):
    """One item of `messaging`: exactly one of the kinds is there. `timestamp` is in ms."""

    sender: Party
    recipient: Party
    timestamp: int = 0
    message: Message | None = None
    message_edit: MessageEdit | None = None
    postback: Postback | None = None
    reaction: Reaction | None = None
    read: Read | None = None
    delivery: Receipt | None = None


class _Entry(msgspec.Struct):
    id: str
    messaging: list[msgspec.Raw] = []
    standby: list[msgspec.Raw] = []
    changes: list[msgspec.Raw] = []
    field: str | None = None
    value: msgspec.Raw = msgspec.Raw()


class _Delivery(msgspec.Struct):
    object: str
    entry: list[msgspec.Raw] = []


class _Named(msgspec.Struct):
    id: str


class _Change(msgspec.Struct):
    field: str | None = None


def accounts(body: bytes) -> list[str]:
    """The accounts that a delivery says it is about; none for what cannot be read."""
    try:
        delivery = msgspec.json.decode(body, type=_Delivery)
    except msgspec.MsgspecError:
        return []
    return [entry.id for raw in delivery.entry if (entry := _decoded(raw, _Named)) is not None]


def read(body: bytes, *, about: str, account: str | None) -> list[Arrival]:
    """The facts of a delivery that are about this account; Unreadable for what is no delivery of Meta's.

    `about` is `instagram` or `page`. Entries of accounts that others have connected are theirs.
    """
    delivery = parse(body, _Delivery)
    if delivery.object != about:
        return [_fact(_UNKNOWN, body)]
    return [arrival for raw in delivery.entry for arrival in _of_entry(bytes(raw), account)]


def parse(payload: bytes, shape: type[_Struct]) -> _Struct:
    """A fact as `read` found it; Unreadable if it is something else."""
    try:
        return msgspec.json.decode(payload, type=shape)
    except msgspec.MsgspecError:
        raise Unreadable from None


def at(item: MessagingItem) -> datetime | None:
    """When it happened; None for a time that is none."""
    try:
        return datetime.fromtimestamp(item.timestamp / 1000, UTC) if item.timestamp else None
    except (OverflowError, ValueError, OSError):
        return None


def text_of(item: MessagingItem) -> str:
    """What the guest said, as far as words go; `[image]` for an attachment, whose address expires."""
    if item.postback is not None:
        return _clean(item.postback.title)
    if item.message is None:
        return ""
    attached = " ".join(f"[{each.type or 'file'}]" for each in item.message.attachments)
    unsupported = "[?]" if item.message.is_unsupported else ""
    return " ".join(filter(None, (_clean(item.message.text), attached, unsupported)))


def _clean(text: str | None) -> str:
    return (text or "").replace("\0", "")


def _of_entry(raw: bytes, account: str | None) -> Iterator[Arrival]:
    entry = _decoded(raw, _Entry)
    if entry is None:
        yield _fact(_UNKNOWN, raw)
        return
    if account is not None and entry.id != account:
        return
    for item in entry.messaging:
        yield _of_item(bytes(item), entry.id)
    for item in entry.standby:  # another app answers in this thread
        yield _fact("standby", bytes(item))
    for change in entry.changes:
        named = _decoded(change, _Change)
        yield _fact(named.field if named and named.field else _UNKNOWN, bytes(change))
    if entry.field is not None:
        yield _fact(entry.field, raw)


def _of_item(raw: bytes, account: str) -> Arrival:
    item = _decoded(raw, MessagingItem)
    if item is None:
        return _fact(_UNKNOWN, raw)
    kind, key = _kind_and_key(item, raw)
    is_ours = item.sender.id == account
    if kind == "message" and is_ours:
        kind = "echo"
    contact = item.recipient.id if is_ours else item.sender.id
    return Arrival(dedupe_key=f"{kind}:{key}", event_type=kind, payload=raw, contact=contact)


def _kind_and_key(item: MessagingItem, raw: bytes) -> tuple[str, str]:  # noqa: PLR0911 (one line per kind)
    """What kind of fact it is, and what makes it the same fact when it comes again."""
    when = f"{item.sender.id}:{item.timestamp}"
    if item.message is not None:
        kind = "echo" if item.message.is_echo else "deleted" if item.message.is_deleted else "message"
        return kind, item.message.mid
    if item.message_edit is not None:
        return "edit", f"{item.message_edit.mid}:{item.message_edit.num_edit}"
    if item.postback is not None:
        return "postback", item.postback.mid or when
    if item.reaction is not None:
        return "reaction", f"{item.reaction.mid}:{item.reaction.action}:{when}"
    if item.read is not None:
        return "read", f"{item.read.mid or item.read.watermark}:{when}"
    if item.delivery is not None:
        return "delivery", f"{item.delivery.watermark}:{':'.join(item.delivery.mids)}"
    return "other", hashlib.sha256(raw).hexdigest()


def _fact(kind: str, payload: bytes) -> Arrival:
    return Arrival(dedupe_key=f"{kind}:{hashlib.sha256(payload).hexdigest()}", event_type=kind, payload=payload)


def _decoded(raw: msgspec.Raw | bytes, shape: type[_Struct]) -> _Struct | None:
    try:
        return msgspec.json.decode(raw, type=shape)
    except msgspec.MsgspecError:
        return None
