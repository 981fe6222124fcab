"""The rows of each table as ingest writes them, in the column order of statements.sql."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from struct import Struct
from typing import Final

import msgspec

from flow.collect.events import rows
from flow.collect.events.derive import PageViewTally, SessionTally
from flow.collect.events.envelope import WireEvent
from flow.collect.events.rows import NULL, Oid, Row
from flow.collect.events.sources import classify
from flow.collect.events.types import Content, Event, Microseconds, Rejected, Visit

__all__ = [
    "DROPPED",
    "EVENT",
    "HEATMAP",
    "PAGE_VIEW",
    "REJECTED",
    "SESSION",
    "STALE_DAY",
    "dropped_row",
    "event_head",
    "event_middle",
    "event_tail",
    "heatmap_row",
    "page_path",
    "page_view_row",
    "rejected_row",
    "session_row",
    "stale_day_row",
]

EVENT: Final = (
    *(Oid.UUID, Oid.TIMESTAMPTZ, Oid.UUID, Oid.UUID, Oid.TIMESTAMPTZ, Oid.UUID),
    *[Oid.INTEGER] * 6,
    *[Oid.TEXT] * 7,
    Oid.JSONB,
)
SESSION: Final = (
    *(Oid.UUID, Oid.UUID, Oid.UUID, Oid.BOOLEAN, Oid.TIMESTAMPTZ, Oid.TIMESTAMPTZ),
    *(Oid.INTEGER, Oid.INTEGER, Oid.INTEGER),
    *[Oid.TEXT] * 17,
)
PAGE_VIEW: Final = (
    *(Oid.UUID, Oid.TIMESTAMPTZ, Oid.UUID, Oid.UUID, Oid.INTEGER, Oid.INTEGER, Oid.INTEGER),
    *(Oid.TIMESTAMPTZ, Oid.INTEGER, Oid.SMALLINT, Oid.TEXT, Oid.TEXT, Oid.TEXT),
)
HEATMAP: Final = (
    *(Oid.UUID, Oid.TIMESTAMPTZ, Oid.UUID, Oid.INTEGER, Oid.INTEGER, Oid.REAL, Oid.REAL),
    *(Oid.INTEGER, Oid.INTEGER, Oid.TEXT, Oid.TEXT, Oid.TEXT),
)
REJECTED: Final = (*(Oid.UUID, Oid.UUID, Oid.TIMESTAMPTZ, Oid.TEXT, Oid.TEXT, Oid.TEXT, Oid.TEXT, Oid.JSONB),)
DROPPED: Final = (Oid.UUID, Oid.TIMESTAMPTZ, Oid.TEXT, Oid.TEXT, Oid.BIGINT)
STALE_DAY: Final = (Oid.UUID, Oid.DATE, Oid.TEXT)

_event_head = Struct("!h i16s iq i16s").pack
_event_middle = Struct("!i16s iq").pack
_view_and_seq = Struct("!i16s ii").pack
_ID_FIELD: Final = slice(34, None)  # of a head, with its length
_NO_NUMBERS: Final = NULL * 5
_NO_ELEMENT: Final = NULL * 3
_LONGEST_PATH: Final = 512  # it is part of keys
_SCROLL: Final = rows.text("scroll")
_CLICK: Final = rows.text("click")
_LATE_EVENTS: Final = rows.text("late events")


def event_head(restaurant: bytes, at: Microseconds, identifier: bytes) -> bytes:
    """The key: restaurant_id, timestamp, id."""
    return _event_head(len(EVENT), 16, restaurant, 8, at, 16, identifier)


def event_middle(session: bytes, received: Microseconds) -> bytes:
    """session_id and created_at."""
    return _event_middle(16, session, 8, received)


def event_tail(sent: WireEvent, content: Content, view: bytes | None) -> bytes:
    """page_view_id to event_data. The title is kept with the page view, not with each click on the page."""
    seq = sent.seq
    if view is not None and seq is not None:
        place = _view_and_seq(16, view, 4, seq)
    else:
        place = (NULL if view is None else rows.uuid(view)) + rows.integer(seq)
    has_own_title = view is None or content.type.name == "page_view"
    return b"".join(
        (
            place,
            _numbers(sent),
            content.name_fields,
            _text(sent.page_url),
            _text(sent.page_title) if has_own_title else NULL,
            _element(sent),
            content.data_field,
        )
    )


def session_row(tally: SessionTally) -> Row:
    """What these events make of their session; the earliest of them says where it came from."""
    visit, first = tally.submission.visit, tally.first.sent
    source = classify(first.page_url or "", visit.referrer, own_hosts=tally.submission.site.hosts)
    texts = (
        visit.device_type,
        visit.browser,
        visit.os,
        visit.screen_resolution,
        visit.language,
        source.channel,
        source.source,
        source.utm_source,
        source.medium,
        source.campaign,
        source.term,
        source.content,
        source.click_id_type,
        visit.referrer,
        first.page_url,
        tally.last.sent.page_url,
        visit.country_code,
    )
    return (
        rows.uuid(visit.restaurant),
        rows.uuid(tally.session.id),
        rows.uuid(tally.session.visitor),
        rows.boolean(visit.is_consented),
        rows.timestamp(tally.first.at),
        rows.timestamp(tally.last.at),
        rows.integer(tally.page_views),
        rows.integer(tally.events),
        rows.integer(tally.interactions),
        *map(_text, texts),
    )


def page_view_row(tally: PageViewTally) -> Row:
    """What these events make of their page view; its address is known once its page_view event is."""
    opening = tally.opening.sent if tally.opening else None
    url = opening.page_url if opening else None
    return (
        rows.uuid(tally.restaurant),
        rows.timestamp(tally.entered),
        rows.uuid(tally.id),
        rows.uuid(tally.session),
        rows.integer(tally.clicks),
        rows.integer(tally.events),
        rows.integer(tally.max_seq),
        rows.timestamp(tally.exited),
        rows.integer(tally.time_on_page_ms),
        rows.smallint(tally.depth),
        _text(url),
        _text(page_path(url)),
        _text(opening.page_title) if opening else NULL,
    )


def heatmap_row(event: Event, visit: Visit) -> Row | None:
    """A click's position or a scroll's depth, as a share of the viewport or the page; None where there is none."""
    path = page_path(event.sent.page_url)
    place = _scrolled(event) if event.name == "page_scroll" else _clicked(event, visit)
    if place is None or path is None or visit.viewport_width <= 0 or visit.viewport_height <= 0:
        return None
    return (
        rows.uuid(visit.restaurant),
        rows.timestamp(event.at),
        event.head[_ID_FIELD],
        rows.integer(visit.viewport_width),
        rows.integer(visit.viewport_height),
        *place[:5],
        _text(path),
        place[5],
    )


def rejected_row(rejected: Rejected, visit: Visit, received: Microseconds) -> Row:
    """A row of the quarantine; raw text keeps everything but NUL, which PostgreSQL's text cannot hold."""
    raw = rejected.raw.decode("utf-8", "replace").replace("\0", "\\u0000")
    return (
        rows.uuid(visit.restaurant),
        rows.uuid(rejected.row_id.bytes),
        rows.timestamp(received),
        rows.text(rejected.code),
        rows.text(rejected.message),
        rows.text(rejected.event_name),
        rows.text(raw),
        rows.json_object(msgspec.json.encode(visit)),
    )


