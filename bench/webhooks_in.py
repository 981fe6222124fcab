"""How fast providers' webhooks come in: verified, sealed, in the inbox, acknowledged after the commit.

`make bench-receiving`. One web process, 32 connections on loopback, PostgreSQL with fsync and synchronous_commit on.
Each request is a delivery of Stripe's about another payment, signed with the restaurant's secret; held against an
address of the same server that does nothing, in rounds that measure both right after each other. The ratio is the
rounds' median. At the end every delivery lies in the inbox, once.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import hmac
import json
import sys
import time
from statistics import median

import psycopg

from bench import load
from bench.place import Place, open_place
from bench.web import EMPTY
from flow.collect.integrations import store
from flow.collect.integrations.service import keep_credentials
from flow.collect.providers import SYSTEMS
from flow.collect.webhooks.address import Address, Addresses
from flow.database.pool import Database
from flow.kit.clock import SystemClock

CONNECTIONS = 32
LEAST_RATIO = 0.2
_SECRET = "whsec_of_the_benchmark"


def main() -> None:
    """Measures; status 1 when the limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deliveries", type=int, default=10_000, help="in each round")
    parser.add_argument("--rounds", type=int, default=7)
    wanted = parser.parse_args()
    with open_place("bench.web") as place:
        path = asyncio.run(_connect(place))
        load.run(place.port, _deliveries(path, 500, "warm"), connections=CONNECTIONS)
        ratio = median(_round(place, path, wanted.deliveries, number) for number in range(1, wanted.rounds + 1))
    print(f"bench-receiving: ratio={ratio:.2f}")
    sys.exit(0 if ratio >= LEAST_RATIO else 1)


def _round(place: Place, path: str, count: int, number: int) -> float:
    """Deliveries a second, as a ratio to requests to the empty address."""
    name = f"round{number}_"
    nothings, deliveries = _deliveries(EMPTY, count, name), _deliveries(path, count, name)
    empty = load.run(place.port, nothings, connections=CONNECTIONS)
    result = load.run(place.port, deliveries, connections=CONNECTIONS)
    _check(place, result, count, name)
    ratio = result.per_second / empty.per_second
    rates = f"{result.per_second:,.0f} deliveries/s; {empty.per_second:,.0f} requests/s of the empty address"
    print(f"round {number}: {rates}; ratio {ratio:.2f}")
    return ratio


async def _connect(place: Place) -> str:
    """Connects the restaurant to Stripe; the path of its address."""
    here, now = place.installation, SystemClock().now()
    async with (
        Database(api_url=here.api_url, worker_url=here.worker_url) as database,
        database.as_service() as transaction,
    ):
        connection = await store.connect(
            transaction, place.restaurant, kind="payment", name="stripe", config={}, account=None, by=None, now=now
        )
        integration = await store.integration_by_id(transaction, place.restaurant, connection)
        assert integration is not None
        [stripe] = [system for system in SYSTEMS if system.name == "stripe"]
        secrets = {field.name: _SECRET for field in stripe.fields if field.is_secret}
        await keep_credentials(transaction, here.secret_box, integration, secrets, now=now)
    return Addresses([here.secret]).path("stripe", Address(place.restaurant, connection))


def _deliveries(path: str, count: int, name: str) -> list[bytes]:
    return [_delivery(path, f"{name}{number:08}") for number in range(count)]


def _delivery(path: str, number: str) -> bytes:
    """A signed delivery of some 900 bytes, as Stripe sends them."""
    intent = {
        "id": f"pi_{number}",
        "object": "payment_intent",
        "amount": 24950,
        "amount_received": 24950,
        "currency": "dkk",
        "description": f"Ordre {number}, smørrebrød",
        "livemode": False,
        "metadata": {"order_id": "11111111-1111-4111-8111-111111111111", "note": "x" * 300},
        "status": "succeeded",
    }
    event = {
        "id": f"evt_{number}",
        "object": "event",
        "api_version": "2026-06-24.dahlia",
        "created": int(time.time()),
        "data": {"object": intent},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": "payment_intent.succeeded",
    }
    body = json.dumps(event, ensure_ascii=False).encode()
    at = str(int(time.time()))
    mac = hmac.new(_SECRET.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    return load.request(path, body, headers=[("Stripe-Signature", f"t={at},v1={mac}")])


def _check(place: Place, result: load.Result, expected: int, name: str) -> None:
    """Every delivery of this name acknowledged, and in the inbox once."""
    with psycopg.connect(place.installation.owner_url) as connection:
        row = connection.execute(
            "select count(*), count(distinct dedupe_key) from public.webhook_inbox where dedupe_key like %s",
            [f"%{name}%"],
        ).fetchone()
    if set(result.statuses) != {200} or row != (expected, expected):
        raise SystemExit(f"bench-receiving: sent {expected}, stored {row}; {dict(result.statuses)}")


if __name__ == "__main__":
    main()
