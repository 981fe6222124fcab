"""What one transaction writes: always in the same order of tables and keys, so that writers never wait in a ring."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Final

from flow.collect.events import layouts, rows
from flow.collect.events.connection import Statement
from flow.collect.events.derive import Assigned, PageViewTally, SessionTally, tally_page_views, tally_sessions
from flow.collect.events.types import Drop, Rejected, Submission, instant

__all__ = ["causes", "copied_events", "leftovers"]

_HOUR: Final = timedelta(hours=1) // timedelta(microseconds=1)
_MAPPED: Final = frozenset({"element_click", "page_scroll"})


def copied_events(assigned: Iterable[Assigned]) -> bytes:
    """The events themselves, for COPY."""
    return rows.copy_stream(
        [
            layouts.event_head(each.event.key, each.event.at, each.session.id, each.submission.received)
            + each.event.row
            for each in sorted(assigned, key=_event_key)
        ]
    )


def causes(assigned: Sequence[Assigned], begun: Collection[bytes], *, careful: bool) -> Iterator[Statement]:
    """What new events cause; unless `careful`, sessions in `begun` and page views that open are taken to be new."""
    sessions = sorted(tally_sessions(assigned), key=_session_key)
    yield from _sessions(b"add_sessions", [each for each in sessions if each.session.id in begun])
    yield from _sessions(b"merge_sessions", [each for each in sessions if each.session.id not in begun])
    views = sorted(tally_page_views(assigned), key=_page_view_key)
    yield from _page_views(b"add_page_views", [each for each in views if each.opening and not careful])
    yield from _page_views(b"merge_page_views", [each for each in views if careful or not each.opening])
    yield from _heatmap(assigned)
    yield from _stale_days(assigned)


def leftovers(submissions: Iterable[Submission]) -> Iterator[Statement]:
    """What is kept of events that were not stored: the rejected ones whole, those of robots as counts."""
    rejected: list[rows.Row] = []
    drops: Counter[tuple[bytes, int, str, str]] = Counter()
    for submission in submissions:
        restaurant, received = submission.visit.restaurant, submission.received
        for item in submission.items:
            if isinstance(item, Rejected):
                rejected.append(layouts.rejected_row(item, submission.visit, received))
            elif isinstance(item, Drop):
                drops[restaurant, received // _HOUR * _HOUR, item.code, item.detail] += 1
    if rejected:
        yield b"add_rejected_events", rows.arrays(layouts.REJECTED, rejected)
    if drops:
        counts = [layouts.dropped_row(*key, drops[key]) for key in sorted(drops)]
        yield b"count_dropped_events", rows.arrays(layouts.DROPPED, counts)


def _sessions(statement: bytes, tallies: list[SessionTally]) -> Iterator[Statement]:
    if tallies:
        yield statement, rows.arrays(layouts.SESSION, map(layouts.session_row, tallies))


def _page_views(statement: bytes, tallies: list[PageViewTally]) -> Iterator[Statement]:
    if tallies:
        yield statement, rows.arrays(layouts.PAGE_VIEW, map(layouts.page_view_row, tallies))


def _heatmap(assigned: Iterable[Assigned]) -> Iterator[Statement]:
    mapped = (each for each in assigned if each.event.type.name in _MAPPED)
    made = [row for each in mapped if (row := layouts.heatmap_row(each.event, each.submission.visit))]
    if made:
        yield b"add_heatmap_events", rows.arrays(layouts.HEATMAP, made)


def _stale_days(assigned: Iterable[Assigned]) -> Iterator[Statement]:
    days = {
        (each.submission.visit.restaurant, each.submission.site.calendar.business_day(instant(each.event.at)))
        for each in assigned
        if each.event.at < each.submission.today_began
    }
    if days:
        made = [layouts.stale_day_row(restaurant, day) for restaurant, day in sorted(days)]
        yield b"add_stale_days", rows.arrays(layouts.STALE_DAY, made)


def _event_key(assigned: Assigned) -> bytes:
    return assigned.event.key


def _session_key(tally: SessionTally) -> bytes:
    return tally.submission.visit.restaurant + tally.session.id


def _page_view_key(tally: PageViewTally) -> bytes:
    return tally.restaurant + tally.id
