"""InMobile and Meta, simulated."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from flow.demo.providers.inmobile.texts import encoding_of, parts_of
from tests.demo.providers.conftest import Simulation

SMS = {"to": "4512345678", "from": "CafeEks", "text": "Din ordre er klar", "messageId": "flow-1"}
CALLBACK = "https://flow.example/status"


async def _send(simulation: Simulation, account: dict[str, Any], *messages: dict[str, Any]) -> httpx.Response:
    key = httpx.BasicAuth("x", account["credentials"]["api_key"])
    return await simulation.http.post("/inmobile/v4/sms/outgoing", json={"messages": messages}, auth=key)


async def _reports(simulation: Simulation, account: dict[str, Any]) -> list[Any]:
    key = httpx.BasicAuth("x", account["credentials"]["api_key"])
    answer = await simulation.http.get("/inmobile/v4/sms/outgoing/reports?limit=250", auth=key)
    return list(answer.json()["reports"])


async def _until_sent(simulation: Simulation, count: int) -> list[Any]:
    for _ in range(100):
        bodies = [body for body in simulation.receiver.bodies() if "reports" in body]
        if sum(len(body["reports"]) for body in bodies) >= count:
            return bodies
        await asyncio.sleep(0.05)
    raise AssertionError("no report came")


async def test_reports_of_one_address_come_together_and_can_be_read_once(simulation: Simulation) -> None:
    account = await simulation.open("inmobile")
    second = {**SMS, "messageId": "flow-2", "to": "4512345699", "statusCallbackUrl": CALLBACK}
    answer = await _send(simulation, account, {**SMS, "statusCallbackUrl": CALLBACK}, second)
    bodies = await _until_sent(simulation, 2)

    assert ["flow-1", "flow-2"] == [each["messageId"] for each in answer.json()["results"]]
    assert 1 == len(bodies)
    assert [1, -1] == [report["deliveryInfo"]["stateCode"] for report in bodies[0]["reports"]]
    assert "errorCode" not in bodies[0]["reports"][0]["deliveryInfo"]
    assert (2, 0) == (len(await _reports(simulation, account)), len(await _reports(simulation, account)))


async def test_a_number_that_is_none_is_told_in_the_answer(simulation: Simulation) -> None:
    account = await simulation.open("inmobile")
    answer = await _send(simulation, account, {**SMS, "to": "12"})

    assert (200, False) == (answer.status_code, answer.json()["results"][0]["numberDetails"]["isValidMsisdn"])


async def test_the_same_id_is_sent_once(simulation: Simulation) -> None:
    account = await simulation.open("inmobile")
    for _ in range(2):
        await _send(simulation, account, {**SMS, "statusCallbackUrl": CALLBACK})

    assert 1 == len(await _until_sent(simulation, 1))
    assert 1 == len(await _reports(simulation, account))


@pytest.mark.parametrize("change", [{"messageId": "x" * 51}, {"text": ""}, {"from": "ab"}, {"encoding": "utf8"}])
async def test_a_bad_message_fails_the_whole_call(simulation: Simulation, change: dict[str, Any]) -> None:
    account = await simulation.open("inmobile")
    answer = await _send(simulation, account, {**SMS, "messageId": "ok"}, {**SMS, **change})

    assert (400, {"errorMessage", "details"}) == (answer.status_code, set(answer.json()))


@pytest.mark.parametrize(
    ("text", "encoding", "parts"),
    [
        ("æøå" * 53 + "x", "gsm7", 1),
        ("æ" * 161, "gsm7", 2),
        ("€" * 81, "gsm7", 2),
        ("🍕", "ucs2", 1),
        ("–" * 71, "ucs2", 2),
    ],
)
def test_parts_are_counted_by_alphabet(text: str, encoding: str, parts: int) -> None:
    assert encoding == encoding_of(text, "auto")
    assert parts == parts_of(text, encoding)


async def test_an_incoming_sms_waits_to_be_fetched_and_is_pushed(simulation: Simulation) -> None:
    account = await simulation.open("inmobile")
    await simulation.act(account, "incoming", **{"from": "4511223344", "to": "4588776655", "text": "STOP"})
    key = httpx.BasicAuth("x", account["credentials"]["api_key"])
    fetched = (await simulation.http.get("/inmobile/v4/sms/incoming/messages?limit=10", auth=key)).json()

    assert {"messages": [fetched["messages"][0]]} == (await simulation.delivered())[0]
    assert ("STOP", "4588776655") == (fetched["messages"][0]["text"], fetched["messages"][0]["to"]["msisdn"])


async def _say(simulation: Simulation, account: dict[str, Any], text: str, **more: object) -> httpx.Response:
    return await simulation.http.post(
        f"/{account['provider']}/v23.0/{account['number']}/messages",
        json={"recipient": {"id": "9"}, "message": {"text": text}, **more},
        headers={"Authorization": f"Bearer {account['credentials']['access_token']}"},
    )


@pytest.mark.parametrize("provider", ["instagram", "facebook"])
async def test_an_answer_comes_back_as_its_echo(simulation: Simulation, provider: str) -> None:
    account = await simulation.open(provider)
    await simulation.act(account, "incoming", sender="9", text="Har I åbent?")
    answer = await _say(simulation, account, "Ja, til kl. 22")
    told = await simulation.delivered()
    echo = told[1]["entry"][0]["messaging"][0]

    assert {"instagram": "instagram", "facebook": "page"}[provider] == told[0]["object"]
    assert (answer.json()["message_id"], True) == (echo["message"]["mid"], echo["message"]["is_echo"])
    assert (account["number"], "9") == (echo["sender"]["id"], echo["recipient"]["id"])
    assert b"\\u00e5bent" in simulation.receiver.requests[0].content


async def test_nobody_is_written_to_outside_the_window(simulation: Simulation) -> None:
    account = await simulation.open("instagram")
    never = await _say(simulation, account, "Hej")
    await simulation.act(account, "incoming", sender="9", text="Hej")
    simulation.clock.advance(timedelta(hours=25))
    late = await _say(simulation, account, "Hej")
    by_hand = await _say(simulation, account, "Hej", messaging_type="MESSAGE_TAG", tag="HUMAN_AGENT")

    assert (403, 403, 200) == (never.status_code, late.status_code, by_hand.status_code)
    assert 10 == late.json()["error"]["code"]


async def test_instagram_counts_bytes(simulation: Simulation) -> None:
    account = await simulation.open("instagram")
    await simulation.act(account, "incoming", sender="9", text="Hej")

    assert 200 == (await _say(simulation, account, "ø" * 500)).status_code
    assert 400 == (await _say(simulation, account, "ø" * 501)).status_code
