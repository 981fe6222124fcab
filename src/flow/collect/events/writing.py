"""One group of submissions in one transaction: sessions found, events stored once each, and what they cause.

Events are taken to be new, and so are visitors whom memory does not know once that has been right for long enough: then
a few events take one round trip, and many one more for each COPY. If one of them is known after all, the transaction
fails, and the group is stored again the careful way, which asks first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

import msgspec
import psycopg
from psycopg import errors
from psycopg.pq.abc import PGresult

from flow.collect.events import rows
from flow.collect.events.assumptions import Assumptions
from flow.collect.events.connection import Connection, Statement
from flow.collect.events.derive import Portion
from flow.collect.events.envelope import raw_events
from flow.collect.events.layouts import EVENT, event_head
from flow.collect.events.plan import additions, causes, copies, leftovers, new_events
from flow.collect.events.rows import Oid
from flow.collect.events.sessions import LookUp, Session, Sessions
from flow.collect.events.transaction import Transaction
from flow.collect.events.types import Event, Rejected, Submission, Visit, instant
from flow.kit.ids import new_id

__all__ = ["Work", "Writer"]

_FEW: Final = 32  # events; beyond it the messages of a COPY take less than statements
_ATTEMPTS: Final = 5
_PASSING = (errors.UniqueViolation, errors.DeadlockDetected, errors.SerializationFailure)
_REFUSALS = (errors.DataError, errors.IntegrityError, errors.ProgramLimitExceeded)

Work = list[tuple[Submission, list[Event]]]
"""What is to be stored: events with the submission that they came in."""


class Writer:
    """Stores groups over one connection, one at a time."""

    def __init__(self, connection: Connection, sessions: Sessions, assumptions: Assumptions) -> None:
        self._connection = connection
        self._sessions = sessions
        self._assumptions = assumptions

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
        asks = careful = False
        for remaining in reversed(range(_ATTEMPTS)):
            asks = asks or not self._assumptions.visitors_are_new
            careful = careful or not self._assumptions.events_are_new
            try:
                await self._transaction(work, others, asks=asks, careful=careful)
                return
            except errors.Error as error:
                if self._connection.is_open and self._connection.is_in_transaction:
                    await self._connection.run(b"rollback")
                if not isinstance(error, _PASSING) or not remaining:
                    raise
                asks = True
                self._learn_from(error)

    def _learn_from(self, error: psycopg.Error) -> None:
        if isinstance(error, errors.UniqueViolation):
            self._assumptions.note_known_event()
        elif isinstance(error, errors.SerializationFailure):
            self._assumptions.note_known_visitor()

    async def _transaction(self, work: Work, others: Sequence[Submission], *, asks: bool, careful: bool) -> None:
        """`asks` for the sessions of visitors first; `careful` finds out which events are new."""
        transaction = Transaction(self._connection)
        look_ups = [found for submission, events in work if (found := self._sessions.look_up(submission.visit, events))]
        known: Mapping[int, list[Session]] = {}
        expected: list[Statement] = []
        if asks or not all(look_up.is_new for look_up in look_ups):
            known = await self._find_sessions(transaction, look_ups)
        else:
            expected = _about_sessions(b"expect_no_sessions", look_ups)
        portions, begun = self._assign(work, known)
        try:
            if portions and careful:
                answers = await transaction.run([new_events(portions)])
                portions, begun = _new_ones(portions, answers[b"add_new_events"]), set()
            are_few = sum(len(portion.events) for portion in portions) <= _FEW
            copying = [] if are_few else copies(portions, known=careful)
            await transaction.begin_copies(copying)
            added = additions(portions, known=careful) if are_few else ()
            closing = [*expected, *added, *causes(portions, begun, careful=careful), *leftovers(others)]
            await transaction.end_copies(copying)
            await transaction.commit(closing)
        except errors.Error:
            for look_up in look_ups:
                self._sessions.forget(look_up.visit)
            raise

    async def _find_sessions(self, transaction: Transaction, look_ups: list[LookUp]) -> dict[int, list[Session]]:
        """The sessions that there are, by the identity of the visit that asks for them."""
        if not look_ups:
            return {}
        answers = await transaction.run(_about_sessions(b"find_sessions", look_ups))
        known = _sessions_in(answers[b"find_sessions"], look_ups)
        new = [id(look_up.visit) for look_up in look_ups if look_up.is_new]
        if known.keys().isdisjoint(new):
            self._assumptions.note_new_visitors(len(new))
        else:
            self._assumptions.note_known_visitor()
        return known

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
        await Transaction(self._connection).commit([Statement(b"make_partitions", days)])


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
    place = submission.items.index(event)
    refused = Rejected(
        row_id=new_id(),
        id=event.id,
        code="refused_by_database",
        message=f"The database refuses this event ({error.sqlstate}); it is kept.",
        event_name=event.content.name,
        raw=b"" if submission.body is None else raw_events(submission.body)[place],
    )
    submission.items[place] = refused
    return msgspec.structs.replace(submission, items=[refused])


def _is_partition_missing(error: psycopg.Error) -> bool:
    # PostgreSQL has no code of its own for it; a constraint of ours would have a name.
    return isinstance(error, errors.CheckViolation) and error.diag.constraint_name is None


def _about_sessions(name: bytes, look_ups: list[LookUp]) -> list[Statement]:
    """Locks the visitors, and runs the statement of this name on them."""
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
        Statement(name, rows.arrays((Oid.UUID, Oid.UUID, Oid.TIMESTAMPTZ, Oid.TIMESTAMPTZ), asked)),
    ]


def _sessions_in(answer: PGresult, look_ups: list[LookUp]) -> dict[int, list[Session]]:
    """The sessions that were found, by the identity of the visit that asked for them."""
    found: dict[int, list[Session]] = {}
    asking = [id(look_up.visit) for look_up in look_ups for _ in look_up.ids]
    for number, identifier, visitor, started, ended in _rows_of(answer):
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
