"""A shop whose pages send events: its endpoint, its database, a clock that stands still, and makers of events."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from flow.collect.events.endpoint import PATH, BatchEndpoint
from flow.collect.events.service import Ingest
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.kit.clock import FixedClock
from flow.kit.ids import new_id
from flow.settings import Settings
from tests.connections import kept_connection

# Of today: the database has partitions for the months around the present one.
NOON = datetime.now(UTC).replace(hour=11, minute=0, second=0, microsecond=0)
KEY = "fk_test_test_test_test"
PAGE = "https://napoli.example/menu"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 "
    "Mobile/15E148 Safari/604.1"
)
BROWSER = {
    "content-type": "text/plain",
    "accept-language": "da-DK",
    "user-agent": PHONE,
    "origin": "https://napoli.example",
    "x-forwarded-for": "203.0.113.7",
}

Fields = dict[str, Any]


@dataclass
class Shop:
    """One web process's ingest in front of a restaurant."""

    restaurant: UUID
    installation: Installation
    endpoint: BatchEndpoint
    clock: FixedClock
    http: httpx.AsyncClient = field(repr=False)

    async def post(self, *events: Fields, headers: dict[str, str] | None = None, **batch: object) -> httpx.Response:
        """The answer to one batch."""
        body = {
            "restaurant_id": str(self.restaurant),
            "key": KEY,
            "viewport_width": 400,
            "viewport_height": 800,
            "events": list(events),
            **batch,
        }
        return await self.http.post(PATH, content=json_of(body), headers=BROWSER | (headers or {}))

    async def send(self, *events: Fields, **batch: object) -> list[str]:
        """What became of each event."""
        answer = await self.post(*events, **batch)
        assert 200 == answer.status_code, answer.text
        return [result["status"] for result in answer.json()["results"]]

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """What the owner of the tables sees."""
        with kept_connection(self.installation.owner_url) as connection:
            return connection.execute(sql.encode(), parameters or None).fetchall()

    def row(self, sql: str, *parameters: object) -> tuple[Any, ...]:
        """The one row there is."""
        [row] = self.rows(sql, *parameters)
        return row

    def run(self, sql: str, *parameters: object) -> None:
        """Changes something as the owner."""
        with kept_connection(self.installation.owner_url) as connection:
            connection.execute(sql.encode(), parameters or None)

    @property
    def stored(self) -> int:
        """How many events there are."""
        return int(self.row("select count(*) from public.events")[0])


@asynccontextmanager
async def open_shop(
    installation: Installation, database: Database, restaurant: UUID, clock: FixedClock, **settings: object
) -> AsyncIterator[Shop]:
    """A web process's ingest; several may be open on one database."""
    given = Settings.model_validate({"allow_headless": False, **settings})
    endpoint = BatchEndpoint(given)
    endpoint.ingest = Ingest(given, database, clock=clock)
    endpoint.ingest.start()
    transport = httpx.ASGITransport(app=endpoint, client=("127.0.0.1", 50_000))
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://flow.example") as http:
            yield Shop(restaurant, installation, endpoint, clock, http)
    finally:
        await endpoint.ingest.stop()


def json_of(value: object) -> bytes:
    """JSON as a browser writes it: characters as they are, but half a surrogate pair as an escape."""
    try:
        return json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(value).encode()


def event(name: str = "page_view", at: datetime = NOON, **fields: object) -> Fields:
    """An event that belongs to no page view."""
    return {
        "id": str(new_id(at)),
        "event_name": name,
        "timestamp": at.isoformat(timespec="milliseconds"),
        "page_url": PAGE,
        **fields,
    }


class View:
    """A page view: makes its events, numbered as the tracker numbers them."""

    def __init__(self, at: datetime = NOON, url: str = PAGE, title: str = "Menu") -> None:
        self.id = str(new_id(at))
        self.at = at
        self._page = {"page_url": url, "page_title": title, "page_view_id": self.id}
        self._seq = 0

    def opens(self) -> Fields:
        return self.event("page_view", id=self.id)

    def event(self, name: str, after: float = 0, **fields: object) -> Fields:
        """An event `after` seconds on the page."""
        self._seq += 1
        at = self.at + timedelta(seconds=after)
        return event(name, at, **self._page, seq=self._seq) | fields

    def scrolls(self, depth: int, after: float = 0) -> Fields:
        return self.event("page_scroll", after, event_data={"scroll_depth_pct": depth, "direction": "down"})

    def clicks(self, after: float = 0, x: float = 100, y: float = 200, **fields: object) -> Fields:
        position = {"viewport_x": x, "viewport_y": y, "page_x": x, "page_y": y + 1000}
        data = {"element_tag": "a", "element_selector": "main > a"}
        return self.event("element_click", after, event_data=data, element_text="Margherita", **position) | fields

    def exits(self, after: float, time_on_page_ms: int) -> Fields:
        return self.event("page_exit", after, time_on_page_ms=time_on_page_ms, event_data={"exit_type": "hidden"})
