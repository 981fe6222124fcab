"""Tokens of Wolt Drive: the vector WD1, and what must be refused."""

from __future__ import annotations

import base64
import json

import jwt
import pytest

from flow.collect.providers.wolt_drive.payload import parsed, read
from flow.collect.providers.wolt_drive.signature import claims, unproven
from flow.collect.webhooks.errors import BadSignature, Unreadable

SECRET = "flow-wolt-drive-client-secret-0123456789"
TOKEN = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJkaXNwYXRjaGVkX2F0IjoiMjAyNi0wMS0wMVQxMjowMDowMC4wMDBaIiwidHlwZSI6Im9yZGVy"
    "LmRlbGl2ZXJlZCIsImRldGFpbHMiOnsiaWQiOiI2NWEwMDAwMDAwMDAwMDAwMDAwMDAwMDEiLCJ2ZW51ZV9pZCI6IjY1YTAwMDAwMDAwMDAwMDAwMD"
    "AwMDBhYSIsIndvbHRfb3JkZXJfcmVmZXJlbmNlX2lkIjoiNjVhMDAwMDAwMDAwMDAwMDAwMDAwMGJiIiwidHJhY2tpbmdfcmVmZXJlbmNlIjoidHJr"
    "MTIzIiwibWVyY2hhbnRfb3JkZXJfcmVmZXJlbmNlX2lkIjoiMTExMTExMTEtMTExMS00MTExLTgxMTEtMTExMTExMTExMTExIiwib3JkZXJfbnVtYm"
    "VyIjoiMTA0MiIsInByaWNlIjp7ImFtb3VudCI6NDkwMCwiY3VycmVuY3kiOiJES0sifSwiZHJvcG9mZiI6eyJjb21wbGV0ZWRfYXQiOiIyMDI2LTAx"
    "LTAxVDExOjU5OjU4LjAwMFoifX19.GxPycb7LfIusTS8QcVvrbPC9Ba6V_KSvTf5QxfkeQBY"
)
BODY = json.dumps({"token": TOKEN}).encode()
CLAIMS = jwt.decode(TOKEN, options={"verify_signature": False})


def test_the_vector_wd1_holds() -> None:
    told = claims(BODY, SECRET)

    assert ("order.delivered", "2026-01-01T12:00:00.000Z") == (told["type"], told["dispatched_at"])
    assert "11111111-1111-4111-8111-111111111111" == told["details"]["merchant_order_reference_id"]
    assert told == unproven(BODY)


@pytest.mark.parametrize("place", range(0, len(TOKEN), 3))
def test_a_token_with_another_character_is_refused(place: int) -> None:
    other = "A" if TOKEN[place] != "A" else "B"
    changed = TOKEN[:place] + other + TOKEN[place + 1 :]

    with pytest.raises(BadSignature):
        claims(json.dumps({"token": changed}).encode(), SECRET)


def _none() -> str:
    head = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    return f"{head}.{TOKEN.split('.')[1]}."


@pytest.mark.parametrize(
    "token",
    [
        _none(),
        jwt.encode(CLAIMS, "another secret, as long as it should be", "HS256"),
        jwt.encode(CLAIMS, base64.b64decode(SECRET + "=" * (-len(SECRET) % 4), altchars=b"-_"), "HS256"),
        jwt.encode(CLAIMS, SECRET * 2, "HS512"),
        "",
        "not.a.token",
    ],
)
def test_what_is_not_signed_with_the_secret_as_written_is_refused(token: str) -> None:
    with pytest.raises(BadSignature):
        claims(json.dumps({"token": token}).encode(), SECRET)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"token":1}', b"\xff"])
def test_a_body_without_a_token_is_refused(body: bytes) -> None:
    with pytest.raises(BadSignature):
        claims(body, SECRET)


@pytest.mark.parametrize("secret", [None, ""])
def test_without_a_secret_nothing_is_believed(secret: str | None) -> None:
    with pytest.raises(BadSignature):
        claims(BODY, secret)


def test_an_event_is_known_by_delivery_type_and_time() -> None:
    [arrival] = read(CLAIMS)

    assert "65a0000000000000000000bb:order.delivered:2026-01-01T12:00:00.000Z" == arrival.dedupe_key
    assert "65a0000000000000000000bb" == parsed(arrival.payload).details.wolt_order_reference_id


def test_where_the_courier_is_right_now_is_not_kept() -> None:
    assert [] == read({**CLAIMS, "type": "order.location_updated"})


def test_claims_without_a_type_cannot_be_read() -> None:
    with pytest.raises(Unreadable):
        read({"details": {}, "dispatched_at": "2026-01-01T12:00:00Z"})
