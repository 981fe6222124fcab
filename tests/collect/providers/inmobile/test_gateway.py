"""Questions to confirm a consent leave by the restaurant's own InMobile, once, and their links are kept nowhere."""

from __future__ import annotations

import pytest

from flow.collect.providers.inmobile import gateway as gateways
from flow.privacy.consents import service as consents
from flow.privacy.consents.jobs import jobs
from flow.privacy.consents.types import Collection, ConsentText, Question
from tests.collect.messages.conftest import ANNA, Desk, desk

__all__ = ["desk"]  # the fixture


@pytest.fixture(autouse=True)
def own_calls(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from flow.collect.integrations import carrying

    monkeypatch.setattr(gateways, "calls_of", carrying.calls_of)


async def _ask(desk: Desk) -> None:
    """Somebody ordered with Anna's number and ticked the box."""
    text = ConsentText(version="1", body="Napoli may send me news and offers by SMS.", language="da")
    question = Question(restaurant_id=desk.restaurant, consent_type="marketing", channel="sms")
    person, how = consents.guest(desk.installation, f"+{ANNA}"), Collection(method="checkout")
    async with desk.database.as_service() as transaction:
        now = desk.context.clock.now()
        await consents.record(transaction, person, question, granted=True, text=text, collection=how, at=now)


async def _run(desk: Desk) -> None:
    [job] = jobs(gateways.gateway)
    await job.run(desk.context)


def _due(desk: Desk) -> None:
    desk.execute("update public.consent_confirmations set next_attempt_at = now()")
    desk.calls.breakers._by_connection.clear()


async def test_the_question_leaves_by_inmobile_and_its_link_lies_nowhere(desk: Desk) -> None:
    await desk.connect("inmobile")
    await _ask(desk)
    await _run(desk)

    [text] = await desk.sent()
    assert "/preferences/confirm/" in text
    assert [] == desk.rows("select * from public.messages")
    assert [] == desk.rows("select * from public.consent_confirmations")


async def test_a_question_whose_answer_got_lost_is_not_sent_twice(desk: Desk) -> None:
    await desk.connect("inmobile")
    await _ask(desk)
    await desk.simulator.patch("/control/knobs?provider=inmobile", json={"lost_answer_rate": 1.0})
    await _run(desk)
    assert 1 == len(desk.rows("select * from public.consent_confirmations"))

    await desk.simulator.patch("/control/knobs?provider=inmobile", json={"lost_answer_rate": 0.0})
    _due(desk)
    await _run(desk)
    assert 1 == len(await desk.sent())
    assert [] == desk.rows("select * from public.consent_confirmations")


async def test_a_restaurant_without_inmobile_puts_it_into_the_folder(desk: Desk) -> None:
    await _ask(desk)
    await _run(desk)

    [file] = (desk.context.settings.home / "outbox").glob("*.sms.txt")
    assert f"+{ANNA}" == file.read_text().splitlines()[0]


async def test_a_question_that_never_gets_through_is_given_up(desk: Desk) -> None:
    await desk.connect("inmobile")
    await _ask(desk)
    await desk.simulator.patch("/control/knobs?provider=inmobile", json={"outage": True})
    for _ in range(8):
        _due(desk)
        await _run(desk)

    assert ([], []) == (await desk.sent(), desk.rows("select * from public.consent_confirmations"))
