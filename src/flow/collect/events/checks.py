"""Whether events are good: their clock, their name, their properties; and the rows of those that are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from flow.collect.events import layouts
from flow.collect.events.content import content_of
from flow.collect.events.envelope import FaultyEvent, WireEvent
from flow.collect.events.errors import RejectionCode
from flow.collect.events.payload import InvalidEvent
from flow.collect.events.rows import NULL
from flow.collect.events.types import EPOCH, MICROSECOND, Event, Item, Kind, Microseconds, Page, Rejected, Visit
from flow.kit.ids import new_id

__all__ = ["NEWEST", "OLDEST", "check_events"]

OLDEST: Final = timedelta(days=35)
NEWEST: Final = timedelta(hours=24)
"""How far an event's time may lie behind and ahead of the server's."""

_BEHIND, _AHEAD, _DAY = OLDEST // MICROSECOND, NEWEST // MICROSECOND, timedelta(days=1) // MICROSECOND
# A page may have been open for longer than an event may be late; its row is kept for three months.
_PAGE_BEHIND: Final = timedelta(days=60) // MICROSECOND
_UNIX_EPOCH: Final = -946_684_800_000_000
_LONGEST_NAME: Final = 200
_COLUMNS: Final = len(layouts.EVENT)
_OPENING, _SCROLL, _CLICK = Kind.OPENING, Kind.SCROLL, Kind.CLICK  # looking one up takes longer than comparing it
_NO_PAGE: Final = Page(-1, None, 0, None, b"", b"", b"")


def check_events(
    sent: Iterable[WireEvent | FaultyEvent], received: Microseconds, visit: Visit, *, namespace: str
) -> list[Item]:
    """Each event in the order sent, good or refused; the `raw` of a refused one is still to be filled in.

    The fastest loop of the house, hence one function: a call per event and step would take as long again.
    """
    items: list[Item] = []
    oldest, newest = received - _BEHIND, received + _AHEAD
    restaurant, page = visit.restaurant, _NO_PAGE
    for event in sent:
        if isinstance(event, FaultyEvent):
            items.append(Rejected(new_id(), event.id, event.code, event.message, event.event_name))
            continue
        at = (event.timestamp - EPOCH) // MICROSECOND
        if not oldest <= at <= newest:
            items.append(_refused(event, "timestamp_out_of_range", _how_wrong(at, received)))
            continue
        try:
            content = content_of(event.event_name, bytes(event.event_data), namespace)
        except InvalidEvent as error:
            items.append(_refused(event, error.code, error.message))
            continue
        view = event.page_view_id
        number = 0 if view is None else view.int
        if number != page.number or event.page_url != page.url:
            page = _page(event, number, received)
        head = layouts.event_head(_COLUMNS, 16, restaurant, 8, at, 16, event.id.int.to_bytes(16, "big"))
        kind = content.kind
        place = (
            layouts.heatmap_row(event, content, page, visit, head=head) if kind is _CLICK or kind is _SCROLL else None
        )
        title = layouts.title_field(event) if kind is _OPENING else NULL
        tail = layouts.event_tail(event, content, page)
        details = layouts.event_details(event)
        seq, spent = event.seq, event.time_on_page_ms
        items.append(Event(event.id, at, content, page, seq, spent, head, tail, details, place, title))
    return items


def _page(event: WireEvent, number: int, received: Microseconds) -> Page:
    """What the events of one page view have in common."""
    event.page_url = url = layouts.cut_url(event.page_url)
    view = number.to_bytes(16, "big") if number else None
    entered = _entered(number, received)
    fields = layouts.page_fields(view, url)
    return Page(number, None if entered is None else view, entered or 0, url, *fields)


def _entered(page_view: int, received: Microseconds) -> Microseconds | None:
    """The time within a page view's id; None when it holds none that can be right."""
    if (page_view >> 76) & 15 != 7:  # the version
        return None
    entered = (page_view >> 80) * 1000 + _UNIX_EPOCH
    return entered if received - _PAGE_BEHIND <= entered <= received + _AHEAD else None


def _refused(event: WireEvent, code: RejectionCode, message: str) -> Rejected:
    return Rejected(new_id(), event.id, code, message, event.event_name[:_LONGEST_NAME])


def _how_wrong(at: Microseconds, received: Microseconds) -> str:
    days = round((at - received) / _DAY)
    where = f"{-days} days behind" if days < 0 else f"{days} days ahead of"
    return (
        f"timestamp is {where} the server's clock; an event may be {OLDEST.days} days late, "
        f"and its clock {NEWEST // timedelta(hours=1)} hours fast"
    )
