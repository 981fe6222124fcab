"""Messages leave once, in order, with the consent they need, and are followed until they have arrived."""

from __future__ import annotations

import asyncio
from itertools import permutations

import pytest

from flow.collect.messages import store
from flow.collect.messages.errors import EmptyText, NoConsent, TextTooLong
from flow.collect.messages.sending import send, send_marketing
from flow.collect.messages.types import Delivery, Outgoing
from tests.collect.messages.conftest import ANNA, Desk
from tests.collect.messages.test_receiving import _agree


async def _send(desk: Desk, *texts: str, contact: str = f"+{ANNA}") -> None:
    async with desk.database.as_service() as transaction:
        for text in texts:
            message = Outgoing(channel="sms", contact=contact, text=text, kind="staff")
            await send(transaction, desk.restaurant, message, now=desk.context.clock.now())


async def _reported(desk: Desk) -> None:
    """The simulator reports once a second."""
    for _ in range(40):
        await desk.settle()
        if all(row["status"] in ("delivered", "failed") for row in desk.rows("select status from public.messages")):
            return
        await asyncio.sleep(0.1)


async def test_an_sms_is_sent_reported_and_counted(desk: Desk) -> None:
    await desk.connect("inmobile")
    await _send(desk, "Din ordre er klar – kom bare")
    await _reported(desk)

    assert [("outgoing", "delivered", "Din ordre er klar – kom bare")] == desk.messages
    [row] = desk.rows("select parts, sent_at, delivered_at, provider_message_id, id::text from public.messages")
    assert (1, row["id"]) == (row["parts"], row["provider_message_id"])
    assert None not in (row["sent_at"], row["delivered_at"])
    [kept] = await desk.books("inmobile.outgoing")
    assert ("ucs2", "Napoli", False) == (kept["encoding"], kept["from"], kept["respects_blacklist"])
    # What the queue remembers of it holds no number and no text.
    [call] = desk.rows("select arguments::text || result::text as kept from public.provider_calls")
    assert ANNA not in call["kept"] and "ordre" not in call["kept"]


async def test_numbers_that_are_none_or_cannot_be_reached_fail(desk: Desk) -> None:
    await desk.connect("inmobile")
    await _send(desk, "til ingen", contact="+451")
    await _send(desk, "kan ikke nås", contact="+4520123499")
    await _reported(desk)

    assert [("til ingen", "failed", "-3"), ("kan ikke nås", "failed", "-1")] == [
        (row["body"], row["status"], row["error_code"])
        for row in desk.rows("select body, status, error_code from public.messages order by id")
    ]


async def test_nothing_is_sent_twice_when_answers_get_lost(desk: Desk) -> None:
    await desk.connect("inmobile")
    await desk.simulator.patch("/control/knobs?provider=inmobile", json={"lost_answer_rate": 1.0})
    await _send(desk, "en", "to")
    await desk.settle()
    await desk.simulator.patch("/control/knobs?provider=inmobile", json={"lost_answer_rate": 0.0})
    desk.execute("update public.provider_calls set next_attempt_at = now()")
    desk.calls.breakers._by_connection.clear()
    await _reported(desk)

    assert ["en", "to"] == sorted(await desk.sent())  # two calls, in either order
    assert {"delivered"} == {row["status"] for row in desk.rows("select status from public.messages")}


async def test_a_wrong_key_leaves_messages_that_can_be_sent_after_all(desk: Desk) -> None:
    from flow.collect.messages.jobs import give_up

    account = await desk.connect("inmobile")
    opened = f"/control/accounts/inmobile/{account['number']}"
    await desk.simulator.put(opened, json={"credentials": {"api_key": "another"}})
    await _send(desk, "hej")
    await desk.settle()
    await give_up(desk.context)
    assert [("outgoing", "failed", "hej")] == desk.messages

    await desk.simulator.put(opened, json={"credentials": account["credentials"]})
    desk.execute("update public.provider_calls set status = 'queued', attempts = 0, finished_at = null")
    await _reported(desk)
    assert [("outgoing", "delivered", "hej")] == desk.messages


