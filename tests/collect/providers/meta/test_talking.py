"""Guests on Instagram and Messenger write and are answered, whatever happens on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from flow.collect.messages.sending import send
from flow.collect.messages.types import PROVIDER_OF, Channel, Kind, Outgoing
from flow.collect.providers.meta import calls
from tests.collect.messages.conftest import Desk, desk

__all__ = ["desk"]  # the fixture

GUEST = "900000000000001"
_MOMENT = 0.3  # seconds
BOTH = pytest.mark.parametrize("channel", ["instagram_dm", "facebook_messenger"])


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Waiting is as long as elsewhere in proportion, and short."""
    for name in ("_LOOK_AGAIN", "_IN_ORDER"):
        monkeypatch.setattr(calls, name, _MOMENT)
    yield


async def _settle_all(desk: Desk, rounds: int) -> None:
    """Lets what waits for something else come round as well."""
    for _ in range(rounds):
        await desk.settle()
        await asyncio.sleep(_MOMENT)


async def _write(desk: Desk, channel: Channel, text: str, **more: object) -> None:
    await desk.act(PROVIDER_OF[channel], sender=GUEST, text=text, **more)
    await desk.settle()


async def _answer(desk: Desk, channel: Channel, text: str, kind: Kind = "staff") -> None:
    async with desk.database.as_service() as transaction:
        message = Outgoing(channel=channel, contact=GUEST, text=text, kind=kind)
        await send(transaction, desk.restaurant, message, now=desk.context.clock.now())


async def _sent(desk: Desk) -> list[str]:
    return [each["text"] for each in await desk.books("meta.sent")]


def _late(desk: Desk, by: timedelta) -> None:
    """All that was heard so far was long ago."""
    seconds = by.total_seconds()
    desk.execute(f"update public.messages set created_at = created_at - interval '{seconds} seconds'")


@BOTH
async def test_a_guest_writes_and_is_answered(desk: Desk, channel: Channel) -> None:
    await desk.connect(PROVIDER_OF[channel])
    await _write(desk, channel, "Har I åbent i aften?")
    await _answer(desk, channel, "Ja, til kl. 22")
    await desk.settle()

    automatic, answer = await _sent(desk)
    assert "Ja, til kl. 22" == answer
    assert [
        ("incoming", "received", "Har I åbent i aften?"), ("outgoing", "sent", automatic), ("outgoing", "sent", answer),
    ] == desk.messages  # fmt: skip
    assert [] == desk.rows("select from public.messages where kind = 'elsewhere'")
    [talk] = desk.rows("select channel, channel_user_id, customer_phone from public.ai_conversations")
    assert {"channel": channel, "channel_user_id": GUEST, "customer_phone": None} == talk


async def test_an_answer_that_may_have_left_is_not_sent_again_for_its_echo_tells(desk: Desk) -> None:
    await desk.connect("instagram")
    await _write(desk, "instagram_dm", "Hej")
    await desk.simulator.patch("/control/knobs?provider=instagram", json={"lost_answer_rate": 1.0})
    await _answer(desk, "instagram_dm", "Ja, til kl. 22")
    await _settle_all(desk, 2)

    assert 1 == (await _sent(desk)).count("Ja, til kl. 22")
    assert ("outgoing", "sent", "Ja, til kl. 22") in desk.messages
    assert 3 == len(desk.messages)


