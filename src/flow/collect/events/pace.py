"""When a free writer begins: at once while no other stores, for then nothing is gained by waiting.

Else it waits until there is a full group, or until the other has been at it for so long that it may be stuck behind a
lock. Sooner, two writers would share what arrives, and pay twice for half of it each.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

__all__ = ["Pace"]

_STUCK_SECONDS: Final = 0.05  # longer than a commit takes, be the disk slow


class Pace:
    """Counts what waits in a queue, and tells the writers behind it when to take a group."""

    def __init__(self, full_group: int) -> None:
        self.waiting = 0
        self._full_group = full_group
        self._storing = 0  # writers
        self._last_began = 0.0
        self._is_ending = False
        self._look = asyncio.Event()
        self._next_look: asyncio.TimerHandle | None = None

    def add(self, count: int) -> None:
        """So many more wait."""
        self.waiting += count
        if self._is_group_ready():
            self._look.set()
        elif self._next_look is None:
            self._look_later()

    def take(self, count: int) -> None:
        """So many wait no longer."""
        self.waiting -= count

    def end(self) -> None:
        """Nothing more will come; the writers store what waits."""
        self._is_ending = True
        self._look.set()

    async def is_work_waiting(self) -> bool:
        """True as soon as there is a group to be stored; False at the end of all work."""
        while not self._is_group_ready():
            if self._is_ending and not self.waiting:
                return False
            self._look.clear()
            await self._look.wait()
        return True

    @contextmanager
    def storing(self) -> Iterator[None]:
        """While a writer stores a group."""
        self._storing += 1
        self._last_began = time.monotonic()
        try:
            yield
        finally:
            self._storing -= 1
            self._look.set()

    def _is_group_ready(self) -> bool:
        return self.waiting > 0 and (
            not self._storing
            or self.waiting >= self._full_group
            or time.monotonic() - self._last_began > _STUCK_SECONDS
        )

    def _look_later(self) -> None:
        self._next_look = asyncio.get_running_loop().call_later(_STUCK_SECONDS, self._look_again)

    def _look_again(self) -> None:
        """Those that store may be stuck by now; if not yet, later."""
        self._next_look = None
        if self.waiting:
            self._look.set()
            self._look_later()
