"""The page on which one acts as guest, courier and bookkeeper."""

from __future__ import annotations

from tests.demo.providers.conftest import Simulation


async def test_nobody_is_connected_at_first(simulation: Simulation) -> None:
    page = await simulation.http.get("/")

    assert (200, True) == (page.status_code, "Nobody is connected yet" in page.text)


async def test_an_account_is_opened_and_shows_its_credentials(simulation: Simulation) -> None:
    await simulation.http.post("/open", data={"provider": "stripe", "name": "Roma"})
    [account] = (await simulation.http.get("/control/accounts/stripe")).json()
    page = await simulation.http.get("/")

    assert account["credentials"]["secret_key"] in page.text
    assert account["webhook_secret"] in page.text


async def test_webhooks_go_where_the_account_says(simulation: Simulation) -> None:
    account = await simulation.open("instagram")
    form = {"provider": "instagram", "number": account["number"], "webhook_url": "https://other.example/hook"}
    await simulation.http.post("/deliver", data=form)
    await simulation.act(account, "incoming", sender="9", text="Hej")
    await simulation.delivered()

    assert ["https://other.example/hook"] == [str(request.url) for request in simulation.receiver.requests]


async def test_a_button_does_what_it_says(simulation: Simulation) -> None:
    account = await simulation.open("wolt")
    form = {"provider": "wolt", "number": account["number"], "act": "order", "consumer_name": "Ida"}
    await simulation.http.post("/act", data=form)
    [order] = (await simulation.http.get("/control/books")).json()["wolt.order"].values()
    moved = {"provider": "wolt", "number": account["number"], "act": "status:rejected", "order": order["id"]}
    await simulation.http.post("/act", data=moved)
    again = await simulation.http.post("/act", data=moved)
    page = await simulation.http.get("/")

    assert "rejected" in page.text
    assert "The+order+is+rejected" in again.headers["location"]


async def test_what_cannot_be_done_is_told_in_words(simulation: Simulation) -> None:
    acts = {
        "stripe": ("pay", {"payment_intent": "pi_none"}),
        "mobilepay": ("approve", {"reference": "flow-none"}),
        "economic": ("book", {"draft": "7"}),
        "wolt": ("status", {"order": "none", "status": "ready"}),
    }
    for provider, (act, arguments) in acts.items():
        made = await simulation.act(await simulation.open(provider), act, **arguments)

        assert isinstance(made["error"], str), provider


async def test_knobs_are_turned_for_one_provider(simulation: Simulation) -> None:
    form = {"provider": "stripe", "error_rate": "0.5", "outage": "on"}
    await simulation.http.post("/turn", data=form)
    knobs = (await simulation.http.get("/control/knobs")).json()

    assert (0.5, True) == (knobs["stripe"]["error_rate"], knobs["stripe"]["outage"])
    assert (0.0, False) == (knobs["wolt"]["error_rate"], knobs["wolt"]["outage"])


async def test_what_a_guest_writes_is_shown_as_text(simulation: Simulation) -> None:
    await simulation.http.post("/open", data={"provider": "stripe", "name": "<script>alert(1)</script>"})
    page = await simulation.http.get("/")

    assert "<script>alert" not in page.text
