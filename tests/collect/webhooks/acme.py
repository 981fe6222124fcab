"""A provider of the tests' own: it signs its body with HMAC-SHA256, and every fact is a line `key type text`."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime

from flow.collect.integrations.types import Integration
from flow.collect.webhooks.errors import BadSignature, Unreadable
from flow.collect.webhooks.types import Applying, Arrival, Item, Outcome, Request
from tests.connections import kept_connection

SECRET = "a secret of the tests' own"


class Acme:
    """Every item that is applied becomes an activity of the restaurant."""

    name = "acme"

    def __init__(self) -> None:
        self.is_broken = False
        self.understands_garbage = False
        self.applied: list[bytes] = []

    def accounts(self, request: Request) -> Sequence[str]:
        account = request.headers.get("x-acme-account")
        return account.split(",") if account else ()

    def verify(self, request: Request, integration: Integration, credentials: Mapping[str, str], now: datetime) -> None:
        given = request.headers.get("x-acme-signature", "")
        if not hmac.compare_digest(given, signature(request.body, credentials.get("secret", ""))):
            raise BadSignature

    def read(self, request: Request, integration: Integration) -> Sequence[Arrival]:
        if request.body == b"garbage" and not self.understands_garbage:
            raise Unreadable
        return [_arrival(line) for line in request.body.decode().splitlines()]

    def greet(self, request: Request, credentials: Mapping[str, str]) -> bytes | None:
        known = request.query.get("word") == credentials.get("secret")
        return request.query.get("challenge", "").encode() if known else None

    async def apply(self, applying: Applying, item: Item) -> Outcome:
        if item.event_type == "unknown":
            return Outcome("ignored", "unknown_type")
        if item.event_type == "foreign":
            return Outcome("parked", "not_ours")
        await applying.transaction.connection.execute(
            "insert into public.activities (restaurant_id, id, activity_type, category, description) "
            "values (%s, gen_random_uuid(), 'acme', 'system', %s)",
            [item.restaurant_id, item.payload.decode()],
        )
        if self.is_broken:
            raise RuntimeError("Anna Hansen, +45 20 12 34 56")
        self.applied.append(item.payload)
        return Outcome("done")


def _arrival(line: str) -> Arrival:
    key, _, rest = line.partition(" ")
    kind, _, text = rest.partition(" ")
    return Arrival(dedupe_key=key, event_type=kind, payload=text.encode(), contact=text if text[:1] == "+" else None)


def signature(body: bytes, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"x-acme-signature": signature(body, secret)}


def effects(url: str) -> list[str]:
    """What was applied and committed, in no order."""
    with kept_connection(url) as connection:
        rows = connection.execute("select description from public.activities where activity_type = 'acme'").fetchall()
    return sorted(row[0] for row in rows)


def inbox(url: str) -> list[tuple[str, str, str | None, int]]:
    """(event type, status, reason, attempts) of every item, by type."""
    with kept_connection(url) as connection:
        return connection.execute(
            "select event_type, status, reason, attempts from public.webhook_inbox order by event_type, dedupe_key"
        ).fetchall()
