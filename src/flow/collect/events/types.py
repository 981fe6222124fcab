"""What the pipeline passes along: the site, the visit, the event, and what became of it.

Times called `at`, `started` or `entered` are microseconds since 2000-01-01 UTC, as PostgreSQL counts them; ids that go
into rows are their 16 bytes. Both are what a binary COPY takes, so nothing is converted twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Any, Final
from uuid import UUID

import msgspec

from flow.collect.events.bots import BotReason
from flow.collect.events.errors import RejectionCode, Status
from flow.kit.days import BusinessCalendar

__all__ = [
    "EPOCH",
    "MICROSECOND",
    "Content",
    "Drop",
    "Event",
    "Item",
    "Kind",
    "Microseconds",
    "Page",
    "Rejected",
    "Site",
    "SiteKey",
    "Submission",
    "Visit",
    "instant",
    "microseconds",
    "unix_milliseconds",
]

Microseconds = int
EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
_EPOCH_IN_UNIX_MILLISECONDS: Final = 946_684_800_000


def microseconds(at: datetime) -> Microseconds:
    """An aware time as PostgreSQL counts it."""
    return (at - EPOCH) // MICROSECOND


def instant(at: Microseconds) -> datetime:
    """The UTC time of microseconds since 2000."""
    return EPOCH + timedelta(microseconds=at)


def unix_milliseconds(at: Microseconds) -> int:
    """Microseconds since 2000 as milliseconds since 1970."""
    return at // 1000 + _EPOCH_IN_UNIX_MILLISECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteKey:
    """A row of `site_keys` with what ingest needs of its restaurant."""

    restaurant_id: UUID
    allowed_origins: list[str]
    events_per_minute: int
    event_namespace: str
    time_zone: str
    business_day_cutoff_hour: int


@dataclass(frozen=True, slots=True)
class Site:
    """What a site key stands for. No `origins` allows any; `hosts` are those of the restaurant's own pages."""

    restaurant_id: UUID
    origins: frozenset[str]
    hosts: frozenset[str]
    events_per_minute: int
    namespace: str
    calendar: BusinessCalendar


class Visit(msgspec.Struct, gc=False, omit_defaults=True):
    """What is true of a whole batch: whose restaurant, which visitor, on what device. No address.

    `previous_visitor` is the cookieless visitor's id of the business day before, while a visit may still span the two.
    As JSON it is kept beside a rejected event, so that the event can be replayed.
    """

    restaurant: bytes
    visitor: bytes
    is_consented: bool = False
    previous_visitor: bytes | None = None
    device_type: str | None = None
    browser: str | None = None
    os: str | None = None
    screen_resolution: str | None = None
    viewport_width: int = 0
    viewport_height: int = 0
    language: str | None = None
    referrer: str | None = None
    country_code: str | None = None


class Kind(IntEnum):
    """What an event means for its page view."""

    OTHER = 0
    OPENING = 1
    SCROLL = 2
    CLICK = 3
    EXIT = 4


class Content(msgspec.Struct, frozen=True, gc=False):
    """What an event says: its type and event_data, and both as fields of its row.

    `is_interaction`: the visitor did something, rather than look on.
    """

    name: str
    kind: Kind
    is_interaction: bool
    data: dict[str, Any]
    name_fields: bytes
    data_field: bytes


class Page(msgspec.Struct, frozen=True, gc=False):
    """What the events of one page view have in common.

    `number` is the id that was sent, 0 for none; `view` the same in bytes, if a page view can be derived from it, and
    `entered` the time within. The fields are those of the events' rows.
    """

    number: int
    view: bytes | None
    entered: Microseconds
    url: str | None
    view_field: bytes
    url_field: bytes
    path_field: bytes


class Event(msgspec.Struct, gc=False):
    """A good event: its rows, and what its session and its page view need of it.

    Its row lacks session_id and created_at, which are told later: `head` is the row as far as the key, and so stands
    for the key; `tail` is what comes after those two, and `details` its end, which few events have. `place` is its row
    of the heatmap, `title` that of a page which it opens, as a field. The event as it was sent is not kept: hundreds
    wait for a commit at a time.
    """

    id: UUID
    at: Microseconds
    content: Content
    page: Page
    seq: int | None
    time_on_page_ms: float | None
    head: bytes
    tail: bytes
    details: bytes
    place: bytes | None
    title: bytes
    status: Status = "accepted"


class Rejected(msgspec.Struct, gc=False):
    """An event that goes to the quarantine; `row_id` is its id there, `id` the sender's, as far as it can be read."""

    row_id: UUID
    id: UUID | str | None
    code: RejectionCode
    message: str
    event_name: str | None
    raw: bytes = b""


class Drop(msgspec.Struct, gc=False):
    """An event of a robot: not stored, only counted. `detail` is the robot's family."""

    id: UUID | str | None
    code: BotReason
    detail: str


Item = Event | Rejected | Drop


class Submission(msgspec.Struct, gc=False):
    """One request on its way into the database: its items in the order sent, and the `body` that they came in.

    A replay has no body: its rejected items lie in the quarantine already.
    """

    visit: Visit
    site: Site
    received: Microseconds
    today_began: Microseconds
    items: list[Item]
    body: bytes | None = None
