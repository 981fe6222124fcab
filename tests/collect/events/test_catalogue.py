import json
import re
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flow.collect.events import catalogue, schema
from flow.collect.events.catalogue import EVENT_TYPES, InvalidEvent, check, decode
from flow.collect.events.payload import Validator, read
from flow.database.embedded import EmbeddedServer

PROJECT = Path(__file__).parents[3]
SPEC = PROJECT.parent / "shared" / "spec"

ITEM = {"product_id": "p1", "quantity": 2, "price": 8900}

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
objects = st.dictionaries(texts, scalars | st.lists(scalars, max_size=3), max_size=5)


def as_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def refusal(name: str, data: bytes, namespace: str | None = None) -> tuple[str, str]:
    with pytest.raises(InvalidEvent) as refused:
        check(name, data, namespace=namespace)
    return refused.value.code, refused.value.message


# ------------------------------------------------------------------------------------------- what the catalogue holds


def test_every_event_and_property_of_the_specification_is_in_the_catalogue() -> None:
    found = next(SPEC.glob("004*.txt"), None)
    if found is None:
        pytest.skip("../shared/spec/004*.txt is absent")
    section = found.read_text(encoding="utf-8").split("### 3.2")[1].split("### 3.7")[0]
    rows = re.findall(r"^\| `(\w+)` \|.*\| (.*) \|$", section, re.MULTILINE)
    specified = {(name, each) for name, cell in rows for each in re.findall(r"`(\w+)`", cell)}
    declared = {(event.name, each.name) for event in EVENT_TYPES.values() for each in event.properties}

    assert {name for name, _ in rows} == EVENT_TYPES.keys()
    # the server finds the session, so nobody sends its id
    assert {("checkout_started", "session_id")} == specified - declared


def test_categories_are_those_of_the_specification() -> None:
    expected = {"ecommerce", "social", "ai", "system", "navigation", "engagement"}
    assert expected == {event.category for event in EVENT_TYPES.values()}


def test_the_specifications_critical_events_are_critical() -> None:
    expected = {"checkout_completed", "checkout_payment_failed", "ai_order_created", "system_api_error"}
    assert expected == {event.name for event in EVENT_TYPES.values() if event.critical}


def test_helpers_are_named_as_pages_call_them() -> None:
    helpers = catalogue.helpers()
    assert ("checkout", "itemAdded", "checkout_item_added") in helpers
    assert ("ai", "conversationStarted", "ai_conversation_started") in helpers
    assert {"checkout", "ai"} == {group for group, _, _ in helpers}
    assert len(helpers) == len({(group, method) for group, method, _ in helpers})


def test_the_reference_page_is_fresh() -> None:
    page = (PROJECT / "docs/reference/events.md").read_text(encoding="utf-8")
    assert catalogue.reference_markdown() == page, "run `make reference`"


# ----------------------------------------------------------------------------------------------- names and senders


def test_a_declared_event_is_accepted_and_keeps_undeclared_properties() -> None:
    event, data = decode("checkout_item_added", as_json(ITEM | {"size": "large"}))
    assert "ecommerce" == event.category
    assert ITEM | {"size": "large"} == data


def test_an_unknown_event_is_refused() -> None:
    assert "unknown_event" == refusal("page_veiw", b"{}")[0]


@pytest.mark.parametrize("name", ["system_api_error", "social_sms_received"])
def test_a_browser_may_not_tell_what_only_the_server_knows(name: str) -> None:
    assert "not_from_browser" == refusal(name, b"{}")[0]


def test_the_server_may_tell_both_its_own_events_and_those_of_a_page() -> None:
    social = as_json({"phone_hash": "ab12", "keyword": "STOP"})
    assert "social" == check("social_sms_received", social, sender="server").category
    assert "ecommerce" == check("checkout_item_added", as_json(ITEM), sender="server").category


def test_own_events_are_accepted_under_the_restaurants_namespace() -> None:
    event = check("napoli.coupon_shown", as_json({"code": "X", "nested": {"any": [1]}}), namespace="napoli")
    assert ("napoli.coupon_shown", "other") == (event.name, event.category)


