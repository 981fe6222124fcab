"""Webhook endpoints over the API: who may not, once per key, secrets shown once, deliveries, telling again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from flow.access.keys.service import create_key
from flow.database.transaction import Caller
from flow.kit.ids import new_id
from tests.access.acting import header_of
from tests.delivery.webhooks.conftest import Hooks
from tests.delivery.webhooks.receiver import Receiver
from tests.serving import App

API = "/api/webhook-endpoints"
BODY = {"url": "https://till.example/flow", "description": "Till", "event_types": ["order.created"]}
READ, WRITE = ["integrations.read"], ["integrations.read", "integrations.write"]


def _role(app: App, hooks: Hooks, role: str) -> httpx.AsyncClient:
    user = hooks.kitchen.employ(role)
    header = header_of(hooks.kitchen.installation.owner_url, app.asgi.state.flow.issuer, user)
    return app.client(headers=header, params={"restaurant_id": str(hooks.id)})


async def _key(app: App, hooks: Hooks, scopes: list[str]) -> httpx.AsyncClient:
    held = ("keys.write", "restaurant.read", "orders.read", "some_orders.read", "active_orders.read", *WRITE)
    maker = Caller(hooks.caller.user_id, None, dict.fromkeys(held, frozenset({hooks.id})))
    text = await create_key(app.asgi.state.flow, maker, hooks.id, name="Till", scopes=scopes, days=30)
    return app.client(headers={"authorization": f"Bearer {text}"}, params={"restaurant_id": str(hooks.id)})


@pytest.fixture
async def program(app: App, hooks: Hooks) -> AsyncIterator[httpx.AsyncClient]:
    """A program whose key may change endpoints."""
    async with await _key(app, hooks, WRITE) as http:
        yield http


async def _every_route(http: httpx.AsyncClient, endpoint: UUID, delivery: UUID) -> dict[str, int]:
    here = f"{API}/{endpoint}"
    since = {"since": "2026-01-01T00:00:00Z"}
    asked: list[tuple[str, str, dict[str, Any] | None]] = [
        ("GET", API, None),
        ("GET", here, None),
        ("GET", f"{here}/deliveries", None),
        ("GET", f"{here}/deliveries/{delivery}", None),
        ("POST", API, BODY),
        ("PATCH", here, {"description": "Bar"}),
        ("POST", f"{here}/rotate-secret", {}),
        ("POST", f"{here}/test", None),
        ("POST", f"{here}/deliveries/{delivery}/redeliver", None),
        ("POST", f"{here}/replay", since),
        ("DELETE", here, None),
    ]
    return {
        f"{method} {path.replace(str(endpoint), 'E').replace(str(delivery), 'D')}": (
            await http.request(method, path, json=body)
        ).status_code
        for method, path, body in asked
    }


@pytest.mark.parametrize("role", ["manager", "employee", "analytics", "compliance"])
async def test_a_role_without_integrations_may_nothing(app: App, hooks: Hooks, till: Receiver, role: str) -> None:
    endpoint, _ = await hooks.endpoint(till.url)
    async with _role(app, hooks, role) as http:
        answers = await _every_route(http, endpoint, new_id())

    assert {403} <= set(answers.values()) <= {403, 404}, answers
    assert [("active", "Till")] == hooks.rows("select status, description from public.webhook_endpoints")


async def test_a_key_may_what_its_scopes_say(app: App, hooks: Hooks, till: Receiver) -> None:
    endpoint, _ = await hooks.endpoint(till.url)
    async with await _key(app, hooks, READ) as reader, await _key(app, hooks, ["orders.read"]) as other:
        reads = await _every_route(reader, endpoint, new_id())
        nothing = await _every_route(other, endpoint, new_id())

    assert [200, 200, 200, 404, *[403] * 7] == list(reads.values())
    assert {403} == set(nothing.values())


async def test_another_restaurants_endpoint_is_not_there(app: App, hooks: Hooks, till: Receiver) -> None:
    endpoint, _ = await hooks.endpoint(till.url)
    other = UUID(int=9)
    hooks.run(
        "insert into public.restaurants (id, name, slug, event_namespace) values (%s, 'Aarhus', 'aarhus', 'aarhus')",
        other,
    )
    async with await _key(app, hooks, WRITE) as http:
        http.params = httpx.QueryParams(restaurant_id=str(other))
        answers = await _every_route(http, endpoint, new_id())

    assert set(answers.values()) <= {403, 404}, answers
    assert [("active",)] == hooks.rows("select status from public.webhook_endpoints")


async def test_from_setting_up_to_removing(hooks: Hooks, program: httpx.AsyncClient) -> None:
    made = await program.post(API, json=BODY)
    endpoint = made.json()
    here = f"{API}/{endpoint['id']}"
    shown = await program.get(here)
    changed = await program.patch(here, json={"event_types": ["order.created", "order.cancelled"], "status": "paused"})
    listed = (await program.get(API)).json()["endpoints"]
    removed = await program.delete(here)

    assert (201, "no-store", True) == (
        made.status_code,
        made.headers["cache-control"],
        endpoint["secret"].startswith("whsec_"),
    )
    assert endpoint["secret"] not in shown.text + str(listed)
    assert "secret" not in shown.json()
    assert (["order.created", "order.cancelled"], "paused", "Till") == tuple(
        changed.json()[key] for key in ("event_types", "status", "description")
    )
    assert [endpoint["id"]] == [each["id"] for each in listed]
    assert (204, b"") == (removed.status_code, removed.content)
    assert [404, 404] == [(await program.get(here)).status_code, (await program.delete(here)).status_code]


async def test_what_a_program_does_is_in_the_audit_log_as_a_programs(hooks: Hooks, program: httpx.AsyncClient) -> None:
    here = f"{API}/{(await program.post(API, json=BODY)).json()['id']}"
    await program.patch(here, json={"description": "Bar"})
    await program.post(f"{here}/rotate-secret", json={})
    await program.delete(here)

    assert [
        (f"webhook_endpoint_{what}", "api_key") for what in ("changed", "created", "removed", "rotated")
    ] == hooks.rows(
        "select action, performed_by_role from public.gdpr_audit_log where action ~ '^webhook' order by action"
    )
    assert [(None,)] == hooks.rows("select created_by from public.webhook_endpoints")


async def test_the_same_key_sets_one_endpoint_up(hooks: Hooks, program: httpx.AsyncClient) -> None:
    key = {"idempotency-key": "till-1"}
    first = await program.post(API, json=BODY, headers=key)
    again = await program.post(API, json=BODY, headers=key)
    other = await program.post(API, json=BODY | {"description": "Bar"}, headers=key)

    assert (first.json()["id"], None) == (again.json()["id"], again.json()["secret"])
    assert (409, "idempotency_key_reused") == (other.status_code, other.json()["error"]["code"])
    assert [(1,)] == hooks.rows("select count(*)::int from public.webhook_endpoints")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"url": "https://127.0.0.1.nip.example/"}, None),
        ({"url": "https://10.1/"}, "forbidden_address"),  # which the resolver takes for 10.0.0.1
        ({"url": "https://127.1/"}, None),  # in a network that is allowed here
        ({"url": "http://till.example/"}, "forbidden_address"),
        ({"url": "https://10.0.0.1/"}, "forbidden_address"),
        ({"url": "https://[::ffff:169.254.169.254]/"}, "forbidden_address"),
        ({"event_types": []}, "invalid_input"),
        ({"event_types": ["order.eaten"]}, "invalid_input"),
        ({"event_types": ["webhook.test"]}, "invalid_input"),
        ({"payload": "huge"}, "invalid_input"),
        ({"description": "a\x00b"}, "invalid_input"),
        ({"colour": "red"}, "invalid_input"),
    ],
)
async def test_an_address_or_a_wish_that_cannot_be_is_refused(
    hooks: Hooks, program: httpx.AsyncClient, changes: dict[str, object], code: str | None
) -> None:
    answer = await program.post(API, json=BODY | changes)

    assert code == (answer.json()["error"]["code"] if answer.status_code >= 400 else None), answer.text
    assert (1 if code is None else 0) == hooks.rows("select count(*)::int from public.webhook_endpoints")[0][0]


async def test_a_name_that_leads_into_a_house_is_refused_and_one_that_nobody_knows_is_taken_with_a_hint(
    hooks: Hooks, program: httpx.AsyncClient
) -> None:
    made = await program.post(API, json=BODY)
    here = f"{API}/{made.json()['id']}"
    answers = [await program.patch(here, json={"url": url}) for url in ("https://10.1/", "https://192.168.1/")]
    changed = await program.patch(here, json={"url": "https://bar.example/flow"})
    known = await program.patch(here, json={"url": "https://127.1/"})
    paused = await program.patch(here, json={"status": "paused"})

    assert [(422, "forbidden_address")] * 2 == [(each.status_code, each.json()["error"]["code"]) for each in answers]
    assert ["name_not_known", "name_not_known", None, None] == [
        each.json()["hint"] for each in (made, changed, known, paused)
    ]
    assert [("https://127.1/",)] == hooks.rows("select url from public.webhook_endpoints")


async def test_nothing_to_change_is_an_error_in_words(hooks: Hooks, till: Receiver, program: httpx.AsyncClient) -> None:
    endpoint, _ = await hooks.endpoint(till.url)

    answer = await program.patch(f"{API}/{endpoint}", json={})

    assert (422, "Name at least one thing to change.") == (answer.status_code, answer.json()["error"]["message"])


async def test_a_rotated_secret_signs_what_comes(hooks: Hooks, till: Receiver, program: httpx.AsyncClient) -> None:
    endpoint, old = await hooks.endpoint(till.url)
    rotated = await program.post(f"{API}/{endpoint}/rotate-secret", json={"overlap_hours": 24})
    wrong = await program.post(f"{API}/{endpoint}/rotate-secret", json={"overlap_hours": 3})

    assert (200, "no-store") == (rotated.status_code, rotated.headers["cache-control"])
    assert rotated.json()["secret"].startswith("whsec_") and rotated.json()["secret"] != old
    assert 422 == wrong.status_code


async def test_deliveries_are_listed_with_their_tries_and_made_again(
    hooks: Hooks, till: Receiver, program: httpx.AsyncClient
) -> None:
    endpoint, _ = await hooks.endpoint(till.url, "order.created")
    here = f"{API}/{endpoint}"
    await hooks.order()
    await hooks.order()
    await hooks.send()
    first = (await program.get(f"{here}/deliveries", params={"limit": 1})).json()
    second = (await program.get(f"{here}/deliveries", params={"limit": 1, "cursor": first["next"]})).json()
    [delivery] = first["deliveries"]
    whole = (await program.get(f"{here}/deliveries/{delivery['id']}")).json()
    again = await program.post(f"{here}/deliveries/{delivery['id']}/redeliver")
    tested = await program.post(f"{here}/test")
    await hooks.send()

    assert (None, "delivered", 200) == (second["next"], delivery["status"], delivery["last_code"])
    assert delivery["id"] != second["deliveries"][0]["id"]
    assert ("order.created", [200]) == (whole["body"]["type"], [each["status_code"] for each in whole["tries"]])
    assert (202, "pending", 202) == (again.status_code, again.json()["status"], tested.status_code)
    assert 4 == len(till.heard)
    assert 422 == (await program.get(f"{here}/deliveries", params={"cursor": "x"})).status_code
    assert 404 == (await program.get(f"{here}/deliveries/{new_id()}")).status_code


async def test_a_replay_tells_what_happened_since_a_time(
    hooks: Hooks, till: Receiver, program: httpx.AsyncClient
) -> None:
    await hooks.order()
    endpoint, _ = await hooks.endpoint(till.url, "order.created")
    now = hooks.kitchen.clock.now()
    replayed = await program.post(f"{API}/{endpoint}/replay", json={"since": (now - timedelta(hours=1)).isoformat()})
    refused = [
        (await program.post(f"{API}/{endpoint}/replay", json={"since": at.isoformat()})).status_code
        for at in (now - timedelta(days=31), now + timedelta(hours=1))
    ]
    await program.patch(f"{API}/{endpoint}", json={"status": "paused"})
    off = await program.post(f"{API}/{endpoint}/replay", json={"since": now.isoformat()})

    assert (202, {"events": 1}) == (replayed.status_code, replayed.json())
    assert [422, 422] == refused
    assert (409, "endpoint_not_active") == (off.status_code, off.json()["error"]["code"])


async def test_writing_is_limited_in_its_rate(hooks: Hooks, program: httpx.AsyncClient) -> None:
    answers = [await program.delete(f"{API}/{new_id()}") for _ in range(61)]

    assert (404, 429) == (answers[59].status_code, answers[60].status_code)
    assert int(answers[60].headers["retry-after"]) >= 1
