"""How badly the providers can behave."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import httpx
import pytest

from flow.demo.providers import create_simulator
from tests.demo.providers.conftest import Receiver, Simulation


async def _text(simulation: Simulation, account: dict[str, str], count: int) -> None:
    for number in range(count):
        await simulation.act(account, "incoming", sender="9", text=str(number))


async def test_a_delivery_that_fails_is_tried_again(simulation: Simulation) -> None:
    account = await simulation.open("instagram")
    simulation.receiver.answers = [500, 503, 404]
    await _text(simulation, account, 1)

    assert 4 == len(await simulation.delivered())
    assert 1 == (await simulation.post())["delivered"]


async def test_wolt_gives_up_after_the_fourth_try(simulation: Simulation) -> None:
    account = await simulation.open("wolt")
    simulation.receiver.answers = [500] * 10
    await simulation.act(account, "order")

    assert 4 == len(await simulation.delivered())
    assert 1 == (await simulation.post())["given_up"]


async def test_some_deliveries_come_twice_and_in_another_order(simulation: Simulation) -> None:
    account = await simulation.open("instagram")
    await simulation.turn(duplicate_rate=0.3, shuffle_seconds=0.05)
    await _text(simulation, account, 100)
    texts = [int(each["entry"][0]["messaging"][0]["message"]["text"]) for each in await simulation.delivered()]

    assert set(range(100)) == set(texts)
    assert sorted(texts) != texts
    assert 10 < sum(count - 1 for count in Counter(texts).values()) < 60


async def test_in_an_outage_calls_fail_and_deliveries_wait(simulation: Simulation) -> None:
    account = await simulation.open("facebook")
    await simulation.turn(outage=True)
    await _text(simulation, account, 1)
    answer = await simulation.http.get("/facebook/v23.0/me")
    waiting = len(simulation.receiver.requests)
    await simulation.turn(outage=False)

    assert (503, 0, 1) == (answer.status_code, waiting, len(await simulation.delivered()))


async def test_a_lost_answer_has_had_its_effect(simulation: Simulation) -> None:
    account = await simulation.open("stripe")
    await simulation.turn(lost_answer_rate=1)
    headers = {"Authorization": f"Bearer {account['credentials']['secret_key']}", "Idempotency-Key": "k"}
    form = {"amount": "24950", "currency": "dkk"}
    lost = await simulation.http.post("/stripe/v1/payment_intents", data=form, headers=headers)
    await simulation.turn(lost_answer_rate=0)
    again = await simulation.http.post("/stripe/v1/payment_intents", data=form, headers=headers)

    assert (504, 200, "true") == (lost.status_code, again.status_code, again.headers["idempotent-replayed"])


async def test_a_simulated_failure_has_no_effect(simulation: Simulation) -> None:
    account = await simulation.open("stripe")
    await simulation.turn(error_rate=1)
    headers = {"Authorization": f"Bearer {account['credentials']['secret_key']}"}
    failed = await simulation.http.post(
        "/stripe/v1/payment_intents", data={"amount": "24950", "currency": "dkk"}, headers=headers
    )
    await simulation.turn(error_rate=0)
    listed = await simulation.http.get("/stripe/v1/payment_intents", headers=headers)

    assert (500, []) == (failed.status_code, listed.json()["data"])


@pytest.mark.parametrize("change", [{"error_rat": 0.1}, {"error_rate": 2}, {"latency_ms": -1}, {"outage_": True}])
async def test_knobs_that_do_not_fit_are_refused(simulation: Simulation, change: dict[str, object]) -> None:
    assert 422 == (await simulation.turn(**change)).status_code


async def test_what_was_not_delivered_waits_for_the_next_start(tmp_path: Path) -> None:
    file, receiver = tmp_path / "providers.json", Receiver()

    async def run(*, knobs: dict[str, object]) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.MockTransport(receiver.take)) as outside:
            app = create_simulator(file=file, http=outside)
            transport = httpx.ASGITransport(app)
            async with (
                app.router.lifespan_context(app),
                httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http,
            ):
                await http.patch("/control/knobs", json=knobs)
                if knobs:
                    path = "/control/accounts/instagram/1"
                    await http.put(
                        path,
                        json={
                            "webhook_url": "https://flow.example/",
                            "webhook_secret": "hush",
                            "subscribed_fields": ["messages"],
                        },
                    )
                    await http.post("/control/acts/instagram/1/incoming", json={"sender": "9", "text": "hej"})
                return await http.get("/control/post", params={"until_idle": "0" if knobs else "20"})

    waiting = await run(knobs={"outage": True})
    done = await run(knobs={})

    assert (1, 1) == (waiting.json()["waiting"], done.json()["delivered"])
    assert 1 == len(receiver.requests)


async def test_whoever_waits_until_nothing_is_under_way_is_told_so(simulation: Simulation) -> None:
    account = await simulation.open("instagram")

    async def text_after(turns: int) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        await _text(simulation, account, 1)

    # A letter may begin in any turn of the event loop, also in the one after the last was delivered.
    for turns in range(40):
        told, _ = await asyncio.gather(simulation.post(), text_after(turns))
        assert 0 == told["under_way"]
