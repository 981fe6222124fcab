"""Tokens: which ones hold, and every way of forging one that does not."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm

from flow.settings import Settings
from flow.web.authentication import SharedSecretIssuer, TokenCheck, token_check
from flow.web.issuer import Issuer
from tests.web.tokens import OUTSIDE, OWN, SECRET, base64_text, claims_of_token, is_refused, own_issuer, signed_by_hand

SHARED = "a project's legacy secret of more than 32 bytes"


def _check() -> TokenCheck:
    return TokenCheck(own_issuer())


def _shared() -> TokenCheck:
    return TokenCheck(own_issuer(), SharedSecretIssuer(OUTSIDE, SHARED.encode()))


def _signed(claims: Mapping[str, object], secret: str = SHARED) -> str:
    return jwt.encode(dict(claims), secret, "HS256")


def _private_key(issuer: Issuer) -> ec.EllipticCurvePrivateKey:
    return issuer._key


async def test_an_own_token_holds_and_carries_its_claims() -> None:
    claims = await _check().verify(own_issuer().sign(claims_of_token()))

    assert (OWN, "authenticated", "anna@napoli.example") == (claims["iss"], claims["role"], claims["email"])


async def test_what_the_user_wrote_does_not_reach_the_database_but_for_the_name() -> None:
    written = {"name": "A" * 200, "role": "super_admin", "restaurants": ["*"]}
    claims = await _check().verify(own_issuer().sign(claims_of_token(user_metadata=written)))

    assert "user_metadata" not in claims
    assert "A" * 80 == claims["name"]


async def test_a_token_that_held_before_expires_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    check = _check()
    token = own_issuer().sign(claims_of_token())
    before = await is_refused(check, token)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 3611)

    assert (False, True) == (before, await is_refused(check, token))


async def test_a_token_that_held_before_holds_the_same_again() -> None:
    check = _check()
    token = own_issuer().sign(claims_of_token())
    first = await check.verify(token)
    first["role"] = "super_admin"
    again = await check.verify(token)

    assert ("authenticated", "Anna") == (again["role"], again["name"])
    assert await is_refused(check, token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB"))


async def test_the_same_secret_makes_the_same_key_in_every_process() -> None:
    assert Issuer(OWN, SECRET).jwks == own_issuer().jwks
    assert Issuer(OWN, SECRET + b"!").jwks != own_issuer().jwks


async def test_the_published_key_checks_an_own_token_and_is_public() -> None:
    published = own_issuer().jwks["keys"][0]
    claims = jwt.decode(
        own_issuer().sign(claims_of_token()),
        jwt.PyJWK.from_dict(published),
        algorithms=["ES256"],
        audience="authenticated",
    )

    assert OWN == claims["iss"]
    assert {"kty", "crv", "x", "y", "kid", "alg", "use"} == published.keys()


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"iat": 4_000_000_000},
        {"nbf": 4_000_000_000},
        {"sub": None},
        {"sub": "1"},
        {"sub": ""},
        {"sub": "flow_owner"},
        {"session_id": None},
        {"session_id": "x"},
        {"session_id": 7},
        {"role": None},
        {"role": "service_role"},
        {"role": "anon"},
        {"role": "flow_owner"},
        {"role": ["authenticated"]},
        {"app_metadata": "grants"},
    ],
    ids=str,
)
async def test_an_own_token_with_a_wrong_claim_is_refused(changes: dict[str, object]) -> None:
    assert await is_refused(_check(), own_issuer().sign(claims_of_token(**changes)))


@pytest.mark.parametrize(
    "changes", [{"iss": "http://evil.example"}, {"iss": None}, {"aud": "anon"}, {"aud": None}], ids=str
)
async def test_a_token_for_somebody_else_is_refused_even_if_the_key_is_ours(changes: dict[str, object]) -> None:
    token = jwt.encode(claims_of_token(**{"iss": OWN, **changes}), _private_key(own_issuer()), "ES256")

    assert await is_refused(_check(), token)


async def test_alg_none_is_refused() -> None:
    for alg in ("none", "None", "NONE", ""):
        header, payload = ({"alg": alg, "typ": "JWT"}, claims_of_token(iss=OWN))
        token = ".".join(base64_text(json.dumps(part).encode()) for part in (header, payload)) + "."
        assert await is_refused(_check(), token)


async def test_hs256_with_our_public_key_as_the_secret_is_refused() -> None:
    public = _private_key(own_issuer()).public_key()
    for secret in (
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        json.dumps(own_issuer().jwks["keys"][0]).encode(),
    ):
        assert await is_refused(_check(), signed_by_hand({"alg": "HS256"}, claims_of_token(iss=OWN), secret))


async def test_another_key_of_the_same_kind_is_refused_though_it_claims_our_key_id() -> None:
    stranger = ec.generate_private_key(ec.SECP256R1())
    token = jwt.encode(claims_of_token(iss=OWN), stranger, "ES256", headers={"kid": own_issuer().key_id})

    assert await is_refused(_check(), token)


async def test_a_key_in_the_token_itself_is_not_believed() -> None:
    stranger = ec.generate_private_key(ec.SECP256R1())
    jwk = ECAlgorithm.to_jwk(stranger.public_key(), as_dict=True)
    token = jwt.encode(
        claims_of_token(iss=OWN), stranger, "ES256", headers={"jwk": jwk, "jku": "http://evil.example/jwks"}
    )

    assert await is_refused(_check(), token)


async def test_one_changed_letter_makes_a_token_worthless() -> None:
    header, _, signature = own_issuer().sign(claims_of_token()).split(".")
    changed = claims_of_token(sub=str(uuid4()), iss=OWN)

    assert await is_refused(_check(), f"{header}.{base64_text(json.dumps(changed).encode())}.{signature}")


@pytest.mark.parametrize(
    "token",
    [
        "", ".", "..", "...", "x", "a.b.c", "null", "Bearer x", "æøå", "\x00", "{}", "e30.e30.e30", "e30.e30.",
        "." * 9_000, "x" * 100_000, _signed({}), "eyJhbGciOiJIUzI1NiJ9.W10.x", "eyJhbGciOiJFUzI1NiJ9.bnVsbA.x",
    ],
    ids=lambda token: repr(token[:20]),
)  # fmt: skip
async def test_garbage_is_refused(token: str) -> None:
    assert await is_refused(_check(), token)
    assert await is_refused(_shared(), token)


async def test_a_payload_nested_a_thousand_deep_is_refused() -> None:
    token = f"{base64_text(b'{}')}.{base64_text(b'[' * 3_000)}.{base64_text(b'x')}"

    assert await is_refused(_check(), token)
    assert await is_refused(_shared(), token)


async def test_a_token_of_the_outside_issuer_holds_without_its_session() -> None:
    claims = await _shared().verify(_signed(claims_of_token()))

    assert (OUTSIDE, None) == (claims["iss"], claims.get("session_id"))


async def test_own_tokens_hold_beside_an_outside_issuer() -> None:
    assert OWN == (await _shared().verify(own_issuer().sign(claims_of_token())))["iss"]


@pytest.mark.parametrize(
    "changes",
    [
        {"role": "service_role"},
        {"role": "service_role", "sub": None},
        {"role": "anon"},
        {"sub": None},
        {"exp": None},
        {"exp": 1},
        {"iss": None},
        {"iss": "https://other.supabase.co/auth/v1"},
        {"iss": OWN},
        {"aud": "other"},
    ],
    ids=str,
)
async def test_an_outside_token_with_a_wrong_claim_is_refused(changes: dict[str, object]) -> None:
    assert await is_refused(_shared(), _signed(claims_of_token(**changes)))


async def test_an_outside_token_with_another_secret_is_refused() -> None:
    assert await is_refused(_shared(), _signed(claims_of_token(), "another secret that has more than 32 bytes"))


async def test_without_an_outside_issuer_its_tokens_are_refused() -> None:
    assert await is_refused(_check(), _signed(claims_of_token()))


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"jwt_secret": SHARED}, "FLOW_JWT_ISSUER"),
        ({"jwks_url": "https://x.example/jwks"}, "FLOW_JWT_ISSUER"),
        ({"jwt_issuer": OUTSIDE, "jwt_secret": SHARED, "jwks_url": "https://x.example/jwks"}, "not both"),
        ({"jwt_issuer": OUTSIDE, "jwt_secret": "short"}, "32 bytes"),
    ],
)
def test_settings_that_contradict_each_other_stop_the_start(
    settings: dict[str, object], complaint: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=complaint):
        token_check(Settings.model_validate({"home": tmp_path, **settings}), own_issuer())
