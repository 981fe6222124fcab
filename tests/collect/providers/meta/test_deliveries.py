"""Meta's deliveries over HTTP: the handshake, one batch for two restaurants, and the same facts in any order."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from flow.collect.integrations import store
from flow.collect.integrations.service import keep_credentials
from flow.collect.providers.meta.signature import signature_of
from flow.collect.webhooks.working import working
from flow.kit.ids import new_id
from tests.collect.messages.conftest import TALKING, Desk, desk
from tests.factories import make_restaurant

__all__ = ["desk"]  # the fixture

SECRET, GUEST, OURS, THEIRS = "the app's own secret", "900000000000001", "17841400000000001", "17841400000000002"


async def _connect(desk: Desk, restaurant: UUID, account: str) -> None:
    now = desk.context.clock.now()
    async with desk.database.as_service() as transaction:
        made = await store.connect(
            transaction, restaurant, kind="social", name="instagram", config={}, account=account, by=None, now=now
        )
        integration = await store.integration_by_id(transaction, restaurant, made)
        assert integration is not None
        await store.note_test(transaction, integration, error=None, now=now)
        credentials = {"app_secret": SECRET, "verify_token": "agreed", "access_token": "x"}
        await keep_credentials(transaction, desk.installation.secret_box, integration, credentials, now=now)


def _entry(account: str, *items: dict[str, Any]) -> dict[str, Any]:
    return {"id": account, "time": 1767225600123, "messaging": list(items)}


def _item(account: str, at: int, *, ours: bool = False, **what: object) -> dict[str, Any]:
    guest, us = {"id": GUEST}, {"id": account}
    return {"sender": us if ours else guest, "recipient": guest if ours else us, "timestamp": at, **what}


async def _deliver(
    desk: Desk, entries: Sequence[dict[str, Any]], *, secret: str = SECRET, path: str = "/api/webhooks/instagram"
) -> httpx.Response:
    body = json.dumps({"object": "instagram", "entry": list(entries)}).encode()
    async with desk.app.client() as http:
        return await http.post(path, content=body, headers={"x-hub-signature-256": signature_of(body, secret)})


async def test_the_address_is_verified_by_the_word_that_was_agreed_on(desk: Desk) -> None:
    await _connect(desk, desk.restaurant, OURS)
    query = {"rid": str(desk.restaurant), "hub.mode": "subscribe", "hub.challenge": "1158201444"}
    async with desk.app.client() as http:
        right = await http.get("/api/webhooks/instagram", params={**query, "hub.verify_token": "agreed"})
        wrong = await http.get("/api/webhooks/instagram", params={**query, "hub.verify_token": "guessed"})

    assert (200, "1158201444") == (right.status_code, right.text)
    assert right.headers["content-type"].startswith("text/plain")
    assert 403 == wrong.status_code


async def test_one_batch_reaches_two_restaurants_and_nobody_elses_is_kept(desk: Desk) -> None:
    aarhus = make_restaurant(desk.installation.owner_url, "Aarhus")
    await _connect(desk, desk.restaurant, OURS)
    await _connect(desk, aarhus, THEIRS)
    entries = [
        _entry(OURS, _item(OURS, 1767225599456, message={"mid": "m.1", "text": "Til Napoli"})),
        _entry(THEIRS, _item(THEIRS, 1767225599456, message={"mid": "m.2", "text": "Til Aarhus"})),
        _entry("42", _item("42", 1767225599456, message={"mid": "m.3", "text": "Til ingen"})),
    ]
    assert 200 == (await _deliver(desk, entries)).status_code
    await working(TALKING).run(desk.context, once=True)

    assert {(desk.restaurant, "Til Napoli"), (aarhus, "Til Aarhus")} == {
        (row["restaurant_id"], row["body"])
        for row in desk.rows("select restaurant_id, body from public.messages where direction = 'incoming'")
    }


async def test_what_another_secret_signed_is_refused_and_not_kept(desk: Desk) -> None:
    await _connect(desk, desk.restaurant, OURS)
    item = _item(OURS, 1767225599456, message={"mid": "m.1", "text": "Hej"})

    assert 401 == (await _deliver(desk, [_entry(OURS, item)], secret="another")).status_code
    assert [] == desk.rows("select * from public.webhook_inbox")


def _facts() -> list[dict[str, Any]]:
    """A guest writes three times, edits, deletes; our answer comes back, arrives and is read."""
    return [
        _item(OURS, 1767225600001, message={"mid": "g.1", "text": "Har I åbent?"}),
        _item(OURS, 1767225600002, message={"mid": "g.2", "text": "Et bord til to"}),
        _item(OURS, 1767225600003, message={"mid": "g.3", "text": "Glem det"}),
        _item(OURS, 1767225600004, message={"mid": "g.3", "is_deleted": True}),
        _item(OURS, 1767225600005, ours=True, message={"mid": "o.1", "text": "Ja, til kl. 22", "is_echo": True}),
        _item(OURS, 1767225600006, delivery={"mids": ["o.1"], "watermark": 1}),
        _item(OURS, 1767225600007, read={"mid": "o.1"}),
        _item(OURS, 1767225600008, reaction={"mid": "o.1", "action": "react", "emoji": "❤"}),
    ]


@pytest.mark.parametrize("seed", range(6))
async def test_the_same_facts_in_any_order_and_twice_end_in_the_same_state(desk: Desk, seed: int) -> None:
    await _connect(desk, desk.restaurant, OURS)
    with psycopg.connect(desk.installation.owner_url) as connection:  # an answer of ours whose id is known
        connection.execute(
            "insert into public.messages (restaurant_id, id, direction, channel, contact, body, status, kind, "
            "provider, provider_message_id) values (%s, %s, 'outgoing', 'instagram_dm', %s, 'Ja, til kl. 22', "
            "'queued', 'staff', 'instagram', 'o.1')",
            [desk.restaurant, new_id(), GUEST],
        )
    chance = random.Random(seed)
    items = [*_facts(), *chance.sample(_facts(), 4)]
    chance.shuffle(items)
    while items:
        batch = [items.pop() for _ in range(min(len(items), chance.randint(1, 4)))]
        assert 200 == (await _deliver(desk, [_entry(OURS, *batch)])).status_code
        await working(TALKING).run(desk.context, once=True)

    assert {
        ("g.1", "received", "Har I åbent?"), ("g.2", "received", "Et bord til to"), ("g.3", "received", ""),
        ("o.1", "read", "Ja, til kl. 22"),
    } == {
        (row["provider_message_id"], row["status"], row["body"])
        for row in desk.rows("select * from public.messages where kind in ('guest', 'staff')")
    }  # fmt: skip
    assert 1 == len(desk.rows("select from public.ai_conversations"))
    assert 1 == len(desk.rows("select from public.messages where kind = 'automatic'"))
    assert [] == desk.rows("select from public.ai_messages where content = 'Glem det'")
    assert [] == desk.rows("select from public.webhook_inbox where status in ('received', 'parked')")
