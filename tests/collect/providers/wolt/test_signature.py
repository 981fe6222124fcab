"""Deliveries of Wolt: the vector of the documentation's sample, and what must be refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.collect.providers.wolt.payload import read
from flow.collect.providers.wolt.signature import HEADER, sign, verify
from flow.collect.webhooks.errors import BadSignature, Unreadable

SECRET = "example-hmac-sha256-wolt"
BODY = (
    b'{"id":"90f5c25cbbfb3d131a46e643","type":"order.notification","order":{"id":"90f5be47fc97e11107f8a480",'
    b'"venue_id":"9a5c7e3102fe6a000c4b562b","status":"CREATED","resource_url":'
    b'"https://pos-integration-service.wolt.com/orders/90f5be47fc97e11107f8a480"},'
    b'"created_at":"2021-07-19T18:20:12.378509Z"}'
)
SIGNATURE = "6c842c35f1a0e3e7896e07c7e4e8161bced6c43c633e6e7e745d125966f2d458"


def test_the_vector_w1_holds() -> None:
    assert 293 == len(BODY)
    assert SIGNATURE == sign(BODY, SECRET)
    verify(BODY, {HEADER: SIGNATURE}, SECRET)


@given(place=st.integers(0, len(BODY) - 1), other=st.integers(1, 255))
def test_any_changed_byte_is_refused(place: int, other: int) -> None:
    changed = bytearray(BODY)
    changed[place] ^= other

    with pytest.raises(BadSignature):
        verify(bytes(changed), {HEADER: SIGNATURE}, SECRET)


@pytest.mark.parametrize("header", ["", SIGNATURE.upper(), SIGNATURE[:-1], "ø" * 64, f"sha256={SIGNATURE}"])
def test_another_signature_is_refused(header: str) -> None:
    with pytest.raises(BadSignature):
        verify(BODY, {HEADER: header}, SECRET)


@pytest.mark.parametrize("secret", [None, "", "another secret of somebody"])
def test_without_the_right_secret_nothing_is_believed(secret: str | None) -> None:
    with pytest.raises(BadSignature):
        verify(BODY, {HEADER: SIGNATURE}, secret)


def test_an_empty_secret_signs_nothing() -> None:
    with pytest.raises(BadSignature):
        verify(BODY, {HEADER: sign(BODY, "")}, "")


def test_the_status_is_part_of_the_key() -> None:
    [created] = read(BODY)
    [ready] = read(BODY.replace(b"CREATED", b"READY"))

    assert "90f5c25cbbfb3d131a46e643:90f5be47fc97e11107f8a480:CREATED:order.notification" == created.dedupe_key
    assert created.dedupe_key != ready.dedupe_key


def test_a_kind_that_is_not_known_is_a_fact_too() -> None:
    [arrival] = read(b'{"id":"1","type":"venue.offline_alert","somethingNew":[1]}')

    assert "venue.offline_alert" == arrival.event_type


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"type":1}', b"\xff", b'{"type":"order.notification","order":{"id":"../x"}}']
)
def test_what_is_no_notice_cannot_be_read(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read(body)
