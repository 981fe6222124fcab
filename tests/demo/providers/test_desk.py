"""The desk at which a restaurant finds its keys, and the receiver of FLOW's own webhooks."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from flow.delivery.webhooks.signing import signatures
from tests.demo.providers.conftest import HOOK, Simulation

BACK = "http://127.0.0.1:8010/settings/integrations/stripe?restaurant=1"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = '{"type":"order.created","data":{}}'


async def test_an_account_is_opened_with_flows_address_and_its_keys_go_back(simulation: Simulation) -> None:
    query = {"provider": "stripe", "name": "Roma", "webhook_url": HOOK, "back": BACK}
    opened = await simulation.http.post("/open", data=query)
    page = (await simulation.http.get(opened.headers["location"])).text
    [account] = (await simulation.http.get("/control/accounts/stripe")).json()
    taken = page.partition('primary" href="')[2].partition('"')[0].replace("&amp;", "&")
    keys = parse_qs(urlsplit(taken).fragment)

    assert HOOK == account["webhook_url"]
    assert taken.startswith(BACK)
    assert [account["credentials"]["secret_key"]] == keys["secret_key"]
    assert [account["webhook_secret"]] == keys["webhook_secret"]


async def test_a_way_back_that_is_no_page_is_not_offered(simulation: Simulation) -> None:
    await simulation.http.post("/open", data={"provider": "stripe", "name": "Roma"})
    query = {"provider": "stripe", "name": "Roma", "back": "javascript:alert(1)"}
    page = await simulation.http.get("/account", params=query)

    assert (200, False) == (page.status_code, "javascript:" in page.text)


async def test_the_receiver_shows_what_came_and_who_signed_it(simulation: Simulation) -> None:
    await simulation.http.post("/receiver/settings", data={"secret": SECRET, "answer": "200"})
    for key in (SECRET, "whsec_c29tZWJvZHkgZWxzZQ=="):
        headers = {
            "webhook-id": "evt_1",
            "webhook-timestamp": "1767225600",
            "webhook-signature": signatures([key], "evt_1", 1767225600, BODY.encode()),
        }
        assert 200 == (await simulation.http.post("/receiver", content=BODY, headers=headers)).status_code
    page = (await simulation.http.get("/receiver")).text

    assert (1, 1) == (page.count("signed by FLOW"), page.count("not signed with this secret"))
    assert 2 == page.count("<b>order.created</b>")


async def test_the_receiver_answers_as_it_is_told(simulation: Simulation) -> None:
    await simulation.http.post("/receiver/settings", data={"secret": "", "answer": "410"})
    gone = await simulation.http.post("/receiver", content=BODY)
    await simulation.http.post("/receiver/settings", data={"forget": "yes"})
    page = (await simulation.http.get("/receiver")).text

    assert (410, True) == (gone.status_code, "Nothing yet." in page)
