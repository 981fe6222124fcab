"""The owner sees what was captured, what was dropped and why, and gets back in what was refused by mistake."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import get_args

import httpx

from flow.collect.events.bots import BotReason
from flow.collect.events.errors import RejectionCode
from flow.delivery.quality.labels import DROPPED, REFUSED
from flow.kit.ids import new_id
from tests.analytics.world import World
from tests.delivery.conftest import NOW, Reader
from tests.delivery.pages import links_of, text_of, tiles_of
from tests.serving import App

KEY = "fk_0123456789abcdef"
PERSON = {"user-agent": "Mozilla/5.0 (Windows NT 10.0; rv:142.0) Gecko/20100101 Firefox/142.0", "accept-language": "da"}


async def _send(app: App, world: World, *names: str) -> dict[str, object]:
    """Sends own events from a page, as the tracker does."""
    world.connection.execute(
        "insert into public.site_keys (restaurant_id, key) values (%s, %s) on conflict do nothing",
        [world.restaurant, KEY],
    )
    at = NOW.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    events = [
        {"id": str(new_id()), "event_name": name, "timestamp": at, "page_url": "https://napoli.example/"}
        for name in names
    ]
    body = {"restaurant_id": str(world.restaurant), "key": KEY, "sent_at": at, "events": events}
    async with app.client(headers=PERSON) as page:
        answer = await page.post("/api/events/batch", json=body)
    assert 200 == answer.status_code, answer.text
    return answer.json()  # type: ignore[no-any-return]


def _ids(page: str) -> list[str]:
    return re.findall(r'<button class="button" name="id" value="([^"]+)"', page)


def test_every_reason_has_words() -> None:
    reasons = {reason for group in get_args(RejectionCode) for reason in get_args(group) or (group,)}

    assert set(get_args(BotReason)) == DROPPED.keys()
    assert reasons == REFUSED.keys()


async def test_what_was_dropped_is_told_by_reason_and_robot(napoli: World, reader: Reader) -> None:
    hour = datetime(2026, 6, 19, 10, tzinfo=UTC)
    for reason, robot, count in (
        ("bot_user_agent", "Googlebot", 40),
        ("bot_user_agent", "bingbot", 2),
        ("bot_pattern", "", 5),
    ):
        napoli.connection.execute(
            "insert into public.dropped_events (restaurant_id, hour, reason, detail, count) values "
            "(%s, %s, %s, %s, %s)",
            [napoli.restaurant, hour, reason, robot, count],
        )
    http = reader(napoli)
    page = text_of((await http.get("/quality")).text)
    before = text_of((await http.get("/quality?from=2026-06-01&to=2026-06-18")).text)

    assert "Dropped as robots" in page
    assert "Calls itself a robot 42" in page
    assert "Calls itself a robot: Googlebot, bingbot" in page
    assert "Behaves like a machine 5" in page
    assert "No robots were seen in these days." in before


async def test_capture_is_told_per_day_and_agrees_with_the_dashboard(napoli: World, reader: Reader) -> None:
    session = napoli.session("2026-06-19 12:00")
    napoli.page_view("2026-06-19 12:00", session, max_seq=10, events_received=9)
    napoli.page_view("2026-06-18 12:00", napoli.session("2026-06-18 12:00"), max_seq=10, events_received=10)
    napoli.order("2026-06-19 12:10", channel="web", source="flow")
    http = reader(napoli)
    tile = (await tiles_of(http))["capture"]
    of_today = text_of((await http.get(str(tile["rows_href"]))).text)
    both = text_of((await http.get("/quality?from=2026-06-18&to=2026-06-19")).text)

    assert ("90.0%", True) == (tile["value_text"], "Friday, 19 June 2026 90.0% 1" in of_today)
    assert "95.0%" in both
    assert "Thursday, 18 June 2026 100.0% 0 Friday, 19 June 2026 90.0% 1" in both
    assert "0 of 1 web orders" in of_today


async def test_a_refused_event_says_why_and_gets_in_after_the_fault_is_mended(
    app: App, napoli: World, reader: Reader
) -> None:
    await _send(app, napoli, "pizzeria.coupon_shown", "no_such_event")
    http = reader(napoli)
    shown = (await http.get("/quality")).text
    in_vain = await http.post(f"/quality/replay?restaurant={napoli.restaurant}", data={"id": _ids(shown)})
    napoli.connection.execute(
        "update public.restaurants set event_namespace = 'pizzeria' where id = %s", [napoli.restaurant]
    )
    mended = await http.post(f"/quality/replay?restaurant={napoli.restaurant}", data={"id": _ids(shown)})
    after = (await http.get(mended.headers["location"].partition("#")[0])).text

    assert 2 == len(_ids(shown))
    assert {"Not the restaurant’s own namespace", "Unknown event"} == set(re.findall(
        r'<td class="long">([^<]+)<br>', shown))  # fmt: skip
    assert "pizzeria.coupon_shown" in shown
    assert (303, "accepted=0&refused=2") == _outcome(in_vain)
    assert (303, "accepted=1&refused=1") == _outcome(mended)
    assert "Replayed: 1 got in, 1 refused again." in text_of(after)
    assert (1, True, True) == (len(_ids(after)), "Got in" in after, "Refused again" in after)
    assert [("pizzeria.coupon_shown",)] == napoli.rows("select event_name from public.events where restaurant_id = %s")


async def test_the_quarantine_is_paged_and_narrowed_by_reason(napoli: World, reader: Reader) -> None:
    for number in range(60):
        reason = "too_deep" if number % 2 else "unknown_event"
        napoli.connection.execute(
            "insert into public.rejected_events (restaurant_id, id, received_at, reason, message, event_name, raw) "
            "values (%s, %s, %s, %s, 'No.', %s, '<b>raw</b>')",
            [napoli.restaurant, new_id(), NOW, reason, f"event_{number}"],
        )
    http = reader(napoli)
    first = (await http.get("/quality")).text
    second = (await http.get(f"/quality{next(link for link in links_of(first, '?') if 'before_id' in link)}")).text
    deep = (await http.get("/quality?reason=too_deep")).text

    assert {f"event_{number}" for number in range(60)} == set(re.findall(r"event_\d+(?=<)", first + second))
    assert (50, 10, 30) == (len(_ids(first)), len(_ids(second)), len(_ids(deep)))
    assert "&lt;b&gt;raw&lt;/b&gt;" in first


async def test_nobody_replays_events_of_another_restaurant_or_without_the_right(
    app: App, napoli: World, aarhus: World, reader: Reader
) -> None:
    await _send(app, napoli, "no_such_event")
    event = _ids((await reader(napoli).get("/quality")).text)
    stranger, employee = reader(aarhus), reader(napoli, role="employee")
    tries = [
        await stranger.post(f"/quality/replay?restaurant={napoli.restaurant}", data={"id": event}),
        await stranger.post(f"/quality/replay?restaurant={aarhus.restaurant}", data={"id": event}),
        await employee.post(f"/quality/replay?restaurant={napoli.restaurant}", data={"id": event}),
    ]

    assert [404, 303, 403] == [answer.status_code for answer in tries]
    assert [(None,)] == napoli.rows("select replayed_at from public.rejected_events where restaurant_id = %s")


async def test_days_that_cannot_be_shown_are_refused_in_words(napoli: World, reader: Reader) -> None:
    http = reader(napoli)
    for query in ("from=2026-06-31", "from=2026-06-19&to=2026-06-18", "from=2025-06-19&to=2026-06-18", "before_at=x"):
        assert 422 == (await http.get(f"/quality?{query}")).status_code, query


async def test_who_has_several_restaurants_chooses_one(napoli: World, aarhus: World, reader: Reader) -> None:
    http = reader(napoli, aarhus)
    page = (await http.get("/quality?restaurant=all")).text

    assert f'<option value="{aarhus.restaurant}" selected>Aarhus</option>' in page
    assert f'<option value="{napoli.restaurant}">Napoli</option>' in page


def _outcome(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, re.sub(r".*?(accepted=\d+&refused=\d+).*", r"\1", answer.headers["location"])
