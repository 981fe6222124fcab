"""What is refused is kept with its reason and all that was sent."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from flow.collect.events.endpoint import PATH
from tests.collect.events.sending import BROWSER, KEY, NOON, Shop, event, json_of

QUARANTINE = "select reason, event_name, raw from public.rejected_events"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"event_name": "no_such_event"}, "unknown_event"),
        ({"event_name": "rival.coupon_shown"}, "wrong_namespace"),
        ({"event_name": "system_api_error"}, "not_from_browser"),
        ({"event_name": "page_scroll"}, "invalid_property"),
        ({"event_data": [1]}, "invalid_property"),
        ({"event_data": "text"}, "invalid_property"),
        ({"event_data": {"a": "x" * 9000}}, "too_large"),
        ({"event_data": {"a": [[[[[1]]]]]}}, "too_deep"),
        ({"id": "7"}, "invalid_id"),
        ({"id": None}, "invalid_id"),
        ({"timestamp": "yesterday"}, "invalid_timestamp"),
        ({"timestamp": "2026-11-21T12:00:00"}, "invalid_timestamp"),
        ({"timestamp": 1763726400}, "invalid_timestamp"),
        ({"timestamp": "2006-01-01T00:00:00Z"}, "timestamp_out_of_range"),
        ({"timestamp": "2126-01-01T00:00:00Z"}, "timestamp_out_of_range"),
        ({"event_name": None}, "invalid_event"),
        ({"page_url": 5}, "invalid_event"),
        ({"page_title": ["a"]}, "invalid_event"),
        ({"seq": -1}, "invalid_event"),
        ({"seq": 2**31}, "invalid_event"),
        ({"viewport_x": 1e300}, "invalid_event"),
        ({"page_view_id": "x"}, "invalid_event"),
    ],
)
async def test_a_fault_has_its_code_and_spares_the_other_events(shop: Shop, fault: dict[str, Any], code: str) -> None:
    faulty = event() | fault
    answer = (await shop.post(event(), faulty, event())).json()

    assert ["accepted", "rejected", "accepted"] == [result["status"] for result in answer["results"]]
    assert code == answer["results"][1]["code"]
    assert answer["results"][1]["message"]
    reason, _, raw = shop.row(QUARANTINE)
    assert (code, faulty) == (reason, json.loads(raw))
    assert 2 == shop.stored


@pytest.mark.parametrize("missing", ["id", "event_name", "timestamp"])
async def test_a_missing_field_is_named(shop: Shop, missing: str) -> None:
    faulty = event()
    del faulty[missing]
    [result] = (await shop.post(faulty)).json()["results"]

    assert "rejected" == result["status"]
    assert missing in result["message"]


@pytest.mark.parametrize("nonsense", [None, 7, "event", [], [event()]])
async def test_what_is_no_event_at_all_is_kept_too(shop: Shop, nonsense: Any) -> None:
    assert ["accepted", "rejected"] == await shop.send(event(), nonsense)
    assert ("invalid_event", None, json_of(nonsense).decode()) == shop.row(QUARANTINE)


async def test_fields_that_nobody_knows_are_kept_in_the_raw_text(shop: Shop) -> None:
    await shop.send(event("no_such_event", colour="red"))

    assert "red" == json.loads(shop.row(QUARANTINE)[2])["colour"]


@pytest.mark.parametrize(
    ("age", "status"), [(34.9, "accepted"), (35.1, "rejected"), (-0.9, "accepted"), (-1.1, "rejected")]
)
async def test_a_clock_may_be_five_weeks_behind_and_a_day_ahead(shop: Shop, age: float, status: str) -> None:
    assert [status] == await shop.send(event(at=NOON - timedelta(days=age)))


async def test_a_wrong_clock_is_told_how_wrong_it_is(shop: Shop) -> None:
    [result] = (await shop.post(event(at=NOON - timedelta(days=3650)))).json()["results"]

    assert "3650 days behind" in result["message"]


async def test_messages_never_repeat_what_was_sent(shop: Shop) -> None:
    secret = "anna@example.com"
    faults = [
        event(secret),
        event(page_title=[secret]),
        event() | {"id": secret},
        event() | {"timestamp": secret},
        event("checkout_started", event_data={"cart_value": secret, "item_count": 1}),
    ]
    results = (await shop.post(*faults)).json()["results"]

    assert 5 == len(results)
    assert [] == [result for result in results if secret in result["message"]]


async def test_the_quarantine_keeps_the_visit_and_no_address(shop: Shop) -> None:
    await shop.send(event("no_such_event"), language="da-DK")

    [(context, everything)] = shop.rows("select context, r::text from public.rejected_events r")
    assert ("mobile", "iOS", "da-DK") == (context["device_type"], context["os"], context["language"])
    assert "203.0.113.7" not in everything


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "truncated"),
        (b'{"restaurant_id": ', "truncated"),
        (b"[1, 2]", "Expected `object`"),
        (b"null", "Expected `object`"),
        (b"\xff\xfe\x00", "malformed"),
        (b'{"events": [], "restaurant_id": 5}', "$.restaurant_id"),
        (b'{"a": ' + b"[" * 100_000, "too deeply"),
    ],
)
@pytest.mark.parametrize("by", ["headers", "query"])
async def test_a_body_that_is_no_batch_is_refused_and_kept_for_whom_the_key_names(
    shop: Shop, body: bytes, told: str, by: str
) -> None:
    named = {"x-flow-restaurant": str(shop.restaurant), "x-flow-key": KEY}
    query = {"restaurant": str(shop.restaurant), "key": KEY}
    answer = await shop.http.post(
        PATH,
        content=body,
        headers=BROWSER | (named if by == "headers" else {}),
        params=query if by == "query" else None,
    )

    assert (400, "malformed_batch") == (answer.status_code, answer.json()["error"]["code"])
    assert told in answer.json()["error"]["message"]
    reason, name, raw = shop.row(QUARANTINE)
    assert ("malformed_batch", None) == (reason, name)
    assert body.decode("utf-8", "replace").replace("\0", "\\u0000") == raw


async def test_a_batch_of_the_wrong_shape_is_kept_by_its_own_key(shop: Shop) -> None:
    answer = await shop.post(event(), viewport_width="wide")

    assert 400 == answer.status_code
    assert "viewport_width" in answer.json()["error"]["message"]
    assert "malformed_batch" == shop.row(QUARANTINE)[0]


async def test_a_broken_body_from_nobody_is_refused_and_not_kept(shop: Shop) -> None:
    for headers in ({}, {"x-flow-restaurant": str(shop.restaurant), "x-flow-key": "fk_wrong_wrong_wrong_wrong"}):
        assert 400 == (await shop.http.post(PATH, content=b"{", headers=BROWSER | headers)).status_code
    assert [] == shop.rows(QUARANTINE)


async def test_a_batch_with_too_many_events_is_refused_whole_and_kept(shop: Shop) -> None:
    answer = await shop.post(*(event() for _ in range(501)))

    assert 400 == answer.status_code
    assert "500" in answer.json()["error"]["message"]
    assert (0, 1) == (shop.stored, len(shop.rows(QUARANTINE)))
