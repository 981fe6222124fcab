"""Kills the web process, and separately PostgreSQL, with SIGKILL under load; what was acknowledged must be there once.

`make crash-test`. Clients post batches of events and orders and retry as a browser does: on a broken connection and on
503 the same bodies with the same ids are sent again. At the end each acknowledged event and order is looked for in the
database. The last line is the figure: `crash-test: … lost=0 double=0`.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import psycopg

from bench.place import Place, open_place
from flow.kit.ids import new_id

_CLIENTS = 8
_EVENTS_PER_BATCH = 20
_RETRY_SECONDS = 0.1
_REQUEST_SECONDS = 5.0
_USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


@dataclass
class Ledger:
    """What the clients were told: ids acknowledged as stored, and how often a request had to be sent again."""

    events: set[str] = field(default_factory=set)
    orders: dict[str, str] = field(default_factory=dict)
    retries: int = 0
    refused: Counter[str] = field(default_factory=Counter)


def main() -> None:
    """Runs the test; status 1 when anything is lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=6, help="kills of the web process, and as many of PostgreSQL")
    kills = parser.parse_args().kills
    with open_place() as place:
        ledger = asyncio.run(_run(place, kills))
        lost, double = _compare(place, ledger)
    print(f"refused by reason: {dict(ledger.refused)}, requests sent again: {ledger.retries}")
    print(
        f"crash-test: kills={2 * kills} events={len(ledger.events)} orders={len(ledger.orders)} "
        f"lost={lost} double={double}"
    )
    healthy = not lost and not double and ledger.events and ledger.orders and not ledger.refused
    sys.exit(0 if healthy else 1)


async def _run(place: Place, kills: int) -> Ledger:
    ledger = Ledger()
    stop = asyncio.Event()
    clients = [asyncio.create_task(_client(place, ledger, stop)) for _ in range(_CLIENTS)]
    for victim in [victim for _ in range(kills) for victim in ("web", "postgres")]:
        await asyncio.sleep(random.uniform(1.0, 2.0))
        before = len(ledger.events)
        await asyncio.to_thread(place.kill_web if victim == "web" else place.kill_postgres)
        print(f"killed {victim} after {before} acknowledged events", flush=True)
        await _until_more(ledger, before)
    stop.set()
    await asyncio.gather(*clients)
    return ledger


async def _until_more(ledger: Ledger, before: int) -> None:
    """Waits until the service acknowledges again, so that each kill meets a service under load."""
    deadline = time.monotonic() + 60
    while len(ledger.events) <= before + 10 * _EVENTS_PER_BATCH:
        if time.monotonic() > deadline:
            raise SystemExit("crash-test: the service did not come back within 60 s")
        await asyncio.sleep(0.05)


async def _client(place: Place, ledger: Ledger, stop: asyncio.Event) -> None:
    visitor = str(new_id())
    headers = {"user-agent": _USER_AGENT, "accept-language": "da"}
    async with httpx.AsyncClient(base_url=place.base_url, timeout=_REQUEST_SECONDS, headers=headers) as http:
        while not stop.is_set():
            await _send_batch(http, place, ledger, visitor)
            await _send_order(http, place, ledger)


async def _send_batch(http: httpx.AsyncClient, place: Place, ledger: Ledger, visitor: str) -> None:
    page = str(new_id())
    now = datetime.now(UTC).isoformat()
    events = [
        {
            "id": page if number == 0 else str(new_id()),
            "event_name": "page_view" if number == 0 else "element_click",
            "timestamp": now,
            "page_view_id": page,
            "seq": number + 1,
            "page_url": "https://napoli.example/menu",
            "event_data": {"page_path": "/menu"} if number == 0 else {"element_id": "buy", "page_path": "/menu"},
        }
        for number in range(_EVENTS_PER_BATCH)
    ]
    body = {"restaurant_id": str(place.restaurant), "key": place.site_key, "sent_at": now, "visitor_id": visitor}
    answer = await _insist(http, ledger, "/api/events/batch", body | {"events": events}, {})
    for result in answer["results"]:
        if result["status"] == "rejected":
            ledger.refused[result["code"]] += 1
        else:
            ledger.events.add(result["id"])


async def _send_order(http: httpx.AsyncClient, place: Place, ledger: Ledger) -> None:
    key = str(new_id())
    body = {
        "restaurant_id": str(place.restaurant),
        "key": place.site_key,
        "fulfillment_type": "pickup",
        "payment_method": "cash",
        "customer": {"name": "Anna Hansen"},
        "items": [{"product_id": str(place.product), "quantity": 2}],
    }
    answer = await _insist(http, ledger, "/api/orders", body, {"Idempotency-Key": key})
    ledger.orders[key] = answer["id"]


async def _insist(
    http: httpx.AsyncClient, ledger: Ledger, path: str, body: Mapping[str, object], headers: dict[str, str]
) -> dict[str, Any]:
    """Sends until it is acknowledged, as the tracker does: the same body each time."""
    while True:
        try:
            response = await http.post(path, json=body, headers=headers)
        except httpx.TransportError:
            ledger.retries += 1
        else:
            if response.is_success:
                return dict(response.json())
            if response.status_code not in (429, 500, 502, 503, 504):
                raise SystemExit(f"crash-test: {path} answered {response.status_code}: {response.text[:500]}")
            if response.status_code == httpx.codes.INTERNAL_SERVER_ERROR:
                ledger.refused["500"] += 1
            ledger.retries += 1
        await asyncio.sleep(_RETRY_SECONDS)


def _compare(place: Place, ledger: Ledger) -> tuple[int, int]:
    """How many acknowledged events and orders are missing, and how many are there more than once."""
    with psycopg.connect(place.installation.owner_url) as connection:
        events = Counter(str(row[0]) for row in connection.execute("select id from public.events"))
        orders = Counter(str(row[0]) for row in connection.execute("select idempotency_key from public.orders"))
        received = connection.execute(
            "select (select sum(events_count) from public.sessions), sum(events_received) from public.page_views"
        ).fetchone()
    lost = len(ledger.events - events.keys()) + len(ledger.orders.keys() - orders.keys())
    double = sum(count - 1 for count in [*events.values(), *orders.values()])
    stored = sum(events.values())
    print(f"stored events {stored}; counted by sessions and by page views: {received}")
    if received != (stored, stored):
        double += 1  # derived rows must have counted each event once, too
    return lost, double


if __name__ == "__main__":
    main()