async def test_an_answer_of_which_no_echo_comes_is_sent_again_and_at_last_given_up(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.connect("instagram")
    await _write(desk, "instagram_dm", "Hej")
    await desk.simulator.patch("/control/knobs?provider=instagram", json={"error_rate": 1.0})
    await _answer(desk, "instagram_dm", "Ja")
    monkeypatch.setattr(calls, "_ECHO_COMES_WITHIN", timedelta(0))
    desk.calls.breakers._by_connection.clear()
    await _settle_all(desk, 5)

    row = desk.rows("select status, error_code, attempts from public.messages where body = 'Ja'")[0]
    assert {"status": "failed", "error_code": "maybe_sent", "attempts": 3} == row


async def test_what_a_person_writes_in_the_app_itself_is_an_answer(desk: Desk) -> None:
    account = await desk.connect("instagram")
    await _write(desk, "instagram_dm", "Hej")
    sent = await desk.simulator.post(
        f"/instagram/v24.0/{account['number']}/messages",
        json={"recipient": {"id": GUEST}, "message": {"text": "Skrevet i appen"}},
        headers={"Authorization": f"Bearer {account['credentials']['access_token']}"},
    )
    assert 200 == sent.status_code
    await desk.settle()

    [row] = desk.rows(
        "select body, conversation_id is not null as joined from public.messages where kind = 'elsewhere'"
    )
    assert {"body": "Skrevet i appen", "joined": True} == row
    assert [{"current_state": "answered"}] == desk.rows("select current_state from public.ai_conversations")


@BOTH
async def test_an_answer_after_a_day_says_that_a_person_wrote_it(
    desk: Desk, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.connect(PROVIDER_OF[channel])
    await _write(desk, channel, "Hej")
    asked: list[Any] = []
    original = calls._body

    def noted(*arguments: Any) -> dict[str, object]:
        asked.append(original(*arguments))
        return asked[-1]

    monkeypatch.setattr(calls, "_body", noted)
    _late(desk, timedelta(hours=25))
    await _answer(desk, channel, "Undskyld ventetiden")
    await desk.settle()

    assert [("MESSAGE_TAG", "HUMAN_AGENT")] == [(body["messaging_type"], body["tag"]) for body in asked]


@pytest.mark.parametrize(("kind", "days"), [("automatic", 2), ("staff", 8)])
async def test_after_the_window_nothing_is_sent(desk: Desk, kind: Kind, days: int) -> None:
    await desk.connect("instagram")
    await _write(desk, "instagram_dm", "Hej")
    _late(desk, timedelta(days=days))
    before = await _sent(desk)
    await _answer(desk, "instagram_dm", "For sent", kind)
    await desk.settle()

    assert before == await _sent(desk)
    [row] = desk.rows("select status, error_code from public.messages where body = 'For sent'")
    assert {"status": "failed", "error_code": "window_closed"} == row


async def test_a_long_answer_leaves_in_pieces_and_in_order(desk: Desk) -> None:
    await desk.connect("instagram")
    await _write(desk, "instagram_dm", "Hvad har I?")
    text = " ".join(f"{number}. Smørrebrød med rødspætte æøå" for number in range(100))
    await _answer(desk, "instagram_dm", text)
    await _settle_all(desk, 8)

    pieces = (await _sent(desk))[1:]
    assert len(pieces) > 3
    assert text == " ".join(pieces)
    assert all(len(piece.encode()) <= 1000 for piece in pieces)


async def test_a_deleted_message_is_forgotten_whichever_comes_first(desk: Desk) -> None:
    await desk.connect("instagram")
    await _write(desk, "instagram_dm", "Min hemmelighed", mid="mid.1")
    await desk.act("instagram", sender=GUEST, mid="mid.1", is_deleted=True)
    await desk.act("instagram", sender=GUEST, mid="mid.2", is_deleted=True)
    await desk.settle()
    await _write(desk, "instagram_dm", "Min anden hemmelighed", mid="mid.2")

    kept = desk.rows("select body from public.messages union all select content from public.ai_messages")
    assert not [row for row in kept if "hemmelighed" in row["body"]]
    assert 2 == len(desk.rows("select from public.messages where withdrawn_at is not null"))


async def test_an_edited_message_says_what_it_says_now(desk: Desk) -> None:
    await desk.connect("instagram")
    await _write(desk, "instagram_dm", "Et bord til to", mid="mid.1")
    await desk.act("instagram", sender=GUEST, message_edit={"mid": "mid.1", "text": "Et bord til tre", "num_edit": 1})
    await desk.settle()

    assert ("incoming", "received", "Et bord til tre") in desk.messages
    assert ["Et bord til tre"] == [
        row["content"] for row in desk.rows("select content from public.ai_messages where role = 'user'")
    ]


@BOTH
async def test_a_receipt_says_that_the_guest_has_read_it(desk: Desk, channel: Channel) -> None:
    await desk.connect(PROVIDER_OF[channel])
    await _write(desk, channel, "Hej")
    [ours] = desk.rows("select provider_message_id from public.messages where direction = 'outgoing'")
    watermark = int(desk.context.clock.now().timestamp() * 1000) + 1000
    receipt = {"mid": ours["provider_message_id"]} if channel == "instagram_dm" else {"watermark": watermark}
    await desk.act(PROVIDER_OF[channel], sender=GUEST, read=receipt)
    await desk.settle()

    assert [{"status": "read"}] == desk.rows("select status from public.messages where direction = 'outgoing'")


async def test_a_token_that_is_refused_is_told_on_the_message_and_on_the_connection(desk: Desk) -> None:
    account = await desk.connect("instagram")
    await _write(desk, "instagram_dm", "Hej")
    opened = f"/control/accounts/instagram/{account['number']}"
    await desk.simulator.put(opened, json={"credentials": {**account["credentials"], "access_token": "another"}})
    await _answer(desk, "instagram_dm", "Ja")
    await desk.settle()

    [row] = desk.rows("select status, error_code from public.messages where body = 'Ja'")
    assert {"status": "failed", "error_code": "190"} == row
    [connection] = desk.rows("select status, last_error from public.integration_configs")
    assert {"status": "error", "last_error": "credentials_refused"} == connection


async def test_duplicates_and_shuffled_deliveries_change_nothing(desk: Desk) -> None:
    await desk.connect("instagram")
    knobs = {"duplicate_rate": 1.0, "shuffle_seconds": 0.2}
    await desk.simulator.patch("/control/knobs?provider=instagram", json=knobs)
    for number in range(10):
        await desk.act("instagram", sender=GUEST, text=f"Besked {number}")
    for _ in range(3):
        await desk.settle()

    assert 10 == len([each for each in desk.messages if each[0] == "incoming"])
    assert 1 == len(await _sent(desk))
    assert 1 == len(desk.rows("select from public.ai_conversations"))
    assert 1 == len(desk.rows("select from public.notifications"))
