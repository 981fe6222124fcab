"""Identifiers: UUIDv7 (RFC 9562), whose first 48 bits are the time in milliseconds."""

import os
from datetime import UTC, datetime, timedelta
from threading import Lock
from uuid import UUID

import uuid_utils
from uuid_utils.compat import uuid7

__all__ = ["new_id", "new_id_bytes", "parse_id", "time_of"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_MILLISECOND = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1)


def new_id(at: datetime | None = None) -> UUID:
    """A new UUIDv7 for the present moment, or for `at` (aware, from 1970 on).

    Ids made one after another in a process sort in that order, also within one millisecond,
    as long as they are all made with `at` or all without.
    """
    if at is None:
        return uuid7()
    milliseconds = (at - _EPOCH) // timedelta(milliseconds=1)
    if milliseconds < 0:
        raise ValueError(f"an id cannot hold a time before 1970: {at.isoformat()}")
    return _given_times.next(milliseconds)


def new_id_bytes(milliseconds: int) -> bytes:
    """The 16 bytes of a new UUIDv7 for a time since 1970, in a tenth of the time that `new_id` takes.

    Of one millisecond they are in no order.
    """
    return uuid_utils.uuid7(nanoseconds=milliseconds * 1_000_000).bytes


def time_of(identifier: UUID) -> datetime:
    """The UTC time embedded in a UUIDv7, to the millisecond.

    Raises ValueError for another version of UUID and for a time after the year 9999: ids
    come from clients as well, so both happen.
    """
    if identifier.version != 7:
        raise ValueError(f"not a UUIDv7: {identifier}")
    milliseconds = identifier.int >> 80
    if milliseconds > _LAST_MILLISECOND:
        raise ValueError(f"a time after the year 9999: {identifier}")
    return _EPOCH + timedelta(milliseconds=milliseconds)


def parse_id(text: object) -> UUID | None:
    """The UUID written as `text` in the usual 36 characters, or None when it is anything else."""
    if not isinstance(text, str) or len(text) != 36:
        return None
    try:
        identifier = UUID(text)
    except ValueError:
        return None
    # UUID() forgives misplaced hyphens, underscores and digits of other scripts.
    return identifier if str(identifier) == text.lower() else None


class _GivenTimes:
    """Ids for times that the caller gives: the library orders only those of the present."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self._lock = Lock()
        self._last = 0

    def next(self, milliseconds: int) -> UUID:
        made = uuid7(nanoseconds=milliseconds * 1_000_000)
        with self._lock:
            if made.int <= self._last and milliseconds == self._last >> 80:
                made = UUID(int=self._last + 1)
            self._last = made.int
        return made


_given_times = _GivenTimes()
# Counting on from the same last id, parent and child would make the same ones.
os.register_at_fork(after_in_child=_given_times.forget)
