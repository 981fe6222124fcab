"""Makes things ahead of their use, in a thread: one core makes rows while the other stores and counts them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from queue import Queue
from threading import Thread
from typing import TypeVar

__all__ = ["ahead"]

Item = TypeVar("Item")


async def ahead(items: Iterator[Item], *, depth: int) -> AsyncIterator[Item]:
    """The items, at most `depth` of them made before they are asked for; an error in their making is raised here."""
    made: Queue[Item | _End] = Queue(depth)

    def make() -> None:
        try:
            for item in items:
                made.put(item)
        except BaseException as error:
            made.put(_End(error))
        else:
            made.put(_End(None))

    # A daemon: whoever stops in the middle does not wait for rows that nobody wants.
    Thread(target=make, daemon=True).start()
    while not isinstance(item := await asyncio.to_thread(made.get), _End):
        yield item
    if item.error is not None:
        raise item.error


class _End:
    def __init__(self, error: BaseException | None) -> None:
        self.error = error
