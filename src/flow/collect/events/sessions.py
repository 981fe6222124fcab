"""Which session an event belongs to: 30 minutes without an event end one, by the events' own times.

Memory holds the latest session of each visitor seen lately. What it does not hold is looked up in the database, within
the transaction that writes and after a lock on the visitor, so that several web processes agree.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

import msgspec

from flow.collect.events.types import Event, Microseconds, Visit, unix_milliseconds
from flow.kit.ids import new_id_bytes

__all__ = ["LONGEST", "SILENCE", "Assignment", "LookUp", "Session", "Sessions"]

SILENCE: Final = timedelta(minutes=30) // timedelta(microseconds=1)
LONGEST: Final = timedelta(hours=24) // timedelta(microseconds=1)
"""A page that refreshes itself for ever is not one visit."""

_CAPACITY: Final = 50_000


class Session(msgspec.Struct, gc=False):
    """One visit. `visitor` is the id that its row has: for a cookieless visit across midnight, the earlier one."""

    id: bytes
    visitor: bytes
    started: Microseconds
    ended: Microseconds

    def takes(self, at: Microseconds) -> bool:
        """Whether an event of this time belongs here."""
        return self.started - SILENCE <= at <= self.ended + SILENCE and at < self.started + LONGEST

    def include(self, at: Microseconds) -> None:
        """Widens the session to this time."""
        if at > self.ended:
            self.ended = at
        elif at < self.started:
            self.started = at


class LookUp(msgspec.Struct, gc=False):
    """A visitor of whose sessions between two times memory does not know enough; `ids` has one visitor id or two.

    `is_new`: memory knows of none at all.
    """

    visit: Visit
    since: Microseconds
    until: Microseconds
    is_new: bool

    @property
    def ids(self) -> list[bytes]:
        return [each for each in (self.visit.visitor, self.visit.previous_visitor) if each is not None]


class Assignment(msgspec.Struct):
    """Events by session, and the ids of those sessions that begin with them."""

    parts: list[tuple[Session, list[Event]]] = []
    begun: list[bytes] = []

    def begin(self, visit: Visit, at: Microseconds, candidates: list[Session]) -> Session:
        """A new session, from now on among the candidates."""
        session = Session(new_id_bytes(unix_milliseconds(at)), visit.visitor, at, at)
        candidates.append(session)
        self.begun.append(session.id)
        return session


class Sessions:
    """The visitors' latest sessions, as far as this process knows."""

    def __init__(self, capacity: int = _CAPACITY) -> None:
        self._latest: OrderedDict[bytes, Session] = OrderedDict()
        self._capacity = capacity

    def look_up(self, visit: Visit, events: list[Event]) -> LookUp | None:
        """What `assign` should be told of; None when memory is enough."""
        since, until = _span(events)
        latest = self._latest.get(visit.restaurant + visit.visitor)
        if latest is not None and latest.takes(since) and latest.takes(until):
            return None
        since, until = since - SILENCE, until + SILENCE
        return LookUp(visit, since, until, is_new=latest is None or latest.ended < since or latest.started > until)

    def assign(self, visit: Visit, events: list[Event], known: Iterable[Session] = ()) -> Assignment:
        """The events by session; `known` is what the database answered to look_up()."""
        key = visit.restaurant + visit.visitor
        candidates = self._candidates(key, known)
        since, until = _span(events)
        assignment = Assignment()
        session: Session | None = None
        is_apart = True
        for each in candidates:
            takes_since, takes_until = each.takes(since), each.takes(until)
            if takes_since and takes_until:
                session = each
                break
            # An hour at least belongs to each session, so one that takes neither end takes nothing in between.
            is_apart = is_apart and not (takes_since or takes_until)
        if session is None and is_apart and until - since <= SILENCE:
            session = assignment.begin(visit, since, candidates)
        if session is not None:
            session.include(since)
            session.include(until)
            assignment.parts.append((session, events))
        else:
            _assign_each(visit, events, candidates, assignment)
        self._remember(key, candidates)
        return assignment

    def forget(self, visit: Visit) -> None:
        """What `assign` made of a visit was not stored."""
        self._latest.pop(visit.restaurant + visit.visitor, None)

    def _candidates(self, key: bytes, known: Iterable[Session]) -> list[Session]:
        """The sessions that events may belong to. What memory has may not be committed yet; what the database has may
        have been widened by another process."""
        latest = self._latest.get(key)
        if latest is None:
            return list(known)
        candidates = [latest]
        for session in known:
            if session.id == latest.id:
                latest.started, latest.ended = min(latest.started, session.started), max(latest.ended, session.ended)
            else:
                candidates.append(session)
        return candidates

    def _remember(self, key: bytes, candidates: list[Session]) -> None:
        self._latest[key] = candidates[0] if len(candidates) == 1 else max(candidates, key=_ended)
        self._latest.move_to_end(key)
        if len(self._latest) > self._capacity:
            self._latest.popitem(last=False)


def _span(events: list[Event]) -> tuple[Microseconds, Microseconds]:
    if len(events) == 1:
        return events[0].at, events[0].at
    times = [event.at for event in events]
    return min(times), max(times)


def _assign_each(visit: Visit, events: list[Event], candidates: list[Session], assignment: Assignment) -> None:
    """One by one in the order of their times: what a device kept while offline may hold several visits."""
    parts: dict[bytes, tuple[Session, list[Event]]] = {}
    for event in sorted(events, key=_at):
        session = next((each for each in candidates if each.takes(event.at)), None)
        if session is None:
            session = assignment.begin(visit, event.at, candidates)
        session.include(event.at)
        parts.setdefault(session.id, (session, []))[1].append(event)
    assignment.parts.extend(parts.values())


def _at(event: Event) -> Microseconds:
    return event.at


def _ended(session: Session) -> Microseconds:
    return session.ended