@pytest.mark.parametrize(
    ("name", "namespace", "code"),
    [
        ("roma.coupon_shown", "napoli", "wrong_namespace"),
        ("napoli.coupon_shown", None, "wrong_namespace"),
        ("napoli.", "napoli", "unknown_event"),
        ("napoli.Coupon", "napoli", "unknown_event"),
        ("napoli.a.b", "napoli", "unknown_event"),
        ("napoli." + "x" * 65, "napoli", "unknown_event"),
        (".", "napoli", "unknown_event"),
        ("", "napoli", "unknown_event"),
    ],
)
def test_other_names_are_refused(name: str, namespace: str | None, code: str) -> None:
    assert code == refusal(name, b"{}", namespace)[0]


# ------------------------------------------------------------------------------------------------------ properties

EVERY_TYPE = """
[property]
string = { type = "string", min_length = 1, max_length = 3, description = "" }
integer = { type = "integer", min = 1, max = 3, unit = "s", description = "" }
number = { type = "number", max = 1, description = "" }
boolean = { type = "boolean", description = "" }
uuid = { type = "uuid", description = "" }
timestamp = { type = "timestamp", description = "" }
money = { type = "money", description = "" }
enum = { type = "enum", values = ["up", "down"], description = "" }
array = { type = "array", description = "" }
object = { type = "object", description = "" }

[event.all]
category = "other"
required = []
optional = ["string", "integer", "number", "boolean", "uuid", "timestamp", "money", "enum", "array", "object"]
"""
validate_every_type = Validator(schema.parse(EVERY_TYPE)["all"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("string", "æøå"),
        ("integer", 3),
        ("number", 0.5),
        ("number", 1),
        ("boolean", False),
        ("uuid", "01930000-0000-7000-8000-000000000001"),
        ("timestamp", "2026-11-21T12:00:00.123Z"),
        ("money", 0),
        ("enum", "up"),
        ("array", [1, "a"]),
        ("object", {"a": 1}),
        ("string", None),
    ],
)
def test_a_value_of_the_declared_type_is_accepted(name: str, value: object) -> None:
    validate_every_type(as_json({name: value}))


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("string", "abcd", "string: expected a string of 1 to 3 characters"),
        ("string", "", "string: expected a string of 1 to 3 characters"),
        ("string", 7, "string: expected a string of 1 to 3 characters, got an integer"),
        ("integer", 4, "integer: expected an integer in s from 1 to 3"),
        ("integer", 1.5, "integer: expected an integer in s from 1 to 3, got a number with decimals"),
        ("integer", True, "integer: expected an integer in s from 1 to 3, got a boolean"),
        ("integer", 10**30, "integer: expected an integer in s from 1 to 3"),
        ("number", 1.01, "number: expected a number from 0 to 1"),
        ("boolean", "true", "boolean: expected true or false, got a string"),
        ("uuid", "not-a-uuid", "uuid: expected a UUID"),
        ("timestamp", "2026-11-21T12:00:00", "timestamp: expected an ISO 8601 time with its zone"),
        ("money", 89.5, "money: expected an integer in øre from 0 to 100,000,000,000, got a number with decimals"),
        ("money", -1, "money: expected an integer in øre from 0 to 100,000,000,000"),
        ("enum", "left", "enum: expected one of up, down"),
        ("array", {"a": 1}, "array: expected an array, got object"),
        ("object", [1], "object: expected an object, got array"),
    ],
)
def test_a_wrong_value_is_refused_with_what_was_expected(name: str, value: object, message: str) -> None:
    with pytest.raises(InvalidEvent) as refused:
        validate_every_type(as_json({name: value}))
    assert ("invalid_property", message) == (refused.value.code, refused.value.message)


def test_a_missing_property_is_named() -> None:
    code, message = refusal("checkout_started", as_json({"cart_value": 100}))
    assert "invalid_property" == code
    assert "item_count is missing: expected an integer from 0 to 10,000" == message


