"""Live streams (Server-Sent Events) last until the browser leaves; when the process has to stop, they are ended here.

Without this a page left open would keep the process from stopping.
"""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MEDIA_TYPE = "text/event-stream"


class OpenStreams:
    """The streams of this process that are open now."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._ending = False

    def add(self, task: asyncio.Task[Any]) -> None:
        self._tasks.add(task)

    def discard(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)

    def end(self) -> None:
        """Ends them all; a browser then tries again by itself, and finds the next process."""
        self._ending = True
        for task in self._tasks:
            task.cancel()

    def is_ended(self, task: asyncio.Task[Any]) -> bool:
        return self._ending and task in self._tasks


class StreamWatch:
    """ASGI middleware that notes every stream in `streams`, and lets an ended one end well."""

    def __init__(self, app: ASGIApp, *, streams: OpenStreams) -> None:
        self._app = app
        self._streams = streams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        task = asyncio.current_task()
        assert task is not None

        async def send_watched(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_stream(message):
                self._streams.add(task)
            await send(message)

        try:
            await self._app(scope, receive, send_watched)
        except asyncio.CancelledError:
            if not self._streams.is_ended(task):
                raise
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._streams.discard(task)


def _is_stream(message: Message) -> bool:
    return Headers(raw=list(message.get("headers", ()))).get("content-type", "").startswith(_MEDIA_TYPE)
