"""The receiving end for bench.webhooks_out: it answers at once, or under /hang never, and writes down what came when.

`python -m bench.webhooks_receiver PORT FILE`; on SIGTERM it writes FILE: a line `webhook-id seconds path` per message,
the seconds those of the machine's monotonic clock, which all processes share.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from pathlib import Path
from typing import cast

import uvloop

_ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


class _Connection(asyncio.Protocol):
    def __init__(self, heard: list[tuple[str, float, str]]) -> None:
        self._heard = heard
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own is no subclass

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end].decode()
            whole = end + 4 + int(_header(head, "content-length"))
            if len(self._buffer) < whole:
                return
            self._buffer = self._buffer[whole:]
            path = head.split(" ", 2)[1]
            self._heard.append((_header(head, "webhook-id"), time.monotonic(), path))
            if not path.startswith("/hang"):
                self._transport.write(_ANSWER)


def _header(head: str, name: str) -> str:
    return head.lower().partition(f"\r\n{name}:")[2].partition("\r\n")[0].strip()


async def _serve(port: int) -> list[tuple[str, float, str]]:
    heard: list[tuple[str, float, str]] = []
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    await loop.create_server(lambda: _Connection(heard), "127.0.0.1", port, backlog=1024)
    await stop.wait()
    return heard


if __name__ == "__main__":
    lines = (f"{each} {at} {path}" for each, at, path in uvloop.run(_serve(int(sys.argv[1]))))
    Path(sys.argv[2]).write_text("\n".join(lines))
