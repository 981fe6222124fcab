"""A browser's EventSource, as far as tests need it."""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx

from tests.serving import Server

_SILENCE_SECONDS = 30.0


@dataclass(frozen=True)
class Event:
    """One event, and when it came (monotonic seconds)."""

    name: str
    data: dict[str, Any]
    id: str
    came_at: float


class Stream:
    """The events of an open stream."""

    def __init__(self) -> None:
        self.ended = threading.Event()
        self._events: queue.Queue[Event] = queue.Queue()

    def next(self, name: str, *, within: float) -> Event:
        """The next event of that name; AssertionError when it does not come in `within` seconds."""
        deadline = time.monotonic() + within
        while (left := deadline - time.monotonic()) > 0:
            with suppress(queue.Empty):
                event = self._events.get(timeout=left)
                if event.name == name:
                    return event
        raise AssertionError(f"no {name} came within {within} s")

    def names(self, *, for_: float) -> list[str]:
        """The names of all events of the coming seconds."""
        time.sleep(for_)
        return [self._events.get().name for _ in range(self._events.qsize())]

    def read(self, lines: Iterator[str]) -> None:
        """Takes what the server sends until it ends the stream."""
        fields: dict[str, str] = {}
        for line in lines:
            name, _, value = line.partition(": ")
            if line:
                fields[name] = value
            elif "event" in fields:
                data = json.loads(fields["data"])
                self._events.put(Event(fields["event"], data, fields["id"], time.monotonic()))
                fields = {}


@contextmanager
def open_stream(server: Server, who: dict[str, str], query: str = "", *, after: str = "") -> Iterator[Stream]:
    """The live dashboard of a reader; `after` is the id of the last event seen. Its first event has come."""
    stream = Stream()
    headers = {**who, "last-event-id": after} if after else who
    with server.client() as http:
        request = http.build_request("GET", f"/dashboard/live?{query}", headers={**headers, "accept-language": "en"})
        request.extensions["timeout"] = {"connect": 5, "read": _SILENCE_SECONDS, "write": 5, "pool": 5}
        answer = http.send(request, stream=True)
        assert (200, "text/event-stream; charset=utf-8") == (answer.status_code, answer.headers["content-type"])
        reader = threading.Thread(target=_read, args=(stream, answer), daemon=True)
        reader.start()
        try:
            yield stream
        finally:
            answer.close()


def _read(stream: Stream, answer: httpx.Response) -> None:
    with suppress(httpx.HTTPError, RuntimeError):
        stream.read(answer.iter_lines())
    stream.ended.set()
