"""Keys that an outside issuer publishes: fetched when needed, kept for a while, used with their own algorithm alone."""

from __future__ import annotations

from collections.abc import Mapping

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from flow.errors import Unavailable
from flow.web.authentication import KeySetIssuer, TokenCheck
from flow.web.jwks import KeySet
from tests.web.tokens import OUTSIDE, base64_text, claims_of_token, is_refused, own_issuer, signed_by_hand


class _Published:
    """An issuer's key set, and how often it was asked for."""

    def __init__(self, *keys: dict[str, object]) -> None:
        self.keys = list(keys)
        self.asked = 0
        self.away = False
        self.now = 1_000.0

    async def fetch(self, _: str) -> Mapping[str, object]:
        self.asked += 1
        if self.away:
            raise ValueError("away")
        return {"keys": self.keys}

    def check(self) -> TokenCheck:
        keys = KeySet("https://project.supabase.co/jwks", fetch=self.fetch, tick=lambda: self.now)
        return TokenCheck(own_issuer(), KeySetIssuer(OUTSIDE, keys))


def _es256(key_id: str) -> tuple[ec.EllipticCurvePrivateKey, dict[str, object]]:
    key = ec.generate_private_key(ec.SECP256R1())
    return key, {**ECAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": key_id, "alg": "ES256"}


def _token(key: PrivateKeyTypes, key_id: str, algorithm: str = "ES256") -> str:
    return jwt.encode(claims_of_token(), key, algorithm, headers={"kid": key_id})  # type: ignore[arg-type]


async def test_published_keys_are_fetched_once_and_kept_ten_minutes() -> None:
    key, jwk = _es256("one")
    published = _Published(jwk)
    check = published.check()
    for _ in range(3):
        await check.verify(_token(key, "one"))
    within = published.asked
    published.now += 601
    await check.verify(_token(key, "one"))

    assert (1, 2) == (within, published.asked)


async def test_both_kinds_of_published_keys_hold() -> None:
    rsa_key = rsa.generate_private_key(65537, 2048)
    rsa_jwk = {**RSAAlgorithm.to_jwk(rsa_key.public_key(), as_dict=True), "kid": "rsa", "alg": "RS256"}
    key, jwk = _es256("ec")
    check = _Published(jwk, rsa_jwk).check()

    assert OUTSIDE == (await check.verify(_token(key, "ec")))["iss"]
    assert OUTSIDE == (await check.verify(_token(rsa_key, "rsa", "RS256")))["iss"]


async def test_a_new_key_is_fetched_when_it_is_first_seen() -> None:
    old, old_jwk = _es256("old")
    published = _Published(old_jwk)
    check = published.check()
    await check.verify(_token(old, "old"))
    new, new_jwk = _es256("new")
    published.keys.append(new_jwk)
    published.now += 31

    assert OUTSIDE == (await check.verify(_token(new, "new")))["iss"]


async def test_a_storm_of_unknown_keys_asks_the_issuer_once() -> None:
    key, jwk = _es256("known")
    published = _Published(jwk)
    check = published.check()
    for number in range(50):
        assert await is_refused(check, _token(key, f"unknown {number}"))

    assert 1 == published.asked


async def test_an_issuer_that_is_away_is_named_as_the_cause() -> None:
    key, jwk = _es256("one")
    published = _Published(jwk)
    published.away = True

    with pytest.raises(Unavailable):
        await published.check().verify(_token(key, "one"))


async def test_a_published_secret_is_not_used() -> None:
    secret = "a secret in a public key set, of 32 bytes"
    oct_jwk: dict[str, object] = {"kty": "oct", "k": base64_text(secret.encode()), "kid": "oct", "alg": "HS256"}
    token = jwt.encode(claims_of_token(), secret, "HS256", headers={"kid": "oct"})

    assert await is_refused(_Published(oct_jwk).check(), token)


async def test_hs256_with_a_published_key_as_the_secret_is_refused() -> None:
    key, jwk = _es256("one")
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    assert await is_refused(
        _Published(jwk).check(), signed_by_hand({"alg": "HS256", "kid": "one"}, claims_of_token(), pem)
    )


async def test_a_published_key_is_used_with_its_own_algorithm_alone() -> None:
    rsa_key = rsa.generate_private_key(65537, 2048)
    _, jwk = _es256("one")

    assert await is_refused(_Published(jwk).check(), _token(rsa_key, "one", "RS256"))
