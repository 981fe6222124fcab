"""What owners see of the quality of their data, over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from flow.database.installation import Installation
from flow.kit.clock import FixedClock
from flow.kit.ids import new_id
from tests.business.conftest import token_of
from tests.business.menus import make_site_key
from tests.collect.events.sending import BROWSER, KEY, NOON, Fields, View, event, json_of
from tests.connections import kept_connection
from tests.factories import give_access, make_restaurant, make_user
from tests.serving import running_app

GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
SECRET = "a shared secret for tests only, 32 bytes"


@dataclass
class Office:
    """The application as somebody of a restaurant uses it."""

    restaurant: UUID
    installation: Installation
    http: httpx.AsyncClient
    clock: FixedClock

    async def send(self, *events: Fields, agent: str = BROWSER["user-agent"]) -> list[str]:
        """What became of each event of a batch."""
        body = {"restaurant_id": str(self.restaurant), "key": KEY, "events": list(events)}
        headers = BROWSER | {"user-agent": agent}
        answer = await self.http.post("/api/events/batch", content=json_of(body), headers=headers)
        return [each["status"] for each in answer.json()["results"]]

    def as_(self, role: str) -> dict[str, str]:
        """The header of a new colleague."""
        user = make_user(self.installation.owner_url, f"{new_id()}@example.com")
        give_access(self.installation.owner_url, user, self.restaurant, role)
        return token_of(user)

    async def get(self, path: str, role: str = "admin", **query: object) -> httpx.Response:
        params: Any = {"restaurant_id": str(self.restaurant), **query}
        return await self.http.get(f"/api/quality/{path}", params=params, headers=self.as_(role))

    async def replay(self, ids: list[str], role: str = "admin") -> httpx.Response:
        return await self.http.post(
            "/api/quality/rejected/replay",
            params={"restaurant_id": str(self.restaurant)},
            json={"ids": ids},
            headers=self.as_(role),
        )

    def run(self, sql: str, *parameters: object) -> None:
        with kept_connection(self.installation.owner_url) as connection:
            connection.execute(sql.encode(), parameters or None)


@pytest.fixture
async def office(installation: Installation, tmp_path: Path) -> AsyncIterator[Office]:
    clock = FixedClock(NOON)
    restaurant = make_restaurant(installation.owner_url, "Napoli")
    make_site_key(installation.owner_url, restaurant, key=KEY)
    async with (
        running_app(installation, tmp_path, clock=clock, jwt_secret=SECRET, jwt_issuer="https://issuer.example") as app,
        app.client() as http,
    ):
        yield Office(restaurant, installation, http, clock)


async def test_drops_are_told_by_hour_and_reason(office: Office) -> None:
    await office.send(event(), event(), agent=GOOGLEBOT)
    await office.send(event(), agent="curl/8.5.0")

    body = (await office.get("drops")).json()
    assert 3 == body["total"]
    assert {("bot_user_agent", "Googlebot", 2), ("bot_user_agent", "curl", 1)} == {
        (drop["reason"], drop["detail"], drop["count"]) for drop in body["drops"]
    }


async def test_drops_of_other_days_are_left_out(office: Office) -> None:
    await office.send(event(), agent=GOOGLEBOT)
    yesterday = (NOON - timedelta(days=1)).date().isoformat()

    assert 0 == (await office.get("drops", **{"from": yesterday, "to": yesterday})).json()["total"]


async def test_the_quarantine_is_paged_newest_first(office: Office) -> None:
    for minute in range(5):
        office.clock.set(NOON + timedelta(minutes=minute))
        await office.send(event(f"unknown_{minute}"))

    first = (await office.get("rejected", limit=3)).json()
    second = (await office.get("rejected", limit=3, cursor=first["next"])).json()
    names = [each["event_name"] for each in first["events"] + second["events"]]
    assert [f"unknown_{minute}" for minute in (4, 3, 2, 1, 0)] == names
    assert second["next"] is None


async def test_the_quarantine_tells_reason_and_all_that_was_sent(office: Office) -> None:
    await office.send(event("no_such_event"), event("page_scroll"))

    [scroll] = (await office.get("rejected", reason="invalid_property")).json()["events"]
    assert ("page_scroll", "invalid_property") == (scroll["event_name"], scroll["reason"])
    assert "scroll_depth_pct" in scroll["message"]
    assert '"page_scroll"' in scroll["raw"]
    assert "mobile" == scroll["context"]["device_type"]


async def test_after_a_fix_rejected_events_get_in(office: Office) -> None:
    await office.send(event("roma.coupon_shown"))
    [waiting] = (await office.get("rejected", replayed=False)).json()["events"]
    office.run("update public.restaurants set event_namespace = 'roma'")

    answer = await office.replay([waiting["id"], str(uuid4())])
    assert {"replayed": [{"id": waiting["id"], "outcome": "accepted"}]} == answer.json()
    assert [] == (await office.get("rejected", replayed=False)).json()["events"]
    [done] = (await office.get("rejected", replayed=True)).json()["events"]
    assert "accepted" == done["replay_outcome"]


async def test_the_capture_rate_counts_gaps_in_the_pages_numbering(office: Office) -> None:
    view = View()
    sent = [view.opens(), *(view.clicks(second) for second in range(9))]
    await office.send(*(each for number, each in enumerate(sent) if number not in (3, 4)))

    today = (await office.get("capture")).json()["days"][-1]
    assert (NOON.date().isoformat(), 10, 8, 0.8) == (
        today["date"],
        today["events_expected"],
        today["events_captured"],
        today["event_rate"],
    )


async def test_the_capture_rate_counts_web_orders_that_no_event_tells_of(office: Office) -> None:
    orders = [new_id() for _ in range(4)]
    for number, order in enumerate(orders, 1):
        office.run(
            "insert into public.orders (restaurant_id, id, order_number, subtotal, total, created_at) "
            "values (%s, %s, %s, 8900, 8900, %s)",
            *(office.restaurant, order, number, NOON),
        )
    told = {"total": 8900, "item_count": 1}
    await office.send(
        *(event("checkout_completed", event_data={"order_id": str(order), **told}) for order in orders[:3])
    )

    today = (await office.get("capture")).json()["days"][-1]
    assert (4, 3, 0.75) == (today["web_orders"], today["web_orders_captured"], today["order_rate"])


async def test_a_day_without_anything_has_no_rate(office: Office) -> None:
    days = (await office.get("capture")).json()["days"]

    assert 30 == len(days)
    assert {(None, None)} == {(day["event_rate"], day["order_rate"]) for day in days}


@pytest.mark.parametrize("path", ["drops", "rejected", "capture"])
async def test_only_those_with_the_permission_see_it(office: Office, path: str) -> None:
    statuses = {
        role: (await office.get(path, role)).status_code for role in ("admin", "manager", "employee", "analytics")
    }

    assert {"admin": 200, "manager": 200, "employee": 403, "analytics": 403} == statuses


async def test_nobody_sees_or_replays_what_another_restaurant_refused(office: Office) -> None:
    await office.send(event("no_such_event"))
    [kept] = (await office.get("rejected")).json()["events"]
    stranger = make_restaurant(office.installation.owner_url, "Roma")
    own, office.restaurant = office.restaurant, stranger

    assert [] == (await office.get("rejected")).json()["events"]
    assert {"replayed": []} == (await office.replay([kept["id"]])).json()
    token = office.as_("admin")
    answer = await office.http.get("/api/quality/rejected", params={"restaurant_id": str(own)}, headers=token)
    assert 404 == answer.status_code


async def test_only_those_who_may_write_replay(office: Office) -> None:
    assert 403 == (await office.replay([str(uuid4())], role="employee")).status_code


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2026-02-02", "to": "2026-01-01"},
        {"from": "2026-01-01", "to": "2026-12-31"},
        {"from": "soon"},
    ],
)
async def test_spans_that_make_no_sense_are_refused(office: Office, query: dict[str, str]) -> None:
    for path in ("drops", "capture"):
        answer = await office.get(path, **query)
        assert (422, "invalid_input") == (answer.status_code, answer.json()["error"]["code"])


async def test_a_cursor_of_ones_own_making_is_refused(office: Office) -> None:
    for cursor in ("x", "MjAyNi0wMS0wMVQwMDowMDowMCB4", "æ"):
        assert 422 == (await office.get("rejected", cursor=cursor)).status_code
