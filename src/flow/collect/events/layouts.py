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
from flow.collect.events.rows import NULL, Field, Oid, Row
from flow.collect.events.sources import classify
from flow.collect.events.types import Content, Event, Kind, Microseconds, Page, Rejected, Visit

__all__ = [
    "DROPPED",
    "EVENT",
    "HEATMAP_EVENT",
    "PAGE_VIEW",
    "REJECTED",
    "SESSION",
    "STALE_DAY",
    "cut_url",
    "dropped_row",
    "event_details",
    "event_fields",
    "event_head",
    "event_middle",
    "event_tail",
    "heatmap_fields",
    "heatmap_row",
    "page_fields",
    "page_path",
    "page_view_row",
    "rejected_row",
    "session_row",
    "stale_day_row",
    "title_field",
]

EVENT: Final = (
    *(Oid.UUID, Oid.TIMESTAMPTZ, Oid.UUID, Oid.UUID, Oid.TIMESTAMPTZ, Oid.UUID, Oid.INTEGER),
    *(Oid.TEXT, Oid.TEXT, Oid.TEXT, Oid.TEXT, Oid.JSONB),
    *(Oid.INTEGER, Oid.INTEGER, Oid.INTEGER, Oid.INTEGER, Oid.INTEGER, Oid.TEXT, Oid.TEXT, Oid.TEXT),
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
HEATMAP_EVENT: Final = (
    *(Oid.UUID, Oid.TIMESTAMPTZ, Oid.UUID, Oid.INTEGER, Oid.INTEGER, Oid.REAL, Oid.REAL, Oid.INTEGER, Oid.INTEGER),
    *(Oid.TEXT, Oid.TEXT, Oid.TEXT),
)
REJECTED: Final = (*(Oid.UUID, Oid.UUID, Oid.TIMESTAMPTZ, Oid.TEXT, Oid.TEXT, Oid.TEXT, Oid.TEXT, Oid.JSONB),)
DROPPED: Final = (Oid.UUID, Oid.TIMESTAMPTZ, Oid.TEXT, Oid.TEXT, Oid.BIGINT)
STALE_DAY: Final = (Oid.UUID, Oid.DATE, Oid.TEXT)

event_head: Final = Struct("!h i16s iq i16s").pack
"""The number of columns, and the key, each field behind its length: restaurant_id, timestamp, id."""

_event_middle = Struct("!i16s iq").pack
_four_integers = Struct("!ii ii ii ii").pack
# viewport_width, viewport_height, x_percent, y_percent; of a scroll x_percent is null, and so are x_px and y_px
_click_rest = Struct("!ii ii if if").pack
_scroll_rest = lru_cache(maxsize=1024)(Struct("!ii ii i if ii").pack)

_NO_DETAILS: Final = NULL * 8
_NO_DETAILS_FIELDS: Final = (NULL,) * 8
_LONGEST_URL, _LONGEST_TITLE, _LONGEST_ATTRIBUTE, _LONGEST_TEXT = 2048, 512, 200, 100
_LONGEST_PATH: Final = 512  # it is part of keys
_OPENING, _SCROLLING = Kind.OPENING, Kind.SCROLL  # looking a member up takes longer than comparing it
_SCROLL: Final = rows.text("scroll")
_CLICK: Final = rows.text("click")
_HEATMAP_COLUMNS: Final = len(HEATMAP_EVENT).to_bytes(2, "big")
_LATE_EVENTS: Final = rows.text("late events")


def event_middle(session: bytes, received: Microseconds) -> bytes:
    """session_id and created_at."""
    return _event_middle(16, session, 8, received)


def event_tail(sent: WireEvent, content: Content, page: Page) -> bytes:
    """page_view_id to event_data. The title is kept with the page view, not with each click on the page."""
    has_own_title = content.kind is _OPENING or not page.number
    return b"".join(
        (
            page.view_field,
            _small(sent.seq),
            content.name_fields,
            page.url_field,
            title_field(sent) if has_own_title else NULL,
            content.data_field,
        )
    )


def event_details(sent: WireEvent) -> bytes:
    """time_on_page_ms to element_text; most events have none of them."""
    is_plain = (
        sent.viewport_x is None
        and sent.time_on_page_ms is None
        and sent.element_text is None
        and sent.element_class is None
        and sent.element_id is None
        and sent.page_x is None
    )
    return _NO_DETAILS if is_plain else _details(sent)


def event_fields(event: Event, middle: bytes) -> tuple[Field, ...]:
    """The fields of an event's row."""
    head, details = event.head, event.details
    return (
        *(head[2:22], head[22:34], head[34:], middle[:20], middle[20:]),
        *rows.fields_of(event.tail),
        *(_NO_DETAILS_FIELDS if details is _NO_DETAILS else rows.fields_of(details)),
    )


def page_fields(view: bytes | None, url: str | None) -> tuple[bytes, bytes, bytes]:
    """page_view_id, page_url and page_path."""
    return (NULL if view is None else rows.uuid(view)), _text(url), _text(page_path(url))


def cut_url(url: str | None) -> str | None:
    """An address as far as it is kept."""
    return url if url is None else url[:_LONGEST_URL]


def session_row(tally: SessionTally) -> Row:
    """What these events make of their session; the earliest of them says where it came from."""
    visit = tally.submission.visit
    source = classify(tally.first.page.url or "", visit.referrer, own_hosts=tally.submission.site.hosts)
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
        tally.first.page.url,
        tally.last.page.url,
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
    opening = tally.opening
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
        opening.page.url_field if opening else NULL,
        opening.page.path_field if opening else NULL,
        opening.title if opening else NULL,
    )


