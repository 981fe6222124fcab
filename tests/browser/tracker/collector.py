"""A real HTTP server that serves pages with the tracker on them and keeps what they post.

It stands for FLOW's own server on the wire, and notes as a problem whatever the wire format does not allow.
What the network does to a request is its fate.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, get_args

from flow.collect.tracker.build import Kind, bundle
from tests.browser.tracker.wire import problems

Event = dict[str, Any]
Batch = dict[str, Any]
Fate = Literal["stored", "cut", "answer cut", "answer torn", "slow"] | int
"""What becomes of a POST: stored and answered; the connection closed before it is read; stored, but the answer never
or only half arrives; answered after SLOW_SECONDS; or, as a number, refused with that status."""

RESTAURANT = "0190a000-0000-7000-8000-000000000001"
KEY = "fk_test"
SLOW_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Attempt:
    """One POST, stored or not; `at` is time.monotonic()."""

    at: float
    fate: Fate
    batch: Batch
    size: int
    headers: Mapping[str, str]


@dataclass
class Collector:
    fate: Fate = "stored"
    """Of the requests that `next_fates` says nothing about."""
    next_fates: deque[Fate] = field(default_factory=deque)
    retry_after: str | None = None
    attempts: list[Attempt] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    """What was stored."""
    answers: list[dict[str, Any]] = field(default_factory=list)
    """What visitors answered to the question about consent."""
    problems: list[str] = field(default_factory=list)
    most_at_once: int = 0
    """The most POSTs that were under way at a time."""
    pages: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.collector = self
        self._under_way = 0
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @contextmanager
    def under_way(self) -> Iterator[None]:
        self._under_way += 1
        self.most_at_once = max(self.most_at_once, self._under_way)
        yield
        self._under_way -= 1

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def other_origin(self) -> str:
        """The same server under a name that makes it another origin."""
        return f"http://localhost:{self._server.server_port}"

    def page(self, path: str, body: str = "", *, attributes: str = "", script: Kind = "flow.js") -> str:
        """The address of a page with the tracker on it, ahead of `body`."""
        tag = f'<script src="/{script}" data-restaurant="{RESTAURANT}" data-key="{KEY}" {attributes}></script>'
        return self.plain_page(path, tag + body)

    def plain_page(self, path: str, body: str) -> str:
        self.pages[path] = f"<!doctype html><html lang=da><title>Page {path}</title><body>{body}"
        return self.origin + path

    def events(self, name: str = "") -> list[Event]:
        """Each stored event once, as a server that knows doubles keeps them: page view by page view, in order."""
        stored = {event["id"]: event for batch in list(self.batches) for event in batch["events"]}
        ordered = sorted(stored.values(), key=lambda event: (event["page_view_id"], event["seq"]))
        return [event for event in ordered if name in {"", event["event_name"]}]

    def names(self) -> list[str]:
        return [event["event_name"] for event in self.events()]

    def times_stored(self) -> Counter[str]:
        """How many times each event id arrived."""
        return Counter(event["id"] for batch in list(self.batches) for event in batch["events"])

    def gaps(self) -> dict[str, list[int]]:
        """Page views whose sequence numbers are not 1, 2, 3 … without a hole, and what they are instead."""
        numbers = defaultdict(list)
        for event in self.events():
            numbers[event["page_view_id"]].append(event["seq"])
        return {view: sorted(seen) for view, seen in numbers.items() if sorted(seen) != list(range(1, len(seen) + 1))}


class _Server(ThreadingHTTPServer):
    collector: Collector
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up is no error here."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        name = self.path.partition("?")[0]
        if name[1:] in get_args(Kind):
            self._answer(200, bundle(name[1:]).content, "text/javascript; charset=utf-8")
        elif name in self.server.collector.pages:
            self._answer(200, self.server.collector.pages[name].encode(), "text/html; charset=utf-8")
        else:
            self._answer(204 if name == "/favicon.ico" else 404, b"", "text/plain")

    def do_OPTIONS(self) -> None:
        self.server.collector.problems.append("a preflight request")
        self._answer(403, b"", "text/plain")

    def do_POST(self) -> None:
        if self.path == "/api/consents/analytics":
            self.server.collector.answers.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self._answer(204, b"", "text/plain")
            return
        with self.server.collector.under_way():
            self._take_batch(self.server.collector)

    def _take_batch(self, collector: Collector) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        batch = json.loads(body)
        fate = collector.next_fates.popleft() if collector.next_fates else collector.fate
        collector.attempts.append(Attempt(time.monotonic(), fate, batch, len(body), dict(self.headers)))
        collector.problems += problems(batch)
        if isinstance(fate, int):
            self._answer(fate, b'{"error": {}}', "application/json")
        elif fate == "cut":
            self._hang_up()
        else:
            collector.batches.append(batch)
            self._acknowledge(batch, fate)

    def _acknowledge(self, batch: Batch, fate: Fate) -> None:
        if fate == "answer cut":
            self._hang_up()
            return
        if fate == "slow":
            time.sleep(SLOW_SECONDS)
        results = [{"id": event["id"], "status": "accepted"} for event in batch["events"]]
        answer = {"accepted": len(results), "duplicate": 0, "rejected": 0, "results": results}
        self._answer(200, json.dumps(answer).encode(), "application/json", torn=fate == "answer torn")

    def _answer(self, status: int, content: bytes, kind: str, *, torn: bool = False) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Access-Control-Expose-Headers", "Retry-After")
        if self.server.collector.retry_after and status >= 400:
            self.send_header("Retry-After", self.server.collector.retry_after)
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if torn else content)
        if torn:
            self._hang_up()

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.close()

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""
