"""Checks bearer tokens: FLOW's own and, where the settings name one, those of an outside issuer such as Supabase."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import jwt

from flow.errors import NotAuthenticated
from flow.kit.ids import parse_id
from flow.settings import Settings
from flow.web.issuer import AUDIENCE, Issuer

if TYPE_CHECKING:
    from flow.web.jwks import KeySet

_MIN_SECRET_BYTES = 32
_REQUIRED = ["exp", "iss", "aud", "sub"]
_ASYMMETRIC = frozenset({"ES256", "RS256"})
_LEEWAY_SECONDS = 10
_MAX_TOKEN_CHARACTERS = 8_192
_MAX_NAME_CHARACTERS = 80


class OutsideIssuer(Protocol):
    """An issuer whose tokens FLOW believes but does not sign."""

    async def open(self, token: str) -> dict[str, object]:
        """The claims of a good token; jwt.PyJWTError or NotAuthenticated otherwise."""
        ...


class SharedSecretIssuer:
    """HS256 with a secret that the issuer and FLOW share."""

    def __init__(self, name: str, secret: bytes) -> None:
        if len(secret) < _MIN_SECRET_BYTES:
            raise ValueError(f"FLOW_JWT_SECRET must have at least {_MIN_SECRET_BYTES} bytes")
        self._name = name
        self._secret = secret

    async def open(self, token: str) -> dict[str, object]:
        return _decode(token, self._secret, ["HS256"], self._name)


class KeySetIssuer:
    """ES256 or RS256 with public keys that the issuer publishes; a key is used with its own algorithm alone."""

    def __init__(self, name: str, keys: KeySet) -> None:
        self._name = name
        self._keys = keys

    async def open(self, token: str) -> dict[str, object]:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in _ASYMMETRIC or not header.get("kid"):
            raise NotAuthenticated
        key = await self._keys.key(str(header["kid"]))
        return _decode(token, key, [key.algorithm_name], self._name)


class TokenCheck:
    """The process's TokenVerifier: the token's `iss` chooses whose rules it is held against."""

    def __init__(self, own: Issuer, outside: OutsideIssuer | None = None) -> None:
        self._own = own
        self._outside = outside

    async def verify(self, token: str) -> dict[str, object]:
        """The claims for the database, without what the user wrote; NotAuthenticated when the token does not hold.

        `name` is added for pages: the user's own word for themself, at most 80 characters.
        """
        try:
            return _usable(await self._open(token))
        except (jwt.PyJWTError, RecursionError):  # the latter from a payload nested a thousand deep
            raise NotAuthenticated from None

    async def _open(self, token: str) -> dict[str, object]:
        if len(token) > _MAX_TOKEN_CHARACTERS:
            raise NotAuthenticated
        if self._outside is None or _claimed_issuer(token) == self._own.name:
            return self._own.open(token)
        claims = await self._outside.open(token)
        # It names a row of the issuer's own sessions, which FLOW's log-in sessions know nothing of.
        claims.pop("session_id", None)
        return claims


def token_check(settings: Settings, own: Issuer) -> TokenCheck:
    """The verifier that the settings describe; ValueError when they contradict each other."""
    return TokenCheck(own, _outside(settings))


def _outside(settings: Settings) -> OutsideIssuer | None:
    if settings.jwt_secret is None and settings.jwks_url is None:
        return None
    if settings.jwt_issuer is None:
        raise ValueError("an outside issuer needs FLOW_JWT_ISSUER, the `iss` of its tokens")
    if settings.jwks_url is None:
        assert settings.jwt_secret is not None
        return SharedSecretIssuer(settings.jwt_issuer, settings.jwt_secret.get_secret_value().encode())
    if settings.jwt_secret is not None:
        raise ValueError("give FLOW_JWT_SECRET or FLOW_JWKS_URL, not both: a token has one way to be checked")
    from flow.web.jwks import KeySet  # an HTTP client, which most installations do without

    return KeySetIssuer(settings.jwt_issuer, KeySet(settings.jwks_url))


def _claimed_issuer(token: str) -> object:
    return jwt.decode(token, options={"verify_signature": False}).get("iss")


def _decode(token: str, key: bytes | jwt.PyJWK, algorithms: list[str], issuer: str) -> dict[str, object]:
    claims: dict[str, object] = jwt.decode(
        token,
        key,
        algorithms=algorithms,
        issuer=issuer,
        audience=AUDIENCE,
        leeway=_LEEWAY_SECONDS,
        options={"require": _REQUIRED},
    )
    return claims


def _usable(claims: dict[str, object]) -> dict[str, object]:
    session = claims.get("session_id")
    # Tokens of the service (`service_role`) and of nobody (`anon`) are signed by the same key as a user's.
    if claims.get("role") != "authenticated" or parse_id(claims["sub"]) is None:
        raise NotAuthenticated
    if session is not None and parse_id(session) is None:
        raise NotAuthenticated
    claims.pop("api_key", None)  # says to the database that this is a program's key, which no token is
    written = claims.pop("user_metadata", None)
    if not isinstance(claims.get("app_metadata", {}), dict):
        raise NotAuthenticated
    name = written.get("name") if isinstance(written, dict) else None
    return {**claims, "name": name[:_MAX_NAME_CHARACTERS] if isinstance(name, str) else ""}
