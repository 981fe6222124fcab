"""What e-conomic's hooks say, and how its API is asked."""

from __future__ import annotations

import httpx
import pytest

from flow.collect.integrations.types import Answer
from flow.collect.providers.economic.calls import RefusedByAgreement, found, ore, path_id, searched
from flow.collect.providers.economic.payload import Hint, hint
from flow.collect.webhooks.errors import Unreadable

REFUSAL = {
    "message": "Validation error.",
    "developerHint": "Inspect validation errors and correct your request.",
    "logId": "86fa6b9e-2d3e-4c3e-a0a1-000000000000",
    "httpStatusCode": 400,
    "errors": {
        "currency": {"errors": [{"errorCode": "E06000", "message": "Currency is invalid.", "value": "Anna Hansen"}]},
        "lines": [{"arrayIndex": 0, "unitNetPrice": {"errors": [{"errorCode": "E04740", "message": "…"}]}}],
    },
    "logTime": "2026-01-01T16:44:56",
}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"number=10023", Hint("invoice", "10023")),
        (b'{"type":"invoice.booked","number":"10023"}', Hint("invoice", "10023")),
        (b'{"type":"invoice.booked","number":10023}', Hint("invoice", "10023")),
        (b"type=daybook&number=4", Hint("daybook", "4")),
        (b'{"type":"daybook.booked","daybook":"4","from":"1","to":"9"}', Hint("daybook", "4")),
        (b"old=7&new=8", Hint("customer", "8")),
        (b"type=customer&old=7&new=", Hint("customer", "7")),
        (b"type=product&old=&new=FLOW_PIZZA", Hint("product", "FLOW_PIZZA")),
    ],
)
def test_a_hook_names_what_has_changed(body: bytes, expected: Hint) -> None:
    assert expected == hint(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[1]",
        b"\xff\xfe",
        b"number=",
        b"number=1/../2",
        b"type=robot&number=1",
        b"type=product&new=" + b"x" * 26,
    ],
)
def test_what_no_template_makes_cannot_be_read(body: bytes) -> None:
    with pytest.raises(Unreadable):
        hint(body)


@pytest.mark.parametrize(
    ("number", "expected"),
    [("FLOW_PIZZA", "FLOW_8_PIZZA"), ("a b/c", "a_9_b_6_c"), (17, "17"), ("50%.+", "50_3__11__13_")],
)
def test_special_characters_of_an_id_have_substitutes(number: object, expected: str) -> None:
    assert expected == path_id(number)


def test_special_characters_of_a_filter_are_escaped() -> None:
    assert "name$eq:A$*b $(c$)$,$$" == searched("name", "eq", "A*b (c),$")


@pytest.mark.parametrize(
    ("kroner", "expected"), [(249.5, 24950), (0.29, 29), (1.1, 110), (-0.01, -1), ("99.80", 9980), (0, 0)]
)
def test_kroner_become_ore_without_an_error_of_floats(kroner: object, expected: int) -> None:
    assert expected == ore(kroner)


def test_a_refusal_tells_codes_and_fields_but_no_values() -> None:
    with pytest.raises(RefusedByAgreement) as refusal:
        found(Answer(400, REFUSAL, httpx.Headers()))
    assert "e-conomic answered 400: E04740 unitNetPrice, E06000 currency." == refusal.value.message
