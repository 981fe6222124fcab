"""What one transaction writes: always in the same order of tables and keys, so that writers never wait in a ring."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from flow.collect.events import layouts, rows
from flow.collect.events.connection import Copy, Statement
from flow.collect.events.derive import PageViewTally, Portion, SessionTally, tally_page_views, tally_sessions
from flow.collect.events.statements import COPY_EVENTS, COPY_HEATMAP_EVENTS
from flow.collect.events.types import Drop, Rejected, Submission, instant
from flow.kit.days import BusinessCalendar

__all__ = ["additions", "causes", "copies", "leftovers", "new_events"]

_HOUR: Final = timedelta(hours=1) // timedelta(microseconds=1)
_QUARTER: Final = _HOUR // 4


def copies(portions: Sequence[Portion], *, known: bool = False) -> list[Copy]:
    """The events themselves unless they are stored already (`known`), and their places on the heatmap."""
    made = [] if known else [Copy(COPY_EVENTS, lambda: rows.copy_stream(_event_rows(portions)))]
    if places := _places(portions):
        made.append(Copy(COPY_HEATMAP_EVENTS, lambda: rows.copy_stream(places)))
    return made


def additions(portions: Sequence[Portion], *, known: bool = False) -> Iterator[Statement]:
    """The same as statements: for a few rows these take less than the messages of a COPY."""
    if portions and not known:
        yield Statement(b"add_events", rows.arrays(layouts.EVENT, _event_fields(portions)))
    if places := _places(portions):
        yield Statement(b"add_heatmap_events", rows.arrays(layouts.HEATMAP_EVENT, map(layouts.heatmap_fields, places)))


def new_events(portions: Iterable[Portion]) -> Statement:
    """The events themselves, for the insert that leaves known ones alone."""
    return Statement(b"add_new_events", rows.arrays(layouts.EVENT, _event_fields(portions)))


def _event_rows(portions: Iterable[Portion]) -> list[bytes]:
    """In the order of their keys, with which they begin."""
    made: list[bytes] = []
    for portion in portions:
        middle = layouts.event_middle(portion.session.id, portion.submission.received)
        made += [event.head + middle + event.tail + event.details for event in portion.events]
    return sorted(made)


def _event_fields(portions: Iterable[Portion]) -> list[tuple[rows.Field, ...]]:
    """The same as fields, which begin with the key too."""
    made: list[tuple[rows.Field, ...]] = []
    for portion in portions:
        middle = layouts.event_middle(portion.session.id, portion.submission.received)
        made += [layouts.event_fields(event, middle) for event in portion.events]
    return sorted(made)


def causes(portions: Sequence[Portion], begun: Collection[bytes], *, careful: bool) -> Iterator[Statement]:
    """What new events cause; unless `careful`, sessions in `begun` and page views that open are taken to be new."""
    sessions = sorted(tally_sessions(portions), key=_session_key)
    yield from _sessions(b"add_sessions", [each for each in sessions if each.session.id in begun])
    yield from _sessions(b"merge_sessions", [each for each in sessions if each.session.id not in begun])
    views = sorted(tally_page_views(portions), key=_page_view_key)
    yield from _page_views(b"add_page_views", [each for each in views if each.opening and not careful])
    yield from _page_views(b"merge_page_views", [each for each in views if careful or not each.opening])
    yield from _stale_days(portions)


def leftovers(submissions: Iterable[Submission]) -> Iterator[Statement]:
    """What is kept of events that were not stored: the rejected ones whole, those of robots as counts."""
    rejected: list[rows.Row] = []
    drops: Counter[tuple[bytes, int, str, str]] = Counter()
    for submission in submissions:
        restaurant, received = submission.visit.restaurant, submission.received
        for item in submission.items:
            if isinstance(item, Rejected) and submission.body is not None:
                rejected.append(layouts.rejected_row(item, submission.visit, received))
            elif isinstance(item, Drop):
                drops[restaurant, received // _HOUR * _HOUR, item.code, item.detail] += 1
    if rejected:
        yield Statement(b"add_rejected_events", rows.arrays(layouts.REJECTED, rejected))
    if drops:
        counts = [layouts.dropped_row(*key, drops[key]) for key in sorted(drops)]
        yield Statement(b"count_dropped_events", rows.arrays(layouts.DROPPED, counts))


def _sessions(name: bytes, tallies: list[SessionTally]) -> Iterator[Statement]:
    if tallies:
        yield Statement(name, rows.arrays(layouts.SESSION, map(layouts.session_row, tallies)))


def _page_views(name: bytes, tallies: list[PageViewTally]) -> Iterator[Statement]:
    if tallies:
        yield Statement(name, rows.arrays(layouts.PAGE_VIEW, map(layouts.page_view_row, tallies)))


def _places(portions: Iterable[Portion]) -> list[bytes]:
    return [event.place for portion in portions for event in portion.events if event.place]


def _stale_days(portions: Iterable[Portion]) -> Iterator[Statement]:
    days = {(portion.submission.visit.restaurant, day) for portion in portions for day in _days_before(portion)}
    if days:
        made = [layouts.stale_day_row(restaurant, day) for restaurant, day in sorted(days)]
        yield Statement(b"add_stale_days", rows.arrays(layouts.STALE_DAY, made))


def _days_before(portion: Portion) -> Iterator[date]:
    """The business days of events that belong to an earlier one than today."""
    submission = portion.submission
    quarters = {event.at // _QUARTER for event in portion.events if event.at < submission.today_began}
    for quarter in quarters:
        yield _day_of(submission.site.calendar, quarter)


@lru_cache(maxsize=4096)
def _day_of(calendar: BusinessCalendar, quarter: int) -> date:
    """The business day of a quarter of an hour, which no day's beginning parts: zones differ by whole quarters.

    Asking for it takes longer than all else that is done for an event of a batch.
    """
    return calendar.business_day(instant(quarter * _QUARTER))


def _session_key(tally: SessionTally) -> bytes:
    return tally.submission.visit.restaurant + tally.session.id


def _page_view_key(tally: PageViewTally) -> bytes:
    return tally.restaurant + tally.id
