"""What new events cause: rows of sessions, page views and the heatmap, and business days to be counted anew."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from flow.collect.events.sessions import Session
from flow.collect.events.types import Event, Microseconds, Submission

__all__ = ["PageViewTally", "Portion", "SessionTally", "is_interaction", "tally_page_views", "tally_sessions"]

_WATCHING: Final = frozenset({"page_view", "page_scroll", "page_exit", "element_hover"})
_OTHERS_DOING: Final = frozenset({"system", "social"})


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

    def add(self, event: Event) -> None:
        """Counts one more event."""
        self.events += 1
        if event.at < self.first.at:
            self.first = event
        if event.at >= self.last.at:
            self.last = event
        if event.name == "page_view":
            self.page_views += 1
        elif is_interaction(event):
            self.interactions += 1


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
        if event.sent.seq is not None and event.sent.seq > self.max_seq:
            self.max_seq = event.sent.seq
        match event.name:
            case "page_view":
                self.opening = event
            case "page_scroll":
                self.depth = max(self.depth or 0, min(100, int(event.content.data["scroll_depth_pct"])))
            case "element_click":
                self.clicks += 1
            case "page_exit":
                self._leave(event)

    def _leave(self, event: Event) -> None:
        self.exited = max(self.exited or event.at, event.at)
        spent = event.sent.time_on_page_ms
        if spent is not None and spent >= 0:
            self.time_on_page_ms = max(self.time_on_page_ms or 0, round(spent))


def is_interaction(event: Event) -> bool:
    """Whether the visitor did something, rather than look on."""
    return event.name not in _WATCHING and event.content.type.category not in _OTHERS_DOING


def tally_sessions(portions: Iterable[Portion]) -> list[SessionTally]:
    """One tally per session."""
    tallies: dict[bytes, SessionTally] = {}
    for portion in portions:
        tally = tallies.get(portion.session.id)
        if tally is None:
            first = portion.events[0]
            tally = tallies[portion.session.id] = SessionTally(portion.submission, portion.session, first, first)
        for event in portion.events:
            tally.add(event)
    return list(tallies.values())


def tally_page_views(portions: Iterable[Portion]) -> list[PageViewTally]:
    """One tally per page view; events that name none are left out."""
    tallies: dict[bytes, PageViewTally] = {}
    for portion in portions:
        restaurant, session = portion.submission.visit.restaurant, portion.session.id
        tally: PageViewTally | None = None
        for event in portion.events:
            view = event.page_view
            if view is None:
                continue
            if tally is None or tally.id != view:
                key = restaurant + view
                tally = tallies.get(key)
                if tally is None:
                    tally = tallies[key] = PageViewTally(restaurant, view, event.entered, session)
            tally.add(event)
    return list(tallies.values())
