"""A visitor's browser with the tracker on its pages, over HTTP."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from uuid import UUID

import httpx

from flow.kit.ids import new_id

__all__ = ["Browser"]

_APPLE, _GOOGLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)", "AppleWebKit/537.36 (KHTML, like Gecko)"
_USER_AGENTS = (
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) {_APPLE} Version/18.5 Mobile/15E148 Safari/604.1",
    f"Mozilla/5.0 (Linux; Android 15; Pixel 9) {_GOOGLE} Chrome/142.0.0.0 Mobile Safari/537.36",
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_GOOGLE} Chrome/142.0.0.0 Safari/537.36",
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 15_5) {_APPLE} Version/18.5 Safari/605.1.15",
)


@dataclass(slots=True)
class _Page:
    id: UUID
    url: str
    title: str
    opened: float
    seq: int = 0


@dataclass(slots=True)
class Browser:
    """One visitor. `address` is where he seems to come from: the web process believes proxies on its own machine."""

    http: httpx.AsyncClient
    restaurant_id: UUID
    key: str
    random: Random
    visitor_id: UUID | None = None
    referrer: str | None = None
    sent: int = 0
    headers: dict[str, str] = field(init=False)
    _page: _Page | None = field(default=None, init=False)
    _events: list[dict[str, object]] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        draw = self.random.randint
        self.headers = {
            "User-Agent": self.random.choice(_USER_AGENTS),
            "Accept-Language": "da-DK,da;q=0.9",
            "X-Forwarded-For": f"10.{draw(0, 255)}.{draw(0, 255)}.{draw(1, 254)}",
        }

    async def open(self, url: str, title: str) -> None:
        """Leaves the present page for another one."""
        self._leave()
        self._page = _Page(new_id(), url, title, time.monotonic())
        self.tell("page_view", identifier=self._page.id)
        await self.send()

    async def close(self) -> None:
        """Leaves the last page."""
        self._leave()
        self._page = None
        await self.send()

    def tell(
        self, event_name: str, data: dict[str, object] | None = None, *, identifier: UUID | None = None, **more: object
    ) -> None:
        """Something happened on the page; it is sent with what happens next."""
        page = self._page
        assert page is not None, "a page is open"
        page.seq += 1
        self._events.append(
            {
                "id": str(identifier or new_id()),
                "event_name": event_name,
                "timestamp": _now(),
                "page_view_id": str(page.id),
                "seq": page.seq,
                "page_url": page.url,
                "page_title": page.title,
                "event_data": data or {},
                **more,
            }
        )

    async def send(self) -> None:
        """Sends what has happened."""
        if not self._events:
            return
        batch: dict[str, object] = {
            "restaurant_id": str(self.restaurant_id),
            "key": self.key,
            "sent_at": _now(),
            "screen_resolution": "390x844",
            "viewport_width": 390,
            "viewport_height": 664,
            "language": "da-DK",
            "events": self._events,
        }
        if self.visitor_id is not None:
            batch["visitor_id"] = str(self.visitor_id)
        if self.referrer is not None:
            batch["referrer"] = self.referrer
        answer = await self.http.post("/api/events/batch", json=batch, headers=self.headers)
        self.sent += int(answer.raise_for_status().json()["accepted"])
        self._events = []

    def _leave(self) -> None:
        if self._page is not None:
            spent = int((time.monotonic() - self._page.opened) * 1000)
            self.tell("page_exit", {"exit_type": "navigation"}, time_on_page_ms=spent)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
