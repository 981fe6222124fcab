"""Whether one event is good: its clock, its name, its properties, its lengths; and its row in the table."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from flow.collect.events import catalogue
from flow.collect.events.envelope import WireEvent
from flow.collect.events.layouts import event_tail
from flow.collect.events.types import Event, Microseconds, microseconds

__all__ = ["NEWEST", "OLDEST", "TimestampOutOfRange", "check"]

OLDEST: Final = timedelta(days=35)
NEWEST: Final = timedelta(hours=24)
"""How far an event's time may lie behind and ahead of the server's."""

_LONGEST_URL, _LONGEST_TITLE, _LONGEST_ATTRIBUTE, _LONGEST_TEXT = 2048, 512, 200, 100
_MICROSECOND = timedelta(microseconds=1)
_BEHIND, _AHEAD, _DAY = OLDEST // _MICROSECOND, NEWEST // _MICROSECOND, timedelta(days=1) // _MICROSECOND
# A page may have been open for longer than an event may be late; its row is kept for three months.
_PAGE_BEHIND = timedelta(days=60) // _MICROSECOND
_UNIX_EPOCH = -946_684_800_000_000


class TimestampOutOfRange(Exception):
    """The sender's clock is wrong by so much that no day can be told."""

    def __init__(self, at: Microseconds, received: Microseconds) -> None:
        days = round((at - received) / _DAY)
        where = f"{-days} days behind" if days < 0 else f"{days} days ahead of"
        super().__init__(
            f"timestamp is {where} the server's clock; an event may be {OLDEST.days} days late, "
            f"and its clock {NEWEST // timedelta(hours=1)} hours fast"
        )


def check(sent: WireEvent, received: Microseconds, restaurant: bytes, *, namespace: str) -> Event:
    """The event, ready to be stored; raises InvalidEvent or TimestampOutOfRange."""
    at = microseconds(sent.timestamp)
    if not received - _BEHIND <= at <= received + _AHEAD:
        raise TimestampOutOfRange(at, received)
    raw = bytes(sent.event_data)
    if raw == b"null":
        raw = b"{}"
    event_type, data = catalogue.decode(sent.event_name, raw, namespace=namespace)
    _shorten(sent)
    page_view, entered = _page_view(sent.page_view_id, received)
    return Event(
        sent=sent,
        key=restaurant + at.to_bytes(8, "big", signed=True) + sent.id.int.to_bytes(16, "big"),
        at=at,
        type=event_type,
        data=data,
        row=event_tail(sent, event_type, raw),
        page_view=page_view,
        entered=entered,
    )


def _shorten(sent: WireEvent) -> None:
    """Cuts what is longer than its column needs; nothing is refused for a long title."""
    if sent.page_url is not None and len(sent.page_url) > _LONGEST_URL:
        sent.page_url = sent.page_url[:_LONGEST_URL]
    if sent.page_title is not None and len(sent.page_title) > _LONGEST_TITLE:
        sent.page_title = sent.page_title[:_LONGEST_TITLE]
    if sent.element_id is not None:
        sent.element_id = sent.element_id[:_LONGEST_ATTRIBUTE]
    if sent.element_class is not None:
        sent.element_class = sent.element_class[:_LONGEST_ATTRIBUTE]
    if sent.element_text is not None:
        sent.element_text = sent.element_text[:_LONGEST_TEXT]


def _page_view(identifier: UUID | None, received: Microseconds) -> tuple[bytes | None, Microseconds]:
    """The page view's id and the time within it; none when it holds no time that can be right."""
    if identifier is None:
        return None, 0
    number = identifier.int
    entered = (number >> 80) * 1000 + _UNIX_EPOCH
    is_version_7 = (number >> 76) & 15 == 7
    if not is_version_7 or not received - _PAGE_BEHIND <= entered <= received + _AHEAD:
        return None, 0
    return number.to_bytes(16, "big"), entered
