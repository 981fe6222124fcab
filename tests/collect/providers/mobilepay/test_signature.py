"""Vipps MobilePay's signature, by the published vector and one computed with a query; and the key of a delivery."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from flow.collect.providers.mobilepay import payload
from flow.collect.providers.mobilepay.signature import verify
from flow.collect.webhooks.errors import BadSignature, Unreadable
from flow.collect.webhooks.types import Request

SCHEME = "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature="
V1_SECRET = "A0+AeKBRG2KRGvnNwJpQlb6IJFk48CKXCIcrLoHncVJKDILsQSxS6NWCccwWm6r6FhGKhiHTBsG2wo/xU6FY/A=="
V1 = Request(
    method="POST",
    target="/e2cee29b-012e-4f1d-8ef4-e95fd74a7a63",
    host="webhook.site",
    headers={
        "x-ms-date": "Thu, 30 Mar 2023 08:38:32 GMT",
        "x-ms-content-sha256": "lNlsp1XA03N34HrQsVzPgJKtC+r7l/RBF4V3JQUWMj4=",
        "authorization": f"{SCHEME}agAiSyogQbDHpeucoNwYz+yAr5nJ+v+zasdkSbqzv+U=",
    },
    query={},
    body=b'{"some-unique-content":"ee6e441b-cc4a-46f8-895d-a5af79bcc233/hello-world"}',
    address="198.51.100.1",
)
V2_SECRET, V2_TIME = "090a478d-37ff-4e77-970e-000000000001", datetime(2026, 1, 1, tzinfo=UTC)
V2 = Request(
    method="POST",
    target="/api/webhooks/mobilepay?rid=22222222-2222-4222-8222-222222222222",
    host="flow.example",
    headers={
        "x-ms-date": "Thu, 01 Jan 2026 00:00:00 GMT",
        "x-ms-content-sha256": "a36rxkv9XGD2YtxfFWHawiFKTg+ypJ/Hy2qj7CKoJlg=",
        "authorization": f"{SCHEME}xlEdcSKCo/IsCZmAHy/TpFlAxRDSDopEQAfbSQm4azg=",
    },
    query={"rid": "22222222-2222-4222-8222-222222222222"},
    body=b'{"msn":"123456","reference":"flow-20260101-0001","pspReference":"7686f7788898767977","name":"AUTHORIZED",'
    b'"amount":{"currency":"DKK","value":24950},"timestamp":"2026-01-01T00:00:00.000Z","idempotencyKey":null,'
    b'"success":true}',
    address="198.51.100.1",
)


def _with_headers(request: Request, **headers: str) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return replace(request, headers={**request.headers, **named})


def _hash(body: bytes) -> str:
    return base64.b64encode(hashlib.sha256(body).digest()).decode()


def test_the_published_vector_passes() -> None:
    verify(V1, V1_SECRET, now=None)


def test_an_address_with_a_query_passes() -> None:
    verify(V2, V2_SECRET, now=V2_TIME)


@pytest.mark.parametrize(
    "request_",
    [
        replace(V2, host="flow.evil"),
        replace(V2, target="/api/webhooks/mobilepay"),
        replace(V2, body=V2.body.replace(b"24950", b"1")),
        _with_headers(
            replace(V2, body=V2.body.replace(b"24950", b"1")),
            x_ms_content_sha256=_hash(V2.body.replace(b"24950", b"1")),
        ),
        _with_headers(V2, x_ms_date="Thu, 01 Jan 2026 00:00:01 GMT"),
        _with_headers(V2, authorization=""),
        _with_headers(V2, authorization="Bearer x"),
        _with_headers(V2, authorization=f"{SCHEME}æ"),
        replace(V2, headers={}),
    ],
)
def test_anything_else_is_refused(request_: Request) -> None:
    with pytest.raises(BadSignature):
        verify(request_, V2_SECRET, now=V2_TIME)


@pytest.mark.parametrize("secret", ["", "another", V2_SECRET.upper()])
def test_another_secret_is_refused(secret: str) -> None:
    with pytest.raises(BadSignature):
        verify(V2, secret, now=V2_TIME)


def test_the_secret_is_not_decoded_even_where_it_looks_like_base64() -> None:
    headers = V1.headers
    signed = f"POST\n{V1.target}\n{headers['x-ms-date']};{V1.host};{headers['x-ms-content-sha256']}"
    wrong = base64.b64encode(hmac.digest(base64.b64decode(V1_SECRET), signed.encode(), hashlib.sha256)).decode()
    with pytest.raises(BadSignature):
        verify(_with_headers(V1, authorization=SCHEME + wrong), V1_SECRET, now=None)


@given(st.integers(0, len(V2.body) - 1), st.integers(1, 255))
def test_any_changed_byte_is_refused(place: int, change: int) -> None:
    body = bytearray(V2.body)
    body[place] ^= change
    with pytest.raises(BadSignature):
        verify(replace(V2, body=bytes(body)), V2_SECRET, now=V2_TIME)


@pytest.mark.parametrize(
    ("later", "passes"),
    [
        (timedelta(days=7), True),
        (timedelta(days=9), False),
        (timedelta(minutes=-4), True),
        (timedelta(hours=-1), False),
    ],
)
def test_a_delivery_is_taken_as_long_as_it_is_tried(later: timedelta, passes: bool) -> None:
    if passes:
        verify(V2, V2_SECRET, now=V2_TIME + later)
        return
    with pytest.raises(BadSignature, match="too old"):
        verify(V2, V2_SECRET, now=V2_TIME + later)


def test_a_delivery_has_the_same_key_at_each_try() -> None:
    expected = "29caac49b3df5939def04ab4d5084fa8ad4dc0d176d53651b3dae9fcf682a9cd"

    assert expected == payload.dedupe_key(payload.read(V2.body))


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", V2.body.replace(b'"value":24950', b'"value":"24950"')])
def test_a_body_of_another_kind_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        payload.read(body)
