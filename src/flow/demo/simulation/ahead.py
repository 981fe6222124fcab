"""Makes things in a process of its own, ahead of their use: one core makes rows while the other stores and counts them.

Threads would wait for each other, since Python runs one of them at a time.
"""

from __future__ import annotations

import asyncio
import pickle
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

__all__ = ["ahead", "main"]

_BYTES_AHEAD = 64 * 2**20
_LENGTH_BYTES = 8
_PROGRAM = f"from {__name__} import main; main()"

Item = TypeVar("Item")


@asynccontextmanager
async def ahead(make: Callable[..., Iterator[Item]], *arguments: object) -> AsyncIterator[AsyncIterator[Item]]:
    """What `make(*arguments)` yields; it begins at once and ends with the block, however far it is.

    `make` is a function of a module; arguments and items go by pickle. RuntimeError when it fails; why is then on
    standard error.
    """
    # A session of its own: Ctrl-C is for this process, which then ends the other.
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _PROGRAM, stdin=PIPE, stdout=PIPE, limit=_BYTES_AHEAD, start_new_session=True
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        process.stdin.write(pickle.dumps((make, arguments)))
        process.stdin.write_eof()
        yield _items(process, process.stdout)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        with suppress(BrokenPipeError, ConnectionResetError):  # it need not have read all it was told
            await process.stdin.wait_closed()


async def _items(process: asyncio.subprocess.Process, stream: asyncio.StreamReader) -> AsyncIterator[Item]:
    try:
        while length := int.from_bytes(await stream.readexactly(_LENGTH_BYTES), "big"):
            item: Item = pickle.loads(await stream.readexactly(length))  # noqa: S301 (our own process wrote it)
            yield item
    except asyncio.IncompleteReadError as error:
        raise RuntimeError(f"what makes rows ended with status {await process.wait()}") from error


def main() -> None:
    """The other process: makes what standard input says, until nobody reads any more."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    make, arguments = pickle.load(sys.stdin.buffer)  # noqa: S301 (our own process wrote it)
    for item in make(*arguments):
        made = pickle.dumps(item)
        sys.stdout.buffer.write(len(made).to_bytes(_LENGTH_BYTES, "big"))
        sys.stdout.buffer.write(made)
        sys.stdout.buffer.flush()
    sys.stdout.buffer.write(bytes(_LENGTH_BYTES))
