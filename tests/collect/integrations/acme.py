"""Acme as a system that is called: a real HTTP server whose answers a test lines up, and what FLOW knows of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from flow.collect.integrations.errors import CallRefused, ConnectionRefused, NotYet
from flow.collect.integrations.types import Call, Caller, Field, Integration, Kind, Queued
from flow.database.transaction import Transaction


@dataclass
class Reply:
    """An answer of the server; `hangs_up` closes the connection instead."""

    status: int = 200
    body: object = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    hangs_up: bool = False


@dataclass
class Asked:
    """A request as the server saw it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Server:
    url: str
    replies: list[Reply] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def running_acme() -> Iterator[Server]:
    """The server on a free port; without a reply lined up it answers 200 and `{}`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            server.asked.append(Asked(self.command, self.path, headers, body))
            reply = server.replies.pop(0) if server.replies else Reply()
            if reply.hangs_up:
                self.close_connection = True
                return
            text = json.dumps(reply.body).encode()
            self.send_response(reply.status)
            for name, value in {"content-type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 (the library's names)

        def log_message(self, format: str, *_: object) -> None:  # noqa: A002 (the library's name)
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = Server(f"http://127.0.0.1:{http.server_address[1]}")
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()


class AcmeSystem:
    """A System whose queued calls are `send`, `refuse`, `wait` and `drop`."""

    name = "acme"
    kind: Kind = "payment"
    base_url = "http://127.0.0.1:1"
    fields = (Field(name="shop", label="Shop", is_secret=False, is_account=True), Field(name="secret", label="Secret"))

    def __init__(self) -> None:
        self.concluded: list[str] = []
        self.breaks_after_call = False
        self.may_go_on = False

    def authorise(self, call: Call, integration: Integration, credentials: Mapping[str, str]) -> Call:
        headers = {**call.headers, "Authorization": f"Bearer {credentials.get('secret', '')}"}
        return Call(**{**{name: getattr(call, name) for name in call.__slots__}, "headers": headers})

    async def test(self, caller: Caller, integration: Integration) -> None:
        answer = await caller(Call(method="GET", path="/me", name="/me", repeatable=True))
        if answer.status == 402:
            raise ConnectionRefused("Acme wants to be paid first.")
        if not answer.is_success:
            raise ConnectionRefused

    async def facts(self, transaction: Transaction, queued: Queued) -> Mapping[str, object] | None:
        return None if queued.kind == "drop" else {"amount": queued.arguments["amount"]}

    async def perform(self, caller: Caller, queued: Queued, facts: Mapping[str, object]) -> Mapping[str, object]:
        if queued.kind == "refuse":
            raise CallRefused("card_declined")
        if queued.kind == "wait" and not self.may_go_on:
            raise NotYet(after_seconds=60)
        answer = await caller(
            Call(
                method="POST",
                path="/sends",
                name="/sends",
                json=dict(facts),
                idempotency_key=queued.key,
                repeatable=True,
            )
        )
        if not answer.is_success:
            raise RuntimeError("Anna Hansen")
        return {"id": "s_1"}

    async def conclude(self, transaction: Transaction, queued: Queued, result: Mapping[str, object]) -> None:
        self.concluded.append(f"{queued.key} {result['id']}")
        if self.breaks_after_call:
            raise RuntimeError


class RenewingSystem(AcmeSystem):
    """Acme with tokens that run out: `until` is when, in seconds since 1970."""

    def is_stale(self, credentials: Mapping[str, str], now: datetime) -> bool:
        return float(credentials.get("until", 0)) <= now.timestamp()

    async def renew(
        self, caller: Caller, integration: Integration, credentials: Mapping[str, str], now: datetime
    ) -> Mapping[str, str]:
        answer = await caller(Call(method="POST", path="/token", name="/token"))
        assert isinstance(answer.body, dict)
        return {**credentials, "secret": answer.body["token"], "until": str(now.timestamp() + 3600)}


class RegisteringSystem(AcmeSystem):
    """Acme that is told where to send."""

    async def register(
        self, caller: Caller, integration: Integration, address: str, credentials: Mapping[str, str]
    ) -> Mapping[str, str]:
        answer = await caller(Call(method="POST", path="/hooks", name="/hooks", json={"url": address}))
        if not answer.is_success:
            raise ConnectionRefused("Acme takes no address.")
        return {"webhook_secret": "whsec_of_acme"}
