"""Whether one event is good: its clock, its name, its properties, its lengths; and its row in the table."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import Final

from flow.collect.events import catalogue, rows
from flow.collect.events.envelope import WireEvent
from flow.collect.events.layouts import event_head, event_tail
from flow.collect.events.types import Content, Event, Microseconds, microseconds

__all__ = ["NEWEST", "OLDEST", "TimestampOutOfRange", "check"]

OLDEST: Final = timedelta(days=35)
NEWEST: Final = timedelta(hours=24)
"""How far an event's time may lie behind and ahead of the server's."""

_LONGEST_URL, _LONGEST_TITLE, _LONGEST_ATTRIBUTE, _LONGEST_TEXT = 2048, 512, 200, 100
_COMMON = 200  # bytes of event_data that may be said by many
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
    read = _content if len(raw) <= _COMMON else _content.__wrapped__
    content = read(sent.event_name, raw, namespace)
    _shorten(sent)
    view = sent.page_view_id
    number = 0 if view is None else view.int
    entered = _entered(number, received)
    return Event(
        sent,
        at,
        content,
        event_head(restaurant, at, sent.id.int.to_bytes(16, "big")),
        event_tail(sent, content, None if view is None else number.to_bytes(16, "big")),
        None if entered is None else number.to_bytes(16, "big"),
        entered or 0,
    )


@lru_cache(maxsize=4096)
def _content(event_name: str, raw: bytes, namespace: str) -> Content:
    """What the event says, as the catalogue has it. Kept, for a shop's visitors say the same things over and over."""
    if raw == b"null":
        raw = b"{}"
    event_type, data = catalogue.decode(event_name, raw, namespace=namespace)
    names = rows.text(event_type.name) + rows.text(event_type.category)
    return Content(event_type, data, names, rows.json_object(raw))


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


def _entered(page_view: int, received: Microseconds) -> Microseconds | None:
    """The time within a page view's id; None when it holds none that can be right."""
    if (page_view >> 76) & 15 != 7:  # the version
        return None
    entered = (page_view >> 80) * 1000 + _UNIX_EPOCH
    return entered if received - _PAGE_BEHIND <= entered <= received + _AHEAD else None
