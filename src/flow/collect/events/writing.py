"""One group of submissions in one transaction: sessions found, events stored once each, and what they cause.

Events are taken to be new and copied straight into the table, which costs nothing beyond the copy. If one of them is
known after all, the transaction fails, and the group is stored again the careful way, which tells the new ones. As
duplicates come in bursts (clients that retry after an outage), the careful way is then kept for some seconds.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

import msgspec
import psycopg
from psycopg import errors
from psycopg.pq.abc import PGresult

from flow.collect.events import rows
from flow.collect.events.connection import Connection, Statement
from flow.collect.events.derive import Portion
from flow.collect.events.layouts import EVENT, event_head
from flow.collect.events.plan import causes, copies, leftovers, new_events
from flow.collect.events.rows import Oid
from flow.collect.events.sessions import LookUp, Session, Sessions
from flow.collect.events.statements import BEGIN, BEGIN_TEXT, COMMIT
from flow.collect.events.types import Event, Rejected, Submission, Visit, instant
from flow.kit.ids import new_id

__all__ = ["Care", "Work", "Writer"]

_CARE_SECONDS: Final = 3.0
_ATTEMPTS: Final = 5
_PASSING = (errors.UniqueViolation, errors.DeadlockDetected, errors.SerializationFailure)
_REFUSALS = (errors.DataError, errors.IntegrityError, errors.ProgramLimitExceeded)

Work = list[tuple[Submission, list[Event]]]
"""What is to be stored: events with the submission that they came in."""


class Care:
    """Whether known events are to be expected; shared by the writers of a process."""

    def __init__(self) -> None:
        self._until = 0.0

    @property
    def is_needed(self) -> bool:
        return time.monotonic() < self._until

    def take(self) -> None:
        self._until = time.monotonic() + _CARE_SECONDS


class Writer:
    """Stores groups over one connection, one at a time."""

    def __init__(self, connection: Connection, sessions: Sessions, care: Care) -> None:
        self._connection = connection
        self._sessions = sessions
        self._care = care

    @property
    def is_connected(self) -> bool:
        return self._connection.is_open

    async def store(self, group: list[Submission]) -> None:
        """Stores the group and says on each item what became of it; returns after the commit.

        Raises psycopg.Error when nothing could be stored; some halves of a group with refused events may then be
        stored all the same, and are known as duplicates when they come again.
        """
        await self._store(_without_repeats(group), _others(group))

    async def _store(self, work: Work, others: Sequence[Submission]) -> None:
        """Stores events and what came along; parts the events until a refused one is alone."""
        try:
            await self._attempt(work, others)
        except _REFUSALS as error:
            if _is_partition_missing(error):
                await self._make_partitions(work)
                await self._attempt(work, others)
                return
            pairs = [(submission, event) for submission, events in work for event in events]
            if len(pairs) == 1:
                await self._attempt([], [*others, _refuse(*pairs[0], error)])
            elif not pairs:
                raise
            else:
                middle = len(pairs) // 2
                await self._store(_grouped(pairs[:middle]), others)
                await self._store(_grouped(pairs[middle:]), [])

    async def _attempt(self, work: Work, others: Sequence[Submission]) -> None:
        careful = False
        for remaining in reversed(range(_ATTEMPTS)):
            careful = careful or self._care.is_needed
            try:
                await self._transaction(work, others, careful=careful)
                return
            except errors.Error as error:
                if self._connection.is_open:
                    await self._connection.run(b"rollback")
                if not isinstance(error, _PASSING) or not remaining:
                    raise
                if isinstance(error, errors.UniqueViolation):
                    self._care.take()

    async def _transaction(self, work: Work, others: Sequence[Submission], *, careful: bool) -> None:
        connection = self._connection
        look_ups = [found for submission, events in work if (found := self._sessions.look_up(submission.visit, events))]
        asked = _ask_sessions(look_ups)
        answers = await connection.pipeline([*BEGIN, *asked]) if asked else {}
        portions, begun = self._assign(work, _sessions_in(answers, look_ups))
        has_begun = bool(asked)
        if portions and careful:
            answers = await connection.pipeline([*(() if has_begun else BEGIN), new_events(portions)])
            portions, begun, has_begun = _new_ones(portions, answers[b"add_new_events"]), set(), True
        if made := copies(portions, known=careful):
            await connection.copy(made, before=b"" if has_begun else BEGIN_TEXT)
            has_begun = True
        closing = [*causes(portions, begun, careful=careful), *leftovers(others), COMMIT]
        await connection.pipeline([*(() if has_begun else BEGIN), *closing])

    def _assign(self, work: Work, known: Mapping[int, list[Session]]) -> tuple[list[Portion], set[bytes]]:
        """The events by session, and the ids of the sessions that begin with them."""
        portions: list[Portion] = []
        begun: set[bytes] = set()
        for submission, events in work:
            assignment = self._sessions.assign(submission.visit, events, known.get(id(submission.visit), ()))
            portions += [Portion(submission, session, part) for session, part in assignment.parts]
            begun.update(assignment.begun)
        return portions, begun

    async def _make_partitions(self, work: Work) -> None:
        """The timetable makes partitions ahead of need; this is for an installation whose worker does not run."""
        times = [time for _, events in work for event in events for time in (event.at, event.page.entered or event.at)]
        days = [rows.parameter(rows.date(instant(at).date())) for at in (min(times), max(times))]
        await self._connection.pipeline([*BEGIN, Statement(b"make_partitions", days), COMMIT])


def _without_repeats(group: list[Submission]) -> Work:
    """The events of the group; one that comes twice is a duplicate the second time."""
    work = [(submission, [item for item in submission.items if type(item) is Event]) for submission in group]
    heads = [event.head for _, events in work for event in events]
    if len(set(heads)) < len(heads):
        seen: set[bytes] = set()
        work = [(submission, [event for event in events if _is_first(event, seen)]) for submission, events in work]
    return [(submission, events) for submission, events in work if events]


def _is_first(event: Event, seen: set[bytes]) -> bool:
    """Whether the event's key was not seen yet; the event is marked as a duplicate if it was."""
    if event.head in seen:
        event.status = "duplicate"
        return False
    seen.add(event.head)
    return True