def dropped_row(restaurant: bytes, hour: Microseconds, reason: str, detail: str, count: int) -> Row:
    """How many events of robots were dropped in an hour."""
    return rows.uuid(restaurant), rows.timestamp(hour), rows.text(reason), rows.text(detail), rows.bigint(count)


def stale_day_row(restaurant: bytes, day: date) -> Row:
    """A business day to be counted anew."""
    return rows.uuid(restaurant), rows.date(day), _LATE_EVENTS


def _numbers(sent: WireEvent) -> bytes:
    """time_on_page_ms, viewport_x, viewport_y, page_x, page_y; most events have none of them."""
    if sent.viewport_x is None and sent.time_on_page_ms is None and sent.page_x is None:
        return _NO_NUMBERS
    numbers = (sent.time_on_page_ms, sent.viewport_x, sent.viewport_y, sent.page_x, sent.page_y)
    return b"".join([NULL if number is None else rows.integer(round(number)) for number in numbers])


def _element(sent: WireEvent) -> bytes:
    if sent.element_class is None and sent.element_text is None and sent.element_id is None:
        return _NO_ELEMENT
    return _text(sent.element_id) + _text(sent.element_class) + _text(sent.element_text)


def _scrolled(event: Event) -> Row:
    """x_percent, y_percent, x_px, y_px, event_type and element_selector of a scroll."""
    return NULL, rows.real(event.content.data["scroll_depth_pct"] / 100), NULL, NULL, _SCROLL, NULL


def _clicked(event: Event, visit: Visit) -> Row | None:
    """The same of a click; None when it was made by keyboard, which has no position."""
    sent = event.sent
    if sent.viewport_x is None or sent.viewport_y is None:
        return None
    return (
        rows.real(_share(sent.viewport_x, visit.viewport_width)),
        rows.real(_share(sent.viewport_y, visit.viewport_height)),
        rows.integer(_rounded(sent.page_x)),
        rows.integer(_rounded(sent.page_y)),
        _CLICK,
        _text(_selector(event)),
    )


def _share(position: float, whole: int) -> float:
    return min(1.0, max(0.0, position / whole)) if whole > 0 else 0.0


def _rounded(position: float | None) -> int | None:
    return None if position is None else round(position)


def _selector(event: Event) -> str | None:
    selector = event.content.data.get("element_selector")
    if isinstance(selector, str):
        return selector[:200]
    return f"#{event.sent.element_id}" if event.sent.element_id else None


@lru_cache(maxsize=4096)
def page_path(url: str | None) -> str | None:
    """The path of an address, with a fragment only where it is the route of a single-page application."""
    if url is None:
        return None
    address, _, fragment = url.partition("#")
    address = address.partition("?")[0]
    _, scheme, rest = address.partition("://")
    path = "/" + rest.partition("/")[2] if scheme else address or "/"
    route = "#" + fragment if fragment.startswith(("/", "!")) else ""
    return (path + route)[:_LONGEST_PATH]


# The same addresses, classes and words come again and again.
_text = lru_cache(maxsize=4096)(rows.text)