async def test_marketing_goes_to_those_who_agreed_in_batches_and_keeps_the_evidence(desk: Desk) -> None:
    await desk.connect("inmobile")
    await _agree(desk)
    offers = [
        Outgoing(channel="sms", contact=f"+45201234{number:02}", text="Tilbud", kind="marketing") for number in (56, 57)
    ]
    now = desk.context.clock.now()
    async with desk.database.as_service() as transaction:
        ids, refused = await send_marketing(transaction, desk.installation, desk.restaurant, offers, now=now)
        with pytest.raises(NoConsent):
            await send(transaction, desk.restaurant, offers[0], now=now)
    await desk.settle()

    assert (1, [offers[1]]) == (len(ids), refused)
    assert ["Tilbud"] == await desk.sent()
    [row] = desk.rows(
        "select m.consent_id, c.granted from public.messages m join public.user_consents c on c.id = consent_id"
    )
    assert row["granted"]
    [kept] = await desk.books("inmobile.outgoing")
    assert kept["respects_blacklist"]


async def test_a_batch_is_one_call(desk: Desk) -> None:
    await desk.connect("inmobile")
    contacts = [f"+4520{number:06}" for number in range(100_000, 100_300)]
    for contact in contacts:
        await _agree(desk, contact)
    offers = [Outgoing(channel="sms", contact=contact, text="Tilbud", kind="marketing") for contact in contacts]
    async with desk.database.as_service() as transaction:
        ids, _ = await send_marketing(
            transaction, desk.installation, desk.restaurant, offers, now=desk.context.clock.now()
        )
    await desk.settle()

    assert (300, 300) == (len(set(ids)), len(await desk.sent()))
    assert 2 == len(desk.rows("select from public.provider_calls where kind = 'send'"))


async def test_a_consent_withdrawn_before_the_message_left_stops_it(desk: Desk) -> None:
    await desk.connect("inmobile")
    await _agree(desk)
    offer = Outgoing(channel="sms", contact=f"+{ANNA}", text="Tilbud", kind="marketing")
    async with desk.database.as_service() as transaction:
        await send_marketing(transaction, desk.installation, desk.restaurant, [offer], now=desk.context.clock.now())
    withdrawal = (
        "insert into public.user_consents (id, restaurant_id, subject, consent_type, channel, granted, "
        "consent_version, consent_text, collection_method, created_at) "
        "select gen_random_uuid(), restaurant_id, subject, consent_type, channel, false, "
        "consent_version, consent_text, 'unsubscribe', now() from public.user_consents"
    )
    desk.execute(withdrawal)
    await desk.settle()

    assert [("outgoing", "failed", "Tilbud")] == desk.messages
    assert [] == await desk.sent()


@pytest.mark.parametrize("order", list(permutations(("sent", "failed", "delivered", "delivered"), 4))[::3])
async def test_reports_in_any_order_end_in_the_same_state(desk: Desk, order: tuple[str, ...]) -> None:
    await _send(desk, "hej")
    now = desk.context.clock.now()
    [row] = desk.rows("select provider_message_id from public.messages")
    async with desk.database.as_service() as transaction:
        for status in order:
            delivery = Delivery(status=status, at=now, error_code="-1" if status == "failed" else None)  # type: ignore[arg-type]
            await store.report(transaction, desk.restaurant, "inmobile", row["provider_message_id"], delivery)

    [row] = desk.rows("select status, error_code from public.messages")
    assert ("delivered", None) == (row["status"], row["error_code"])


async def test_what_is_empty_or_far_too_long_is_refused(desk: Desk) -> None:
    with pytest.raises(EmptyText):
        await _send(desk, "  \n")
    with pytest.raises(TextTooLong):
        await _send(desk, "x" * 10_001)
