"""Which session an event belongs to: 30 minutes without an event end one, by the events' own times.

Memory holds the latest session of each visitor seen lately. What it does not hold is looked up in the database, within
the transaction that writes and after a lock on the visitor, so that several web processes agree.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec

from flow.collect.events.types import Event, Microseconds, Visit, instant
from flow.kit.ids import new_id

__all__ = ["LONGEST", "SILENCE", "LookUp", "Session", "Sessions"]

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
    """A visitor whose sessions between two times must be asked for; `ids` has one visitor id or two."""

    visit: Visit
    since: Microseconds
    until: Microseconds

    @property
    def ids(self) -> list[bytes]:
        return [each for each in (self.visit.visitor, self.visit.previous_visitor) if each is not None]


class Sessions:
    """The visitors' latest sessions, as far as this process knows."""

    def __init__(self, capacity: int = _CAPACITY) -> None:
        self._latest: OrderedDict[bytes, Session] = OrderedDict()
        self._capacity = capacity

    def look_up(self, visit: Visit, events: list[Event]) -> LookUp | None:
        """What must be asked for before `assign`; None when memory is enough."""
        since, until = _span(events)
        latest = self._latest.get(visit.restaurant + visit.visitor)
        if latest is not None and latest.takes(since) and latest.takes(until):
            return None
        return LookUp(visit, since - SILENCE, until + SILENCE)

    def assign(
        self, visit: Visit, events: list[Event], known: Iterable[Session]
    ) -> tuple[list[Session], list[Session]]:
        """Each event's session, and those of them that are new; `known` is what the database answered."""
        key = visit.restaurant + visit.visitor
        candidates = {session.id: session for session in known}
        latest = self._latest.get(key)
        if latest is not None:  # it may not be committed yet; and another process may have widened it
            seen = candidates.get(latest.id, latest)
            latest.started, latest.ended = min(latest.started, seen.started), max(latest.ended, seen.ended)
            candidates[latest.id] = latest
        assigned: dict[Microseconds, Session] = {}
        begun: list[Session] = []
        current = latest
        for at in sorted({event.at for event in events}):
            if current is None or not current.takes(at):
                current = next((session for session in candidates.values() if session.takes(at)), None)
            if current is None:
                current = Session(_session_id(at), visit.visitor, at, at)
                candidates[current.id] = current
                begun.append(current)
            current.include(at)
            assigned[at] = current
        self._remember(key, candidates.values())
        return [assigned[event.at] for event in events], begun

    def _remember(self, key: bytes, candidates: Iterable[Session]) -> None:
        self._latest[key] = max(candidates, key=lambda session: session.ended)
        self._latest.move_to_end(key)
        if len(self._latest) > self._capacity:
            self._latest.popitem(last=False)


def _span(events: list[Event]) -> tuple[Microseconds, Microseconds]:
    times = [event.at for event in events]
    return min(times), max(times)


def _session_id(at: Microseconds) -> bytes:
    identifier: UUID = new_id(instant(at))
    return identifier.int.to_bytes(16, "big")
