"""Robots: counted with their reason, never stored."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from flow.collect.events.endpoint import PATH
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.kit.clock import FixedClock
from tests.collect.events.sending import BROWSER, KEY, NOON, Shop, event, open_shop

GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
HEADLESS = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36"
)
DROPS = "select hour, reason, detail, count from public.dropped_events order by hour, reason"


@pytest.mark.parametrize(
    ("headers", "batch", "reason", "detail"),
    [
        ({"user-agent": GOOGLEBOT}, {}, "bot_user_agent", "Googlebot"),
        ({"user-agent": HEADLESS}, {}, "bot_headless", "HeadlessChrome"),
        ({"user-agent": ""}, {}, "bot_user_agent", "Other"),
        ({}, {"webdriver": True}, "bot_headless", "Mobile Safari"),
    ],
)
async def test_what_a_robot_sends_is_counted_and_told_to_be_so(
    shop: Shop, headers: dict[str, str], batch: dict[str, object], reason: str, detail: str
) -> None:
    sent = [event(), event("no_such_event")]
    answer = (await shop.post(*sent, headers=headers, **batch)).json()

    assert (0, 0, 2) == (answer["accepted"], answer["duplicate"], answer["rejected"])
    assert [(sent[0]["id"], reason), (sent[1]["id"], reason)] == [
        (result["id"], result["code"]) for result in answer["results"]
    ]
    assert [(NOON, reason, detail, 2)] == shop.rows(DROPS)
    assert 0 == shop.stored
    assert [] == shop.rows("select 1 from public.rejected_events union all select 1 from public.sessions")


async def test_a_request_without_what_every_browser_sends_is_a_robots(shop: Shop) -> None:
    bare = {name: value for name, value in BROWSER.items() if name != "accept-language"}
    body = {"restaurant_id": str(shop.restaurant), "key": KEY, "events": [event()]}
    [result] = (await shop.http.post(PATH, json=body, headers=bare)).json()["results"]
    assert "bot_headless" == result["code"]

    answer = await shop.http.post(PATH, json=body, headers=bare | {"sec-fetch-mode": "cors"})
    assert 1 == answer.json()["accepted"]


async def test_counts_of_an_hour_add_up(shop: Shop, clock: FixedClock) -> None:
    for _ in range(3):
        await shop.post(event(), event(), headers={"user-agent": GOOGLEBOT})
    clock.advance(timedelta(hours=1))
    await shop.post(event(), headers={"user-agent": GOOGLEBOT})

    assert shop.rows(DROPS) == [
        (NOON, "bot_user_agent", "Googlebot", 6),
        (NOON + timedelta(hours=1), "bot_user_agent", "Googlebot", 1),
    ]


async def test_who_acts_faster_than_people_can_is_dropped_from_then_on(shop: Shop) -> None:
    for _ in range(6):
        assert ["accepted"] * 50 == await shop.send(*(event() for _ in range(50)))

    [result] = (await shop.post(event())).json()["results"]
    assert "bot_pattern" == result["code"]
    assert [(NOON, "bot_pattern", "Mobile Safari", 1)] == shop.rows(DROPS)


async def test_automated_browsers_may_be_let_in_for_tests(
    installation: Installation, database: Database, restaurant: UUID, clock: FixedClock
) -> None:
    async with open_shop(installation, database, restaurant, clock, allow_headless=True) as shop:
        answer = await shop.post(event(), headers={"user-agent": HEADLESS}, webdriver=True)
        assert 1 == answer.json()["accepted"]
