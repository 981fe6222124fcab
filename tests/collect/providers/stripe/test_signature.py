"""Stripe's signature, by the vectors of the official library's tests and those computed for a Danish order."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow.collect.providers.stripe.signature import verify
from flow.collect.webhooks.errors import BadSignature

S1_SECRET, S1_TIME = "whsec_test_secret", datetime.fromtimestamp(12345, UTC)
S1_BODY = b"""{
  "id": "evt_test_webhook",
  "object": "event",
  "data": { "object": { "id": "rdr_123", "object": "terminal.reader" } }
}"""
S1_HEADER = "t=12345,v1=07b1ede164afb7b5de91267ffa656f568c65d6e0783ce0ac55ee094643578eda"

S2_SECRET, S2_SECONDS = "whsec_flow_test_secret", 1767225600
S2_TIME = datetime.fromtimestamp(S2_SECONDS, UTC)
S2_BODY = (
    '{"id":"evt_1FLOWTESTdkk0001","object":"event","api_version":"2026-06-24.dahlia","created":1767225600,"data":'
    '{"object":{"id":"pi_1FLOWTESTdkk0001","object":"payment_intent","amount":24950,"amount_received":24950,'
    '"currency":"dkk","description":"Smørrebrød æøå","metadata":{"order_id":"11111111-1111-4111-8111-111111111111",'
    '"restaurant_id":"22222222-2222-4222-8222-222222222222"},"status":"succeeded"}},"livemode":false,'
    '"pending_webhooks":1,"request":{"id":"req_1FLOWTEST","idempotency_key":null},"type":"payment_intent.succeeded"}'
).encode()
S2_MAC = "8c1811822c81ae05f680d633198570d40c342c4a29820269904f4055e7c6f699"
S2_HEADER = f"t={S2_SECONDS},v1={S2_MAC}"
OTHER_MAC = "76e08be9a772bd1b0875f036be7fcaa45531183b46339a0bb8f38adcb46de6bf"


def test_the_bytes_of_the_vectors_are_copied_right() -> None:
    assert "3b538d7c82820105fcdc02c25620eba837c401a7d6256f877fc0c4875a73bc93" == hashlib.sha256(S1_BODY).hexdigest()
    assert "d647354f5f0aab72dcec5f9e71ba0ba49e1108897e23d10e325e67c86bb184d7" == hashlib.sha256(S2_BODY).hexdigest()
    assert (125, 533) == (len(S1_BODY), len(S2_BODY))


@pytest.mark.parametrize("header", [S1_HEADER, f"{S1_HEADER},v1=bad_signature"])
def test_the_vector_of_the_official_library_passes(header: str) -> None:
    verify(header, S1_BODY, S1_SECRET, now=S1_TIME, tolerance=None)
    verify(header, S1_BODY, S1_SECRET, now=S1_TIME)


def test_the_vector_of_the_official_library_is_too_old_by_now() -> None:
    with pytest.raises(BadSignature, match="too old"):
        verify(S1_HEADER, S1_BODY, S1_SECRET, now=S2_TIME)


@pytest.mark.parametrize("header", [S2_HEADER, f"t={S2_SECONDS},v1=deadbeef,v1={S2_MAC}"])
def test_a_danish_order_passes(header: str) -> None:
    verify(header, S2_BODY, S2_SECRET, now=S2_TIME)


@pytest.mark.parametrize(
    ("header", "why"),
    [
        (f"t={S2_SECONDS},v0={S2_MAC}", "no signature of scheme v1"),
        (f"v1={S2_MAC}", "cannot be read"),
        ("", "cannot be read"),
        (f"t=now,v1={S2_MAC}", "cannot be read"),
        (f"t={S2_SECONDS + 1},v1={S2_MAC}", "No signature matches"),
        (f"t={S2_SECONDS},v1={S2_MAC.upper()}", "No signature matches"),
        (f"t={S2_SECONDS},v1={OTHER_MAC}", "No signature matches"),
        (f"t={S2_SECONDS},v1= {S2_MAC}", "No signature matches"),
        (f"t={S2_SECONDS},v1={S2_MAC}æ", "cannot be read"),
    ],
)
def test_another_header_is_refused(header: str, why: str) -> None:
    with pytest.raises(BadSignature, match=why):
        verify(header, S2_BODY, S2_SECRET, now=S2_TIME)


@pytest.mark.parametrize(("seconds", "passes"), [(299, True), (301, False), (-299, True), (-3600, False)])
def test_a_delivery_is_taken_for_five_minutes(seconds: int, passes: bool) -> None:
    now = S2_TIME + timedelta(seconds=seconds)
    if passes:
        verify(S2_HEADER, S2_BODY, S2_SECRET, now=now)
        return
    with pytest.raises(BadSignature, match="too old"):
        verify(S2_HEADER, S2_BODY, S2_SECRET, now=now)


@pytest.mark.parametrize(
    "body", [S2_BODY.replace(b"24950", b"1"), json.dumps(json.loads(S2_BODY), ensure_ascii=False).encode(), b""]
)
def test_another_body_is_refused(body: bytes) -> None:
    with pytest.raises(BadSignature, match="No signature matches"):
        verify(S2_HEADER, body, S2_SECRET, now=S2_TIME)


@given(st.integers(0, len(S2_BODY) - 1), st.integers(1, 255))
def test_any_changed_byte_is_refused(place: int, change: int) -> None:
    body = bytearray(S2_BODY)
    body[place] ^= change
    with pytest.raises(BadSignature):
        verify(S2_HEADER, bytes(body), S2_SECRET, now=S2_TIME)


def test_nothing_passes_without_a_secret() -> None:
    with pytest.raises(BadSignature):
        verify(S2_HEADER, S2_BODY, "", now=S2_TIME)


@given(st.text(max_size=200))
def test_no_header_breaks_the_check(header: str) -> None:
    with pytest.raises(BadSignature):
        verify(header, S2_BODY, S2_SECRET, now=S2_TIME)
