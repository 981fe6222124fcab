"""Signatures are those of Standard Webhooks: its published vectors, and ours of a rotation."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from flow.delivery.webhooks.keyring import Keyring, fresh_keys, open_ring, seal_ring
from flow.delivery.webhooks.signing import signature, signatures
from flow.kit.ids import new_id
from flow.kit.secrets import CannotOpen, SecretBox

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE, TIME, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
PUBLISHED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
FLOW_BODY = (
    b'{"type":"order.created","timestamp":"2026-01-01T00:00:00.000Z","data":{"order_id":'
    b'"11111111-1111-4111-8111-111111111111","restaurant_id":"22222222-2222-4222-8222-222222222222",'
    b'"currency":"DKK","total":24950}}'
)
NEW, OLD = "whsec_l5yx7+0rdIaAYBGabQbhMkJxG9BcPv8mmFEPNRsDXYY=", "whsec_C5HnMbsk3AfgHE/XdYSy5EgOA9zvcn8fsTb3REBZkQY="
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_the_published_vector_is_signed_as_published() -> None:
    assert PUBLISHED == signature(SECRET, MESSAGE, TIME, BODY)


def test_a_rotation_signs_with_the_new_and_the_old_key_in_one_header() -> None:
    assert 208 == len(FLOW_BODY)
    assert (
        "v1,mnzleeG3Z7JLTtDE5YwGDC1Naw7KS8sBzQYvjLuGbEA= v1,d5zYE+DNMoOB2sYYqwHYp9qnFaH9JTLZQq3JsjJPaOc="
        == signatures([NEW, OLD], "msg_flow_0001", 1767225600, FLOW_BODY)
    )


@given(st.binary(min_size=1, max_size=200), st.data())
def test_another_byte_makes_another_signature(body: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(body) - 1))
    changed = bytearray(body)
    changed[place] ^= data.draw(st.integers(1, 255))

    assert signature(SECRET, MESSAGE, TIME, body) != signature(SECRET, MESSAGE, TIME, bytes(changed))


@pytest.mark.parametrize(("message", "time"), [("msg_other", TIME), (MESSAGE, TIME + 1)])
def test_the_id_and_the_time_are_signed_too(message: str, time: int) -> None:
    assert PUBLISHED != signature(SECRET, message, time, BODY)


@pytest.mark.parametrize("secret", ["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwBr"])
def test_a_secret_may_lack_its_padding_and_its_prefix(secret: str) -> None:
    assert signature(secret, MESSAGE, TIME, BODY).startswith("v1,")


@pytest.mark.parametrize("secret", ["", "whsec_", "whsk_"])
def test_an_empty_secret_is_an_error(secret: str) -> None:
    with pytest.raises(ValueError, match="not empty"):
        signature(secret, MESSAGE, TIME, BODY)


def test_the_public_key_verifies_what_the_private_one_signed_and_nothing_else() -> None:
    keys = fresh_keys()
    form, _, made = signature(keys.private, MESSAGE, TIME, BODY).partition(",")
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(keys.public.removeprefix("whpk_")))

    assert "v1a" == form
    public.verify(base64.b64decode(made), f"{MESSAGE}.{TIME}.".encode() + BODY)
    with pytest.raises(InvalidSignature):
        public.verify(base64.b64decode(made), f"{MESSAGE}.{TIME}.".encode() + BODY + b" ")


def test_fresh_secrets_have_32_bytes_and_differ() -> None:
    made = {fresh_keys().secret for _ in range(10)}

    assert 10 == len(made)
    assert {32} == {len(base64.b64decode(secret.removeprefix("whsec_"))) for secret in made}


def test_an_old_key_signs_until_its_overlap_is_over() -> None:
    ring = Keyring((fresh_keys(),))
    old = ring.pairs[0].secret
    rotated = ring.rotated(now=NOW, overlap=timedelta(hours=24))

    assert 4 == len(rotated.keys(NOW)) and old == rotated.keys(NOW)[2]
    assert old in rotated.keys(NOW + timedelta(hours=23, minutes=59))
    assert old not in rotated.keys(NOW + timedelta(hours=24))
    assert 2 == len(rotated.rotated(now=NOW, overlap=timedelta()).keys(NOW))


def test_a_ring_opens_for_its_own_endpoint_alone() -> None:
    box, endpoint, ring = SecretBox([b"a secret of 32 bytes for the test"]), new_id(), Keyring((fresh_keys(),))
    sealed = seal_ring(box, endpoint, ring)

    assert ring == open_ring(box, endpoint, sealed)
    with pytest.raises(CannotOpen):
        open_ring(box, new_id(), sealed)
