"""What new events cause: rows of sessions, page views and the heatmap, and business days to be counted anew."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from flow.collect.events.sessions import Session
from flow.collect.events.types import Event, Kind, Microseconds, Page, Submission

__all__ = ["PageViewTally", "Portion", "SessionTally", "tally_page_views", "tally_sessions"]


_OPENING, _SCROLL, _CLICK, _EXIT = Kind.OPENING, Kind.SCROLL, Kind.CLICK, Kind.EXIT  # a look-up less for each event


class Portion(msgspec.Struct, gc=False):
    """Events of one submission that belong to one session."""

    submission: Submission
    session: Session
    events: list[Event]


class SessionTally(msgspec.Struct, gc=False):
    """What one group of events adds to a session; `first` and `last` by the events' times."""

    submission: Submission
    session: Session
    first: Event
    last: Event
    page_views: int = 0
    events: int = 0
    interactions: int = 0

    def add(self, events: list[Event]) -> None:
        """Counts more events."""
        self.events += len(events)
        first, last = self.first, self.last
        for event in events:
            if event.at < first.at:
                first = event
            elif event.at > last.at:
                last = event
            content = event.content
            if content.is_interaction:
                self.interactions += 1
            elif content.kind is _OPENING:
                self.page_views += 1
        self.first, self.last = first, last


class PageViewTally(msgspec.Struct, gc=False):
    """What one group of events adds to a page view; `opening` is the page_view event itself, if it is among them."""

    restaurant: bytes
    id: bytes
    entered: Microseconds
    session: bytes
    opening: Event | None = None
    exited: Microseconds | None = None
    time_on_page_ms: int | None = None
    depth: int | None = None
    clicks: int = 0
    events: int = 0
    max_seq: int = 0

    def add(self, event: Event) -> None:
        """Counts one more event."""
        self.events += 1
        seq = event.seq
        if seq is not None and seq > self.max_seq:
            self.max_seq = seq
        kind = event.content.kind
        if kind is _CLICK:
            self.clicks += 1
        elif kind is _SCROLL:
            self.depth = max(self.depth or 0, event.content.data["scroll_depth_pct"])
        elif kind is _OPENING:
            self.opening = event
        elif kind is _EXIT:
            self._leave(event)

    def _leave(self, event: Event) -> None:
        self.exited = max(self.exited or event.at, event.at)
        spent = event.time_on_page_ms
        if spent is not None and spent >= 0:
            self.time_on_page_ms = max(self.time_on_page_ms or 0, round(spent))


def tally_sessions(portions: Iterable[Portion]) -> list[SessionTally]:
    """One tally per session."""
    tallies: dict[bytes, SessionTally] = {}
    for portion in portions:
        tally = tallies.get(portion.session.id)
        if tally is None:
            first = portion.events[0]
            tally = tallies[portion.session.id] = SessionTally(portion.submission, portion.session, first, first)
        tally.add(portion.events)
    return list(tallies.values())


def tally_page_views(portions: Iterable[Portion]) -> list[PageViewTally]:
    """One tally per page view; events that name none are left out."""
    tallies: dict[bytes, PageViewTally] = {}
    for portion in portions:
        restaurant, session = portion.submission.visit.restaurant, portion.session.id
        page: Page | None = None
        tally: PageViewTally | None = None
        for event in portion.events:
            if event.page is not page:
                page = event.page
                tally = None if page.view is None else _tally_of(page, page.view, restaurant, session, tallies)
            if tally is not None:
                tally.add(event)
    return list(tallies.values())


def _tally_of(
    page: Page, view: bytes, restaurant: bytes, session: bytes, tallies: dict[bytes, PageViewTally]
) -> PageViewTally:
    tally = tallies.get(restaurant + view)
    if tally is None:
        tally = tallies[restaurant + view] = PageViewTally(restaurant, view, page.entered, session)
    return tally
