"""How much is checked in one turn of the event loop, so that the database's answers are not kept waiting.

Requests that arrive together are ready together. Checked one after another in the same turn, a dozen large batches take
longer than the database takes to store as many: writers would learn of its answers late, and it would stand idle.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final

__all__ = ["Turns"]

_BYTES_A_TURN: Final = 16_384  # of bodies: a large batch or a few dozen small ones, less than a millisecond


class Turns:
    """Lets requests pass in the order they came, a few in each turn of the loop."""

    def __init__(self) -> None:
        self._left = _BYTES_A_TURN
        self._waiting: deque[tuple[asyncio.Future[None], int]] = deque()
        self._loop = asyncio.get_running_loop()  # asking for it is a call of the system each time
        self._is_next_arranged = False

    async def take(self, size: int) -> None:
        """Returns in a turn that has room left; `size` is that of the body in bytes, and may be more than the room."""
        if not self._is_next_arranged:
            self._is_next_arranged = True
            self._loop.call_soon(self._begin_next)
        if self._left > 0 and not self._waiting:
            self._left -= size
            return
        passing: asyncio.Future[None] = self._loop.create_future()
        self._waiting.append((passing, size))
        await passing

    def _begin_next(self) -> None:
        self._left = _BYTES_A_TURN
        self._is_next_arranged = bool(self._waiting)
        while self._waiting and self._left > 0:
            passing, size = self._waiting.popleft()
            if not passing.done():
                passing.set_result(None)
                self._left -= size
        if self._is_next_arranged:
            self._loop.call_soon(self._begin_next)
