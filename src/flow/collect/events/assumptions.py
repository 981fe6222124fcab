"""What the writers of a process take for granted, because asking the database first would cost a round trip each time.

A transaction that was built on a wrong assumption fails as a whole, and is tried again without it.
"""

from __future__ import annotations

import time
from typing import Final

__all__ = ["Assumptions"]

_KNOWN_EVENTS_SECONDS: Final = 3.0
_ENOUGH_NEW_VISITORS: Final = 1000


class Assumptions:
    """Whether events are new, and whether visitors are whom memory does not know."""

    def __init__(self) -> None:
        self._events_are_new_from = 0.0
        self._new_visitors_in_a_row = 0

    @property
    def events_are_new(self) -> bool:
        """Not for some seconds after one was known: duplicates come in bursts, from clients that retry."""
        return time.monotonic() >= self._events_are_new_from

    def note_known_event(self) -> None:
        self._events_are_new_from = time.monotonic() + _KNOWN_EVENTS_SECONDS

    @property
    def visitors_are_new(self) -> bool:
        """Only after many in a row were: just started, or beside other processes, memory knows too few."""
        return self._new_visitors_in_a_row >= _ENOUGH_NEW_VISITORS

    def note_new_visitors(self, count: int) -> None:
        self._new_visitors_in_a_row += count

    def note_known_visitor(self) -> None:
        self._new_visitors_in_a_row = 0
