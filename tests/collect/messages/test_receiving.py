"""A guest writes: the message is kept once, a stop word stops, a keyword is answered, the rest waits for a person."""

from __future__ import annotations

import pytest

from flow.privacy.consents import service as consents
from flow.privacy.consents.types import Collection, ConsentText, Question
from tests.collect.messages.conftest import ANNA, Desk

CONSENT = "Send PIZZA and get news and offers from Napoli by SMS."


async def _agree(desk: Desk, contact: str = f"+{ANNA}") -> None:
    """Anna has agreed to marketing by SMS, and confirmed it."""
    text = ConsentText(version="1", body=CONSENT, language="da")
    now, place = desk.context.clock.now(), desk.installation
    question = Question(restaurant_id=desk.restaurant, consent_type="marketing", channel="sms")
    async with desk.database.as_service() as transaction:
        person, how = consents.guest(place, contact), Collection(method="preference_page")
        await consents.record(transaction, person, question, granted=True, text=text, collection=how, at=now)


async def _may_send(desk: Desk, contact: str = f"+{ANNA}") -> bool:
    async with desk.database.as_service() as transaction:
        found = await consents.may_send(
            transaction, desk.installation, desk.restaurant, contact, "sms", at=desk.context.clock.now()
        )
    return found is not None


async def test_a_guest_is_told_once_that_a_person_will_answer_and_the_staff_that_somebody_waits(desk: Desk) -> None:
    await desk.connect("inmobile")
    await desk.sms("Har I åbent i aften?")
    await desk.sms("Hallo?")

    [automatic] = [message for message in desk.messages if message[0] == "outgoing"]
    assert automatic[1] in ("sent", "delivered")
    assert "Napoli" in automatic[2]
    assert [("incoming", "received", "Hallo?"), ("incoming", "received", "Har I åbent i aften?")] == sorted(
        message for message in desk.messages if message[0] == "incoming"
    )
    assert [automatic[2]] == await desk.sent()

    [talk] = desk.rows("select * from public.ai_conversations")
    assert ("sms", f"+{ANNA}", "handed_over", "escalated", 3) == (
        talk["channel"], talk["channel_user_id"], talk["current_state"], talk["outcome"], talk["message_count"],
    )  # fmt: skip
    assert ANNA not in talk["conversation_id"]
    said = desk.rows("select role, content from public.ai_messages order by timestamp, id")
    assert {("user", "Har I åbent i aften?"), ("assistant", automatic[2]), ("user", "Hallo?")} == {
        (row["role"], row["content"]) for row in said
    }
    [notice] = desk.rows("select kind, title, body, link from public.notifications")
    assert f"/conversations/{talk['conversation_id']}?restaurant={desk.restaurant}" == notice["link"]
    assert ANNA not in str(notice)


async def test_the_same_sms_pushed_and_fetched_is_one(desk: Desk) -> None:
    from flow.collect.providers.inmobile.jobs import fetch_messages

    await desk.connect("inmobile")
    await desk.sms("Har I åbent?")
    await fetch_messages(desk.context)  # the simulator keeps for fetching what it has pushed
    await desk.settle()

    assert 1 == len([each for each in desk.messages if each[0] == "incoming"])
    assert 1 == len(await desk.sent())


@pytest.mark.parametrize("text", ["STOP", "stop.", " Stopp! ", "Afmeld", "AFMELDING", "unsubscribe", "STOP NAPOLI"])
async def test_a_stop_word_withdraws_consent_and_is_confirmed_once(desk: Desk, text: str) -> None:
    await desk.connect("inmobile")
    await _agree(desk)
    assert await _may_send(desk)
    await desk.sms(text)
    await desk.sms(text)

    assert not await _may_send(desk)
    assert 1 == len(await desk.sent())
    evidence = desk.rows("select granted, collection_method from public.user_consents order by number")
    assert {"granted": False, "collection_method": "sms_reply"} in evidence


async def test_a_stop_word_takes_back_marketing_that_waits(desk: Desk) -> None:
    from flow.collect.messages.sending import send_marketing
    from flow.collect.messages.types import Outgoing

    await desk.connect("inmobile")
    await _agree(desk)
    offer = Outgoing(channel="sms", contact=f"+{ANNA}", text="To pizzaer for én i aften", kind="marketing")
    now = desk.context.clock.now()
    async with desk.database.as_service() as transaction:
        ids, refused = await send_marketing(transaction, desk.installation, desk.restaurant, [offer], now=now)
        assert (1, []) == (len(ids), refused)
        await transaction.connection.execute("update public.provider_calls set next_attempt_at = now() + '1 hour'")
    await desk.sms("STOP")
    desk.execute("update public.provider_calls set next_attempt_at = now() where status = 'queued'")
    await desk.settle()

    assert ("outgoing", "failed", offer.text) in desk.messages
    assert offer.text not in await desk.sent()


async def test_a_sentence_that_begins_with_stop_is_read_by_a_person_as_well(desk: Desk) -> None:
    await desk.connect("inmobile")
    await desk.sms("Stop min ordre")

    assert 1 == len(desk.rows("select from public.ai_conversations"))
    assert 1 == len(await desk.sent())  # the confirmation, and no automatic answer beside it


async def test_a_keyword_is_answered_and_keeps_the_evidence_of_what_it_agreed_to(desk: Desk) -> None:
    await desk.connect("inmobile")
    desk.execute(
        f"insert into public.campaign_keywords (restaurant_id, keyword, reply, consent_text) "
        f"values ('{desk.restaurant}', 'PIZZA', 'Vis denne SMS og få en gratis cola.', '{CONSENT}')"
    )
    await desk.sms("pizza!")

    assert [True] == [text.startswith("Vis denne SMS") and "STOP" in text for text in await desk.sent()]
    assert await _may_send(desk)
    granted = desk.rows("select consent_text, status, confirms from public.user_consents where granted order by number")
    assert [CONSENT, CONSENT] == [row["consent_text"] for row in granted]
    assert [] == desk.rows("select * from public.consent_confirmations")
    assert [] == desk.rows("select * from public.ai_conversations")
    assert [{"keyword": "PIZZA"}] == desk.rows("select keyword from public.messages where direction = 'incoming'")


async def test_a_sender_without_a_number_is_kept_and_not_answered(desk: Desk) -> None:
    await desk.connect("inmobile")
    path = next(iter((await desk.simulator.get("/control/accounts/inmobile")).json()))["webhook_url"]
    body = {
        "messages": [
            {
                "from": {"countryCode": None, "phoneNumber": None, "rawSource": "Skat", "isValidMsisdn": False},
                "to": {"msisdn": desk.accounts["inmobile"]["phone"]},
                "text": "Husk fristen",
                "receivedAt": "2026-01-01T14:50:23Z",
            }
        ]
    }
    async with desk.app.client() as http:
        assert 200 == (await http.post(path, json=body)).status_code
    await desk.settle()

    assert [("incoming", "received", "Husk fristen")] == desk.messages
    assert [] == await desk.sent()


async def test_a_guest_who_is_known_is_recognised(desk: Desk) -> None:
    await desk.connect("inmobile")
    desk.execute(
        f"insert into public.customers (restaurant_id, id, name, phone) "
        f"values ('{desk.restaurant}', gen_random_uuid(), 'Anna Hansen', '+{ANNA}')"
    )
    await desk.sms("Hej")

    [talk] = desk.rows("select customer_name, customer_id from public.ai_conversations")
    assert "Anna Hansen" == talk["customer_name"]
    assert {talk["customer_id"]} == {row["customer_id"] for row in desk.rows("select customer_id from public.messages")}