def test_a_required_property_may_not_be_null() -> None:
    code, message = refusal("checkout_started", as_json({"cart_value": None, "item_count": 1}))
    assert "invalid_property" == code
    assert message.startswith("cart_value: expected an integer")


@given(texts.filter(lambda text: text not in {"delivery", "pickup", "dine_in"}))
def test_a_refusal_never_repeats_what_was_sent(value: str) -> None:
    _, message = refusal("checkout_delivery_selected", as_json({"fulfillment_type": value}))
    assert "fulfillment_type: expected one of delivery, pickup, dine_in" == message


# ---------------------------------------------------------------------------------------------------------- limits


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (as_json({"a": "x" * 8192}), "too_large"),
        (as_json({"a": [[[[1]]]]}), None),
        (as_json({"a": [[[[[1]]]]]}), "too_deep"),
        (b'{"a":' + b"[" * 4000 + b"]" * 4000 + b"}", "too_deep"),
        (rb'{"a":"\u0000"}', "invalid_text"),
        (rb'{"\u0000":1}', "invalid_text"),
        (rb'{"a":"\\u0000"}', None),
        (rb'{"a":"\\\u0000"}', "invalid_text"),
        (rb'{"a":"\ud83c\udf55"}', None),
        (rb'{"a":"\ud83c"}', "invalid_text"),
        (rb'{"a":"\udf55"}', "invalid_text"),
        (b'{"a":"\xff"}', "invalid_text"),
        (b'{"a":"\xed\xa0\x80"}', "invalid_text"),
        (b'{"a":1e400000}', "invalid_text"),
        (b'{"a":-1E-20000}', "invalid_text"),
        (b'{"a":1e400}', "invalid_text"),
        (b'{"a":1e-300}', None),
        (b'{"a":0.0e9999999999}', "invalid_text"),
        (b'{"a":0e0}', None),
        (b'{"a":"018e-7000-1e-70000"}', None),
        (b'{"a":' + b"9" * 5000 + b"}", "invalid_text"),
        (b"[]", "invalid_property"),
        (b"null", "invalid_property"),
        (b'{"a":', "invalid_property"),
        (b'{"a":NaN}', "invalid_property"),
        (b"", "invalid_property"),
    ],
)
def test_limits_hold_and_nothing_else_is_refused(data: bytes, code: str | None) -> None:
    if code is None:
        assert "navigation" == check("page_view", data).category
    else:
        assert code == refusal("page_view", data)[0]


@given(objects)
def test_ordinary_objects_are_read_as_they_were_sent(value: dict[str, object]) -> None:
    assert value == read(as_json(value))


@given(st.binary(max_size=200) | st.binary(max_size=50).map(lambda inner: b'{"a":"' + inner + b'"}'))
def test_arbitrary_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read(data)
    except InvalidEvent as refused:
        assert refused.message


fragments = st.sampled_from([
    "\\", "\\\\", "\\u0000", "\\ud83c", "\\udf55", "\\u00e6", '"', "e-", "E", "9" * 400, "1e-16384", "1e309",
    "0.0000", ":", ",", "[", "]", "{", "}", "å", "\x01", " ", '{"a":', '","b":', "-",
])  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(tries=st.lists(st.lists(fragments, max_size=6).map("".join), min_size=20, max_size=40))
def test_postgresql_takes_every_object_that_is_accepted(postgres: EmbeddedServer, tries: list[str]) -> None:
    wrapped = [pattern.format(text) for text in tries for pattern in ('{{"a":"{}"}}', '{{"a":{}}}', "{}")]
    accepted = [text for text in wrapped if _is_accepted(text)]
    with psycopg.connect(postgres.superuser_url) as connection:
        row = connection.execute("select count(value::jsonb) from unnest(%s::text[]) value", [accepted]).fetchone()
    assert (len(accepted),) == row


def _is_accepted(text: str) -> bool:
    try:
        read(text.encode())
    except InvalidEvent:
        return False
    return True
