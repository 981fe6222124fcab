"""FLOW's own token issuer: an ES256 key derived from the installation's secret, and tokens laid out as Supabase's."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, derive_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from jwt.algorithms import ECAlgorithm
from jwt.utils import base64url_encode

AUDIENCE = "authenticated"
ALGORITHM = "ES256"
_CURVE_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256 (FIPS 186-4, D.1.2.3)
_REQUIRED = ["exp", "iat", "iss", "aud", "sub", "session_id"]
_LEEWAY_SECONDS = 10
_REMEMBERED = 1024  # tokens whose signature held


class Issuer:
    """Signs and checks FLOW's own tokens; `name` is their `iss`."""

    def __init__(self, name: str, secret: bytes) -> None:
        self.name = name
        self._key = _derive_key(secret)
        # A browser sends its token with every request, and checking a signature takes longer than most of the rest.
        self._signed = lru_cache(_REMEMBERED)(self._check)

    @cached_property
    def key_id(self) -> str:
        """The key's thumbprint (RFC 7638), so that another secret shows as another key."""
        members = {name: self._public[name] for name in ("crv", "kty", "x", "y")}
        text = json.dumps(members, separators=(",", ":"), sort_keys=True)
        return base64url_encode(hashlib.sha256(text.encode()).digest()).decode()

    @property
    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """The public key as a JSON Web Key Set (RFC 7517)."""
        return {"keys": [{**self._public, "kid": self.key_id, "alg": ALGORITHM, "use": "sig"}]}

    def sign(self, claims: Mapping[str, object]) -> str:
        """A token with these claims and this issuer's `iss` and `aud`."""
        payload = {**claims, "iss": self.name, "aud": AUDIENCE}
        return jwt.encode(payload, self._key, ALGORITHM, headers={"kid": self.key_id})

    def open(self, token: str, *, expired_too: bool = False) -> dict[str, object]:
        """The claims of a token that this issuer signed; jwt.PyJWTError when it is not one.

        `expired_too` is for renewing a log-in, where the session decides and not the token's age.
        """
        claims = self._signed(token)
        if not expired_too and claims["exp"] <= time.time() - _LEEWAY_SECONDS:
            raise jwt.ExpiredSignatureError
        return {**claims}

    def _check(self, token: str) -> dict[str, Any]:
        """The claims of a token that was signed here, be it expired or not."""
        claims: dict[str, Any] = jwt.decode(
            token,
            self._key.public_key(),
            algorithms=[ALGORITHM],
            issuer=self.name,
            audience=AUDIENCE,
            leeway=_LEEWAY_SECONDS,
            options={"require": _REQUIRED, "verify_exp": False},
        )
        if not isinstance(claims["exp"], int | float):
            raise jwt.DecodeError("exp is no number")
        return claims

    @cached_property
    def _public(self) -> dict[str, str]:
        return ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True)


def _derive_key(secret: bytes) -> EllipticCurvePrivateKey:
    # 16 bytes more than the curve needs, so that the remainder favours no key (FIPS 186-4, B.4.1).
    material = HKDF(algorithm=SHA256(), length=48, salt=None, info=b"flow: own issuer, ES256").derive(secret)
    return derive_private_key(int.from_bytes(material, "big") % (_CURVE_ORDER - 1) + 1, SECP256R1())
