"""What InMobile says, by the documentation's own examples."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.collect.providers.inmobile.payload import (
    INCOMING,
    REPORT,
    UNKNOWN,
    IncomingSms,
    Report,
    contact_of,
    moment,
    parse,
    read,
)

NUMBER: dict[str, Any] = {
    "countryCode": "45", "phoneNumber": "12345678", "rawMsisdn": "45 12 34 56 78", "msisdn": "4512345678",
    "isValidMsisdn": True, "isAnonymized": False, "countryHint": "DK",
}  # fmt: skip
DELIVERED = {
    "messageId": "flow-outbox-00000001",
    "numberDetails": NUMBER,
    "deliveryInfo": {
        "stateCode": 1, "stateDescription": "Delivered",
        "sendTime": "2026-01-01T10:00:01Z", "doneTime": "2026-01-01T10:00:04Z",
    },
    "chargeInfo": {"isCharged": True, "smsCount": 1, "encoding": "gsm7"},
}  # fmt: skip
FAILED = {
    "messageId": "flow-outbox-00000002",
    "numberDetails": {**NUMBER, "phoneNumber": "87654321", "rawMsisdn": "4587654321", "msisdn": "4587654321"},
    "deliveryInfo": {
        "stateCode": -1, "stateDescription": "Failed", "sendTime": "2026-01-01T10:00:01Z", "doneTime": None,
        "errorCode": -1, "errorDescription": "Undeliverable message",
    },
    "chargeInfo": {"isCharged": True, "smsCount": 2, "encoding": "gsm7"},
}  # fmt: skip
SMS: dict[str, Any] = {
    "from": {"countryCode": "45", "phoneNumber": "11223344", "rawSource": "45 11 22 33 44", "isValidMsisdn": True},
    "to": {"countryCode": "45", "phoneNumber": "88776655", "msisdn": "4588776655"},
    "text": "PIZZA Hello, World!",
    "receivedAt": "2026-01-01T14:50:23Z",
}


def _body(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def test_reports_are_told_apart_by_message_and_state() -> None:
    delivered, failed = read(_body({"reports": [DELIVERED, FAILED]}))

    assert (REPORT, "flow-outbox-00000001:1", "+4512345678") == (
        delivered.event_type, delivered.dedupe_key, delivered.contact,
    )  # fmt: skip
    assert "flow-outbox-00000002:-1" == failed.dedupe_key
    report = parse(failed.payload, Report)
    assert (-1, -1, None) == (
        report.delivery_info.state_code, report.delivery_info.error_code, moment(report.delivery_info.done_time),
    )  # fmt: skip


def test_incoming_messages_are_told_apart_by_all_that_is_said_of_them() -> None:
    [arrival] = read(_body({"messages": [SMS]}))
    key = hashlib.sha256(b"45 11 22 33 44\x1f4588776655\x1f2026-01-01T14:50:23Z\x1fPIZZA Hello, World!")

    assert (INCOMING, key.hexdigest(), "+4511223344") == (arrival.event_type, arrival.dedupe_key, arrival.contact)
    assert "PIZZA Hello, World!" == parse(arrival.payload, IncomingSms).text


def test_a_single_message_is_understood_as_well() -> None:
    assert read(_body({"messages": [SMS]}))[0].dedupe_key == read(_body(SMS))[0].dedupe_key


@pytest.mark.parametrize(
    "body",
    [
        b"", b"not json", b"[]", b"null", b"{}", b'{"messages": 3}', b'{"msisdn": "45", "text": "x", "shortcode": "1"}',
        _body({"reports": [{"messageId": "x"}]}), _body({"messages": [{"text": "x"}]}), b'{"reports": [1]}',
    ],
)  # fmt: skip
def test_what_has_another_shape_is_kept_as_unknown(body: bytes) -> None:
    assert [UNKNOWN] == [arrival.event_type for arrival in read(body)]


def test_a_bad_report_does_not_lose_its_neighbours() -> None:
    kinds = [arrival.event_type for arrival in read(_body({"reports": [DELIVERED, {"odd": 1}, FAILED]}))]

    assert [REPORT, UNKNOWN, REPORT] == kinds


def test_a_sender_that_is_a_name_has_no_contact() -> None:
    sms = {**SMS, "from": {"countryCode": None, "phoneNumber": None, "rawSource": "Skat", "isValidMsisdn": False}}

    assert None is contact_of(parse(_body(sms), IncomingSms).source)


@given(st.binary(max_size=300) | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(_body))
def test_anything_can_be_read(body: bytes) -> None:
    assert all(arrival.dedupe_key for arrival in read(body))
