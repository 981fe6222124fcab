"""Notifications are read in the reader's language, by those who may, of their own restaurant."""

from __future__ import annotations

import pytest
from psycopg.types.json import Jsonb

from flow.kit.ids import new_id
from tests.analytics.world import World
from tests.delivery.conftest import NOW, Reader
from tests.delivery.pages import text_of

QUIET = "Nothing from %(system)s for three hours"


def _leave(world: World, title: str, facts: dict[str, object], body: str = "") -> None:
    world.connection.execute(
        "insert into public.notifications (restaurant_id, id, kind, severity, title, body, facts, link, created_at) "
        "values (%s, %s, 'test', 'critical', %s, %s, %s, '/settings/integrations/stripe', %s)",
        [world.restaurant, new_id(), title, body, Jsonb(facts), NOW],
    )


@pytest.mark.parametrize("role", ["employee", "analytics"])
async def test_a_role_without_notifications_is_refused(napoli: World, reader: Reader, role: str) -> None:
    client = reader(napoli, role=role)

    assert 403 == (await client.get("/notifications")).status_code
    assert 403 == (await client.post("/notifications/read", data={"restaurant": napoli.restaurant})).status_code


async def test_another_tenants_notifications_are_not_there(napoli: World, aarhus: World, reader: Reader) -> None:
    _leave(aarhus, "Secret of Aarhus", {})
    anna = reader(napoli)

    assert 404 == (await anna.get(f"/notifications?restaurant={aarhus.restaurant}")).status_code
    assert "Secret" not in (await anna.get("/notifications")).text
    assert 403 == (await anna.post("/notifications/read", data={"restaurant": aarhus.restaurant})).status_code


@pytest.mark.parametrize(
    ("language", "title", "body"),
    [
        ("en", "Nothing from Stripe for three hours", "DKK 1,234.50 was taken. Refund it, or call the guest."),
        ("da", "Intet fra Stripe i tre timer", "1.234,50 kr."),
        ("sv", "Inget från Stripe på tre timmar", "1 234,50"),
    ],
)
async def test_a_notification_is_in_the_language_of_its_reader(
    napoli: World, reader: Reader, language: str, title: str, body: str
) -> None:
    facts = {"system": "Stripe", "amount": {"amount": 123_450, "currency": "DKK"}}
    _leave(napoli, QUIET, facts, "%(amount)s was taken. Refund it, or call the guest.")

    text = text_of((await reader(napoli, language=language).get("/notifications")).text).replace("\u00a0", " ")

    assert title in text
    assert body in text


async def test_words_of_others_and_what_lacks_its_facts_are_shown_as_they_are(napoli: World, reader: Reader) -> None:
    _leave(napoli, "Refused", {"number": 1}, "only 50 % of it <b>x</b>")
    _leave(napoli, "Order %(number)s is gone", {"other": 1})

    page = (await reader(napoli).get("/notifications")).text

    assert "only 50 % of it &lt;b&gt;x&lt;/b&gt;" in page
    assert "Order %(number)s is gone" in page


async def test_what_was_read_comes_last(napoli: World, reader: Reader) -> None:
    _leave(napoli, "One", {})
    _leave(napoli, "Two", {})
    anna = reader(napoli)

    answer = await anna.post("/notifications/read", data={"restaurant": napoli.restaurant})

    assert 303 == answer.status_code
    assert 2 == text_of((await anna.get("/notifications")).text).count("· read")
