"""A provider gone silent and items that wait for a person become notifications, each at most twice a day."""

from __future__ import annotations

from datetime import datetime, timedelta

import psycopg

from flow.delivery.integrations.jobs import watch
from tests.collect.webhooks.conftest import NOW, Desk
from tests.connections import kept_connection


def _arrive(desk: Desk, at: datetime, *, status: str = "done") -> None:
    with kept_connection(desk.installation.owner_url) as connection:
        connection.execute(
            "insert into public.webhook_inbox (restaurant_id, id, provider, dedupe_key, event_type, status, "
            "received_at, processed_at) "
            "values (%s, gen_random_uuid(), 'acme', gen_random_uuid()::text, 'paid', %s, %s, %s)",
            [desk.restaurant, status, at, at],
        )


def _use_to_speak(desk: Desk, weeks: int = 3) -> None:
    with kept_connection(desk.installation.owner_url) as connection:
        connection.execute("update public.integration_configs set status = 'active'")
    for week in range(1, weeks + 1):
        for minutes in (10, 60, 150):
            _arrive(desk, NOW - timedelta(days=7 * week, minutes=minutes))


def _told(desk: Desk) -> list[tuple[str, str, dict[str, object]]]:
    with psycopg.connect(desk.installation.owner_url) as connection:
        return connection.execute("select kind, title, facts from public.notifications order by created_at").fetchall()


async def test_silence_at_an_hour_when_it_always_spoke_is_told_once(desk: Desk) -> None:
    _use_to_speak(desk)

    await watch(desk.context)
    desk.clock.advance(timedelta(minutes=10))
    await watch(desk.context)

    assert [("integration_quiet", "Nothing from %(system)s for three hours", {"system": "acme"})] == _told(desk)


async def test_who_has_spoken_today_is_not_silent(desk: Desk) -> None:
    _use_to_speak(desk)
    _arrive(desk, NOW - timedelta(hours=2))

    await watch(desk.context)

    assert [] == _told(desk)


async def test_silence_is_usual_for_who_did_not_speak_in_one_of_the_weeks(desk: Desk) -> None:
    _use_to_speak(desk, weeks=2)

    await watch(desk.context)

    assert [] == _told(desk)


async def test_parked_items_are_told_with_their_number(desk: Desk) -> None:
    _arrive(desk, NOW - timedelta(minutes=5), status="parked")
    _arrive(desk, NOW - timedelta(minutes=4), status="parked")

    await watch(desk.context)
    await watch(desk.context)

    assert [
        ("webhook_parked", "Not everything from %(system)s could be applied", {"items": 2, "system": "acme"})
    ] == _told(desk)
