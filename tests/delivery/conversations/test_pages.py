"""The pages of conversations: who wrote, what was said, an answer, the keywords; and who may do which."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from flow.kit.ids import new_id
from tests.analytics.world import World
from tests.delivery.conftest import NOW, Reader, aarhus, app, clock, napoli, reader
from tests.delivery.pages import text_of

__all__ = ["aarhus", "app", "clock", "napoli", "reader"]  # the fixtures

ANNA = "+4520123456"


def talk(world: World, *, channel: str = "sms", hours_ago: float = 1, **columns: Any) -> str:
    """A conversation in which a guest has asked something."""
    name, at = f"{channel}-{new_id()}", NOW - timedelta(hours=hours_ago)
    contact = ANNA if channel == "sms" else "900000000000001"
    given = {
        "current_state": "handed_over",
        "customer_phone": ANNA if channel == "sms" else None,
        "customer_name": "Anna Hansen",
        **columns,
    }
    world._insert(
        "ai_conversations", id=new_id(), conversation_id=name, channel=channel, channel_user_id=contact,
        started_at=at, last_message_at=at, **given,
    )  # fmt: skip
    say(world, name, "Har I <b>åbent</b>?", channel=channel, contact=contact, created_at=at)
    return name


def say(world: World, name: str, body: str, **columns: Any) -> UUID:
    given = {
        "direction": "incoming", "channel": "sms", "contact": ANNA, "status": "received", "kind": "guest",
        "provider": "inmobile", **columns,
    }  # fmt: skip
    return world._insert("messages", id=new_id(), conversation_id=name, body=body, **given)


def connect(world: World, name: str = "inmobile", kind: str = "sms") -> None:
    world._insert(
        "integration_configs", id=new_id(), integration_type=kind, integration_name=name, status="active", account="1"
    )


def address(world: World, name: str = "", rest: str = "") -> str:
    return f"/conversations{'/' + name if name else ''}{rest}?restaurant={world.restaurant}"


async def answer(http: httpx.AsyncClient, world: World, name: str, text: str = "Ja, til 22") -> httpx.Response:
    return await http.post(address(world, name, "/answers"), data={"text": text})


def outgoing(world: World) -> list[tuple[Any, ...]]:
    return world.connection.execute(
        "select body, contact, kind, status, sent_by is not null from public.messages where direction = 'outgoing'"
    ).fetchall()


async def test_the_list_shows_who_waits_first(napoli: World, reader: Reader) -> None:
    talk(napoli, customer_name="Bo Answered", current_state="answered", hours_ago=0.5)
    talk(napoli, customer_name="Anna Waits", hours_ago=5)
    page = text_of((await reader(napoli).get(address(napoli))).text)

    assert "one guest waits for an answer" in page
    assert page.index("Anna Waits") < page.index("Bo Answered")
    assert "Har I <b>åbent</b>?" in page  # as the guest wrote it, not as markup
    waiting = text_of((await reader(napoli).get(address(napoli) + "&show=waiting")).text)
    assert ("Anna Waits" in waiting, "Bo Answered" in waiting) == (True, False)


async def test_an_empty_list_says_how_it_fills(napoli: World, reader: Reader) -> None:
    page = text_of((await reader(napoli).get(address(napoli))).text)

    assert "Here you see what guests write by SMS, on Instagram and on Messenger." in page


async def test_a_conversation_shows_what_was_said_and_how_far_it_came(napoli: World, reader: Reader) -> None:
    name = talk(napoli)
    say(napoli, name, "Ja", direction="outgoing", kind="staff", status="failed", error_code="-8")
    say(napoli, name, "", withdrawn_at=NOW)
    page = text_of((await reader(napoli).get(address(napoli, name))).text)

    for text in ("Anna Hansen", ANNA, "There is no money left", "The guest has deleted this message.", "not sent"):
        assert text in page, text


@pytest.mark.parametrize("language", ["da", "sv", "en"])
async def test_every_page_is_there_in_every_language(napoli: World, reader: Reader, language: str) -> None:
    name = talk(napoli)
    http = reader(napoli, language=language)

    for path in (address(napoli), address(napoli, name), address(napoli, "keywords")):
        assert 200 == (await http.get(path)).status_code


async def test_an_answer_is_queued_for_the_guest(napoli: World, reader: Reader) -> None:
    name = talk(napoli)
    connect(napoli)
    given = await answer(reader(napoli), napoli, name)

    assert (303, address(napoli, name) + "#end") == (given.status_code, given.headers["location"])
    assert [("Ja, til 22", ANNA, "staff", "queued", True)] == outgoing(napoli)
    assert [("inmobile", "send", "queued")] == napoli.connection.execute(
        "select provider, kind, status from public.provider_calls"
    ).fetchall()
    assert [("answered",)] == napoli.connection.execute("select current_state from public.ai_conversations").fetchall()


async def test_a_conversation_that_was_put_aside_waits_no_more(napoli: World, reader: Reader) -> None:
    name = talk(napoli)
    assert 303 == (await reader(napoli).post(address(napoli, name, "/close"))).status_code

    assert "nobody waits" in text_of((await reader(napoli).get(address(napoli))).text)


async def test_without_a_connection_nothing_is_sent(napoli: World, reader: Reader) -> None:
    assert 409 == (await answer(reader(napoli), napoli, talk(napoli))).status_code
    assert [] == outgoing(napoli)


async def test_when_the_channel_allows_no_answer_any_more_the_page_says_so(napoli: World, reader: Reader) -> None:
    late, early = (talk(napoli, channel="instagram_dm", hours_ago=hours) for hours in (24 * 8, 24 * 2))
    pages = [(await reader(napoli).get(address(napoli, name))).text for name in (late, early)]

    # Both are of one guest, whose latest message counts.
    assert all("<textarea" in page for page in pages)
    napoli.connection.execute("delete from public.messages where conversation_id = %s", [early])
    page = (await reader(napoli).get(address(napoli, late))).text
    assert "<textarea" not in page and "allows no answer any more" in page


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [("admin", True, True), ("manager", True, True), ("employee", False, False), ("analytics", False, False)],
)
async def test_who_may_read_and_who_may_answer(
    napoli: World, reader: Reader, role: str, reads: bool, writes: bool
) -> None:
    name = talk(napoli)
    connect(napoli)
    http = reader(napoli, role=role)
    given = [await http.get(address(napoli)), await http.get(address(napoli, name))]
    given.append(await http.get(address(napoli, "keywords")))

    assert [200 if reads else 403] * 3 == [each.status_code for each in given]
    assert (303 if writes else 403) == (await answer(http, napoli, name)).status_code
    assert (1 if writes else 0) == len(outgoing(napoli))
    keyword = await http.post(address(napoli, "keywords"), data={"keyword": "PIZZA", "reply": "x"})
    assert (303 if writes else 403) == keyword.status_code


async def test_nobody_reads_or_answers_elsewhere(napoli: World, aarhus: World, reader: Reader) -> None:
    name = talk(napoli)
    connect(napoli)
    http = reader(aarhus)

    assert 404 == (await http.get(address(napoli, name))).status_code
    assert 404 == (await http.get(address(aarhus, name))).status_code
    assert (await answer(http, napoli, name)).status_code in (403, 404)
    assert 404 == (await answer(http, aarhus, name)).status_code
    assert [] == outgoing(napoli)


async def test_keywords_are_kept_changed_and_ended(napoli: World, reader: Reader) -> None:
    http = reader(napoli)
    for reply in ("Vis denne SMS", "Vis denne SMS i baren"):
        given = await http.post(address(napoli, "keywords"), data={"keyword": " pizza! ", "reply": reply})
        assert 303 == given.status_code
    say(napoli, "sms-1", "pizza", keyword="PIZZA")
    page = text_of((await http.get(address(napoli, "keywords"))).text)
    assert "PIZZA Vis denne SMS i baren – 1" in page

    assert 303 == (await http.post(address(napoli, "keywords/PIZZA", "/end"))).status_code
    assert 404 == (await http.post(address(napoli, "keywords/PIZZA", "/end"))).status_code


@pytest.mark.parametrize(
    "form",
    [
        {"keyword": "STOP", "reply": "x"},
        {"keyword": "P", "reply": "x"},
        {"keyword": "?", "reply": "x"},
        {"keyword": "PIZZA", "reply": "   "},
        {"keyword": "PIZZA", "reply": "x", "consent_text": "too short"},
    ],
)
async def test_a_keyword_that_cannot_be_one_is_refused(napoli: World, reader: Reader, form: dict[str, str]) -> None:
    assert 422 == (await reader(napoli).post(address(napoli, "keywords"), data=form)).status_code


def once_of(page: str, action: str) -> str:
    """The number of the form that goes to an address."""
    found = re.search(rf'action="[^"]*{action}[^"]*"><input type="hidden" name="once" value="([^"]+)">', page)
    assert found is not None
    return found[1]


async def test_a_double_click_on_send_sends_once(napoli: World, reader: Reader) -> None:
    name, http = talk(napoli), reader(napoli)
    connect(napoli)
    once = once_of((await http.get(address(napoli, name))).text, "/answers")
    form = {"text": "Ja, til 22", "once": once}
    given = await asyncio.gather(*(http.post(address(napoli, name, "/answers"), data=form) for _ in range(3)))
    again = await http.post(address(napoli, name, "/answers"), data=form)

    assert {(303, address(napoli, name) + "#end")} == {
        (each.status_code, each.headers["location"]) for each in (*given, again)
    }
    assert ["Ja, til 22"] == [body for body, *_ in outgoing(napoli)]


async def test_another_text_in_a_page_gone_back_to_is_sent(napoli: World, reader: Reader) -> None:
    name, http = talk(napoli), reader(napoli)
    connect(napoli)
    once = once_of((await http.get(address(napoli, name))).text, "/answers")
    for text in ("Ja, til 22", "Undskyld: til 21"):
        await http.post(address(napoli, name, "/answers"), data={"text": text, "once": once})

    assert {"Ja, til 22", "Undskyld: til 21"} == {body for body, *_ in outgoing(napoli)}


async def test_an_answer_that_failed_can_be_sent_again(napoli: World, reader: Reader) -> None:
    name, http = talk(napoli), reader(napoli)
    form = {"text": "Ja, til 22", "once": once_of((await http.get(address(napoli, name))).text, "/answers")}
    refused = await http.post(address(napoli, name, "/answers"), data=form)
    connect(napoli)
    sent = await http.post(address(napoli, name, "/answers"), data=form)

    assert (409, 303) == (refused.status_code, sent.status_code)
    assert ["Ja, til 22"] == [body for body, *_ in outgoing(napoli)]