def _others(group: list[Submission]) -> list[Submission]:
    """What came along with the events, as submissions of their own: items that are rejected or dropped."""
    return [
        msgspec.structs.replace(submission, items=others)
        for submission in group
        if (others := [item for item in submission.items if type(item) is not Event])
    ]


def _grouped(pairs: Iterable[tuple[Submission, Event]]) -> Work:
    """Pairs that follow each other with the same submission, as work."""
    work: Work = []
    for submission, event in pairs:
        if not work or work[-1][0] is not submission:
            work.append((submission, []))
        work[-1][1].append(event)
    return work


def _refuse(submission: Submission, event: Event, error: psycopg.Error) -> Submission:
    """Puts the event into quarantine in its submission; answers a submission with nothing but it."""
    refused = Rejected(
        row_id=new_id(),
        id=event.sent.id,
        code="refused_by_database",
        message=f"The database refuses this event ({error.sqlstate}); it is kept.",
        event_name=event.sent.event_name,
        raw=msgspec.json.encode(event.sent),
    )
    submission.items[submission.items.index(event)] = refused
    return msgspec.structs.replace(submission, items=[refused])


def _is_partition_missing(error: psycopg.Error) -> bool:
    # PostgreSQL has no code of its own for it; a constraint of ours would have a name.
    return isinstance(error, errors.CheckViolation) and error.diag.constraint_name is None


def _ask_sessions(look_ups: list[LookUp]) -> list[Statement]:
    """Locks the visitors, and asks for their sessions."""
    if not look_ups:
        return []
    keys = sorted({_lock_key(look_up.visit) for look_up in look_ups})
    asked = [
        (
            rows.uuid(look_up.visit.restaurant),
            rows.uuid(visitor),
            rows.timestamp(look_up.since),
            rows.timestamp(look_up.until),
        )
        for look_up in look_ups
        for visitor in look_up.ids
    ]
    return [
        Statement(b"lock_visitors", [rows.array(Oid.BIGINT, [rows.bigint(key) for key in keys])]),
        Statement(b"plan_by_order"),
        Statement(b"find_sessions", rows.arrays((Oid.UUID, Oid.UUID, Oid.TIMESTAMPTZ, Oid.TIMESTAMPTZ), asked)),
    ]


def _sessions_in(answers: Mapping[bytes, PGresult], look_ups: list[LookUp]) -> dict[int, list[Session]]:
    """The sessions that were found, by the identity of the visit that asked for them."""
    found: dict[int, list[Session]] = {}
    if not look_ups:
        return found
    asking = [id(look_up.visit) for look_up in look_ups for _ in look_up.ids]
    for number, identifier, visitor, started, ended in _rows_of(answers[b"find_sessions"]):
        session = Session(identifier, visitor, _integer(started), _integer(ended))
        found.setdefault(asking[_integer(number) - 1], []).append(session)
    return found


def _new_ones(portions: list[Portion], inserted: PGresult) -> list[Portion]:
    """The portions without the events that were stored before, which are marked as duplicates."""
    new = {
        event_head(len(EVENT), 16, restaurant, 8, _integer(at), 16, identifier)
        for restaurant, at, identifier in _rows_of(inserted)
    }
    for portion in portions:
        for event in portion.events:
            event.status = "accepted" if event.head in new else "duplicate"
        portion.events = [event for event in portion.events if event.status == "accepted"]
    return [portion for portion in portions if portion.events]


def _rows_of(result: PGresult) -> Iterator[list[bytes]]:
    for row in range(result.ntuples):
        yield [result.get_value(row, column) or b"" for column in range(result.nfields)]


def _lock_key(visit: Visit) -> int:
    """A number for the visitor; two visitors with the same one would only wait for each other."""
    return _integer(visit.restaurant[8:]) ^ _integer(visit.visitor[8:])


_integer = partial(int.from_bytes, byteorder="big", signed=True)
