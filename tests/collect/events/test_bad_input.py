"""Whatever is sent: never a server error, never a good event lost."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flow.collect.events.endpoint import PATH
from tests.collect.events.sending import BROWSER, KEY, Shop, View, event, json_of
from tests.connections import kept_connection

_TEXT_FIELDS = ("page_url", "page_title", "element_id", "element_class", "element_text")
_NASTY = [
    "'; drop table public.events; --",
    "$1::text",
    "<script>alert(1)</script>",
    "NUL\x00in the middle",
    "\ud83c half a pizza",
    "\udf55 the other half",
    "right-to-left \u202e and \ufeff",
    "🍕" * 50,
    "\\u0000 written out",
    "\\",
    "\t\r\n\x0b\x1f\x7f",
    "\ufffe\uffff\U0010ffff",
    "",
]


def _readable(text: str) -> str:
    """`text` as it can be stored."""
    return text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


async def test_any_text_in_any_field_is_stored_as_text(shop: Shop) -> None:
    columns = f"{', '.join(_TEXT_FIELDS)}, event_data ->> 'said'"
    for text in _NASTY:
        sent = event("napoli.said", **dict.fromkeys(_TEXT_FIELDS, text), event_data={"said": text})
        assert ["accepted"] == await shop.send(sent)
        assert (_readable(text),) * 6 == shop.row(f"select {columns} from public.events where id = %s", sent["id"])


async def test_any_text_around_the_events_is_harmless(shop: Shop) -> None:
    for text in _NASTY:
        batch = {"screen_resolution": text, "language": text, "referrer": text, "visitor_id": str(uuid4())}
        assert ["accepted", "rejected"] == await shop.send(View().opens(), event(text), **batch)
        assert (_readable(text)[:40],) == shop.row(
            "select screen_resolution from public.sessions where visitor_id = %s", batch["visitor_id"]
        )


async def test_texts_are_cut_to_what_their_columns_are_for(shop: Shop) -> None:
    await shop.send(event("napoli.said", **dict.fromkeys(_TEXT_FIELDS, "å" * 5000)))

    lengths = ", ".join(f"length({field})" for field in _TEXT_FIELDS)
    assert (2048, 512, 200, 200, 100) == shop.row(f"select {lengths} from public.events")


async def test_any_number_in_event_data_is_stored_or_refused(shop: Shop) -> None:
    numbers = [
        "1e400",
        "-1e400",
        "1e-400",
        "0e99999",
        "9" * 400,
        "-" + "9" * 400,
        f"1.{'0' * 400}1",
        "1E+99999",
        "1e308",
    ]
    sent = [
        json.dumps(event("napoli.counted", event_data={"n": 0})).replace('"n": 0', f'"n": {each}') for each in numbers
    ]
    body = f'{{"restaurant_id": "{shop.restaurant}", "key": "{KEY}", "events": [{", ".join(sent)}]}}'
    results = (await shop.http.post(PATH, content=body, headers=BROWSER)).json()["results"]

    assert {"invalid_text"} == {each["code"] for each in results if each["status"] == "rejected"}
    assert "accepted" == results[-1]["status"]
    stored = shop.rows("select event_data::text from public.events")
    assert len(stored) == sum(each["status"] == "accepted" for each in results)


async def test_any_number_in_a_field_is_stored_or_refused(shop: Shop) -> None:
    numbers: list[float] = [2**31, -(2**31) - 1, 1e30, 0.5, -0.5, 2**31 - 1, -(2**31), 0]
    for field in ("viewport_x", "viewport_y", "page_x", "page_y", "time_on_page_ms", "seq"):
        for number in numbers:
            sent = View().clicks() | {field: number}
            [status] = await shop.send(sent, visitor_id=str(uuid4()))
            fits = -(2**31) <= number < 2**31 if field != "seq" else isinstance(number, int) and 0 <= number < 2**31
            assert ("accepted" if fits else "rejected") == status
            stored = shop.rows(f"select {field} from public.events where id = %s", sent["id"])
            assert ([(round(number),)] if fits else []) == stored


async def test_bytes_that_are_no_text_spare_the_other_events(shop: Shop) -> None:
    good, bad, worse = event(), event(page_title="TITLE"), event("napoli.said", event_data={"said": "DATA"})
    body = json.dumps({"restaurant_id": str(shop.restaurant), "key": KEY, "events": [good, bad, worse]}).encode()
    body = body.replace(b"TITLE", b"\xff\xfe").replace(b"DATA", b"\xc3\x28")
    answer = (await shop.http.post(PATH, content=body, headers=BROWSER)).json()

    assert 3 == answer["accepted"]
    assert [("\ufffd\ufffd",)] == shop.rows("select page_title from public.events where page_title is not null")
    assert [("\ufffd(",)] == shop.rows("select event_data ->> 'said' from public.events where event_data <> '{}'")


async def test_deep_nesting_is_refused_with_a_reason(shop: Shop) -> None:
    for opening, closing in ((b"[", b"]"), (b'{"a":', b"}")):
        inner = opening * 50_000 + b"1" + closing * 50_000
        answer = await shop.http.post(PATH, content=b'{"events": [{"event_data": ' + inner + b"}]}", headers=BROWSER)
        assert (400, "malformed_batch") == (answer.status_code, answer.json()["error"]["code"])
        assert "too deeply" in answer.json()["error"]["message"]


_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec=None), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
_fields = st.sampled_from(
    [*_TEXT_FIELDS, "id", "event_name", "timestamp", "page_view_id", "seq", "viewport_x", "page_y", "time_on_page_ms",
     "event_data", "unknown"]
)  # fmt: skip
_around = st.sampled_from(
    ["screen_resolution", "viewport_width", "viewport_height", "language", "referrer", "webdriver", "visitor_id",
     "sent_at", "restaurant_id", "key", "events", "unknown"]
)  # fmt: skip
_anything = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@_anything
@given(faults=st.lists(st.dictionaries(_fields, _json, min_size=1, max_size=3), min_size=1, max_size=4))
async def test_good_events_get_in_whatever_lies_beside_them(shop: Shop, faults: list[dict[str, Any]]) -> None:
    view = View()
    sent = [view.opens(), *(view.clicks() | fault for fault in faults), event()]
    answer = await _post(shop, {"events": sent})

    assert 200 == answer.status_code, answer.text
    results = answer.json()["results"]
    assert len(sent) == len(results)
    assert {"accepted"} == {results[0]["status"], results[-1]["status"]}
    _is_all_accounted_for(shop)


@_anything
@given(batch=st.dictionaries(_around, _json, max_size=4))
async def test_any_batch_is_stored_or_refused_with_a_reason(shop: Shop, batch: dict[str, Any]) -> None:
    answer = await _post(shop, {"events": [event()]} | batch)

    assert answer.status_code in (200, 400, 401)
    if answer.status_code != 200:
        assert answer.json()["error"]["message"]
    _is_all_accounted_for(shop)


@_anything
@given(body=st.binary(max_size=300) | _json.map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass")))
async def test_any_bytes_are_refused_with_a_reason(shop: Shop, body: bytes) -> None:
    headers = {"x-flow-restaurant": str(shop.restaurant), "x-flow-key": KEY}
    answer = await shop.http.post(PATH, content=body, headers=BROWSER | headers)

    assert (400, "malformed_batch") == (answer.status_code, answer.json()["error"]["code"])


async def _post(shop: Shop, batch: dict[str, Any]) -> httpx.Response:
    body = {"restaurant_id": str(shop.restaurant), "key": KEY} | batch
    return await shop.http.post(PATH, content=json_of(body), headers=BROWSER)


def _is_all_accounted_for(shop: Shop) -> None:
    """Sessions have counted each stored event exactly once."""
    stored, counted = shop.row(
        "select (select count(*) from public.events), (select coalesce(sum(events_count), 0) from public.sessions)"
    )
    assert stored == counted


async def test_ten_thousand_tiny_requests_are_each_answered(shop: Shop) -> None:
    refused = [(await shop.http.post(PATH, content=b"{}", headers=BROWSER)).status_code for _ in range(10_000)]

    assert {400} == set(refused)
    assert ["accepted"] == await shop.send(event())


async def test_nothing_can_be_injected(shop: Shop) -> None:
    for text in _NASTY[:2]:
        await shop.post(event(text), key=text, headers={"user-agent": text.encode("latin-1", "replace").decode()})

    with kept_connection(shop.installation.owner_url) as connection:
        assert (0,) == connection.execute("select count(*) from public.events").fetchone()
