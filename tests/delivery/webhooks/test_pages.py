"""The pages of webhooks: who may not, the secret shown once, deliveries with their tries and bodies."""

from __future__ import annotations

from uuid import UUID

import httpx
import pytest

from tests.access.acting import header_of
from tests.delivery.webhooks.conftest import Hooks
from tests.delivery.webhooks.receiver import Receiver
from tests.serving import App

PAGE = {"accept": "text/html", "accept-language": "en"}
FORM = {"url": "https://till.example/flow", "description": "Till", "event_types": ["order.created"], "payload": "full"}


async def _browser(app: App, hooks: Hooks, role: str) -> httpx.AsyncClient:
    user = hooks.kitchen.employ(role)
    header = header_of(hooks.kitchen.installation.owner_url, app.asgi.state.flow.issuer, user)
    return app.client(headers=PAGE | header)


@pytest.mark.parametrize("role", ["manager", "employee", "analytics", "compliance"])
async def test_who_does_not_look_after_integrations_sees_and_sets_up_nothing(app: App, hooks: Hooks, role: str) -> None:
    async with await _browser(app, hooks, role) as http:
        seen = await http.get("/settings/webhooks")
        made = await http.post("/settings/webhooks", data=FORM | {"restaurant": str(hooks.id)})

    assert (403, 403) == (seen.status_code, made.status_code)
    assert [(0,)] == hooks.rows("select count(*)::int from public.webhook_endpoints")


async def test_another_restaurants_endpoint_is_not_found(app: App, hooks: Hooks, till: Receiver) -> None:
    endpoint, _ = await hooks.endpoint(till.url)
    other = UUID(int=9)
    hooks.run(
        "insert into public.restaurants (id, name, slug, event_namespace) values (%s, 'Aarhus', 'aarhus', 'aarhus')",
        other,
    )
    async with await _browser(app, hooks, "admin") as http:
        assert 404 == (await http.get(f"/settings/webhooks/{endpoint}?restaurant={other}")).status_code
        switched = await http.post(
            f"/settings/webhooks/{endpoint}/switch", data={"restaurant": str(other), "status": "removed"}
        )

    assert 403 == switched.status_code
    assert [("active",)] == hooks.rows("select status from public.webhook_endpoints")


async def test_a_secret_is_shown_once_and_lies_sealed(app: App, hooks: Hooks) -> None:
    async with await _browser(app, hooks, "admin") as http:
        made = await http.post("/settings/webhooks", data=FORM | {"restaurant": str(hooks.id)})
        secret = made.text.partition('id="fresh-secret">')[2].partition("<")[0]
        [(endpoint, sealed)] = hooks.rows("select id, secrets_sealed from public.webhook_endpoints")
        later = await http.get(f"/settings/webhooks/{endpoint}?restaurant={hooks.id}")

    assert 200 == made.status_code, made.text
    assert secret.startswith("whsec_") and "no-store" == made.headers["cache-control"]
    assert 200 == later.status_code and secret not in later.text
    assert isinstance(sealed, bytes) and secret.encode() not in sealed
    assert [("webhook_endpoint_created",)] == hooks.rows(
        "select action from public.gdpr_audit_log where action like 'webhook%%'"
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"url": "https://10.0.0.1/"}, "cannot be used"),
        ({"url": "https://10.1/"}, "cannot be used"),  # a name, which the resolver takes for 10.0.0.1
        ({"event_types": []}, "at least one event"),
    ],
)
async def test_a_wrong_form_says_what_is_wrong_and_keeps_the_rest(
    app: App, hooks: Hooks, change: dict[str, object], words: str
) -> None:
    async with await _browser(app, hooks, "admin") as http:
        answer = await http.post("/settings/webhooks", data=FORM | {"restaurant": str(hooks.id)} | change)

    assert 422 == answer.status_code
    assert words in answer.text and 'value="Till"' in answer.text


async def test_a_name_that_nobody_knows_yet_is_taken_with_a_hint(app: App, hooks: Hooks) -> None:
    async with await _browser(app, hooks, "admin") as http:
        form = FORM | {"restaurant": str(hooks.id)}
        made = await http.post("/settings/webhooks", data=form)
        [(endpoint,)] = hooks.rows("select id from public.webhook_endpoints")
        here = f"/settings/webhooks/{endpoint}"
        refused = await http.post(here, data=form | {"url": "https://10.1/"})
        pages = [
            await http.get((await http.post(here, data=form | {"url": url})).headers["location"])
            for url in ("https://bar.example/", "https://127.1/")
        ]

    assert (200, 422) == (made.status_code, refused.status_code)
    assert "cannot be used" in refused.text
    assert [True, True, False] == ["Nobody knows the name" in page.text for page in (made, *pages)]
    assert [("https://127.1/",)] == hooks.rows("select url from public.webhook_endpoints")


async def test_an_endpoints_page_shows_deliveries_and_each_its_tries_and_body(
    app: App, hooks: Hooks, till: Receiver
) -> None:
    endpoint, _ = await hooks.endpoint(till.url, "order.created")
    till.answers = [500]
    await hooks.order()
    await hooks.send()
    [(delivery,)] = hooks.rows("select id from public.webhook_deliveries")
    async with await _browser(app, hooks, "admin") as http:
        listed = await http.get("/settings/webhooks")
        shown = await http.get(f"/settings/webhooks/{endpoint}?restaurant={hooks.id}&status=pending")
        single = await http.get(f"/settings/webhooks/{endpoint}/deliveries/{delivery}?restaurant={hooks.id}")
        again = await http.post(
            f"/settings/webhooks/{endpoint}/deliveries/{delivery}/redeliver", data={"restaurant": str(hooks.id)}
        )
    await hooks.send()

    assert (200, 200, 200, 303) == tuple(each.status_code for each in (listed, shown, single, again))
    assert "Failing since" in listed.text
    assert str(delivery) in shown.text and "Waits for the next try" in shown.text
    assert "500" in single.text and "order.created" in single.text and "Margherita" in single.text
    assert 2 == len(till.heard)


async def test_everything_an_administrator_can_do_leads_back_to_the_page(
    app: App, hooks: Hooks, till: Receiver
) -> None:
    endpoint, _ = await hooks.endpoint(till.url, "order.created")
    here, own = f"/settings/webhooks/{endpoint}", {"restaurant": str(hooks.id)}
    async with await _browser(app, hooks, "admin") as http:
        answers = {
            "test": await http.post(f"{here}/test", data=own),
            "replay": await http.post(f"{here}/replay", data=own | {"hours": "24"}),
            "change": await http.post(here, data=own | FORM),
            "off": await http.post(f"{here}/switch", data=own | {"status": "paused"}),
            "on": await http.post(f"{here}/switch", data=own | {"status": "active"}),
        }
        pages = [await http.get(answer.headers["location"]) for answer in answers.values()]
        rotated = await http.post(f"{here}/rotate", data=own | {"overlap_hours": "168"})
        removed = await http.post(f"{here}/switch", data=own | {"status": "removed"})
        gone = await http.get(f"{here}?restaurant={hooks.id}")

    assert {303} == {answer.status_code for answer in answers.values()}
    assert {200} == {page.status_code for page in pages}
    assert 200 == rotated.status_code and "whsec_" in rotated.text
    assert (303, 404) == (removed.status_code, gone.status_code)