def heatmap_row(sent: WireEvent, content: Content, page: Page, visit: Visit, *, head: bytes) -> bytes | None:
    """A click's position or a scroll's depth, as a share of the viewport or the page; None where there is none.

    `head` is that of the event's own row: both begin with the same key.
    """
    if page.path_field == NULL or visit.viewport_width <= 0 or visit.viewport_height <= 0:
        return None
    if content.kind is _SCROLLING:
        return _scrolled(content, page, visit, head)
    return _clicked(sent, content, page, visit, head)


def heatmap_fields(row: bytes) -> Row:
    """The fields of a row of the heatmap."""
    return rows.fields_of(row[2:])


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


def title_field(sent: WireEvent) -> bytes:
    """page_title."""
    return _text(None if sent.page_title is None else sent.page_title[:_LONGEST_TITLE])


def _details(sent: WireEvent) -> bytes:
    texts = (
        sent.element_id and sent.element_id[:_LONGEST_ATTRIBUTE],
        sent.element_class and sent.element_class[:_LONGEST_ATTRIBUTE],
        sent.element_text and sent.element_text[:_LONGEST_TEXT],
    )
    return b"".join((rows.integer(_rounded(sent.time_on_page_ms)), _positions(sent), *map(_text, texts)))


def _positions(sent: WireEvent) -> bytes:
    """viewport_x to page_y: a click has all of them, most others none."""
    x, y, page_x, page_y = sent.viewport_x, sent.viewport_y, sent.page_x, sent.page_y
    if x is None or y is None or page_x is None or page_y is None:
        return b"".join([rows.integer(_rounded(number)) for number in (x, y, page_x, page_y)])
    return _four_integers(4, round(x), 4, round(y), 4, round(page_x), 4, round(page_y))


def _scrolled(content: Content, page: Page, visit: Visit, head: bytes) -> bytes:
    depth = content.data["scroll_depth_pct"] / 100
    numbers = _scroll_rest(4, visit.viewport_width, 4, visit.viewport_height, -1, 4, depth, -1, -1)
    return b"".join((_HEATMAP_COLUMNS, head[2:], numbers, _SCROLL, page.path_field, NULL))


def _clicked(sent: WireEvent, content: Content, page: Page, visit: Visit, head: bytes) -> bytes | None:
    """None for a click by keyboard, which has no position."""
    width, height = visit.viewport_width, visit.viewport_height
    if sent.viewport_x is None or sent.viewport_y is None:
        return None
    shares = _click_rest(4, width, 4, height, 4, _share(sent.viewport_x, width), 4, _share(sent.viewport_y, height))
    pixels = rows.integer(_rounded(sent.page_x)) + rows.integer(_rounded(sent.page_y))
    selector = _text(_selector(sent, content))
    return b"".join((_HEATMAP_COLUMNS, head[2:], shares, pixels, _CLICK, page.path_field, selector))


def _share(position: float, whole: int) -> float:
    return position / whole if 0 <= position <= whole else float(position > 0)


def _rounded(position: float | None) -> int | None:
    return None if position is None else round(position)


def _selector(sent: WireEvent, content: Content) -> str | None:
    selector = content.data.get("element_selector")
    if isinstance(selector, str):
        return selector[:200]
    return f"#{sent.element_id}" if sent.element_id else None


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
_small = lru_cache(maxsize=1024)(rows.integer)
