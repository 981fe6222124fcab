"""Checks what stands in the Authorization header: a key here, every other token by its issuer's rules.

A key's claims have no session and no user. The database looks its scopes up again when the request's transaction
begins, so a key that is revoked meanwhile opens nothing.
"""

from __future__ import annotations

from flow.access.keys.store import use_key
from flow.access.keys.text import PREFIX, read_key
from flow.database.pool import Database
from flow.errors import NotAuthenticated
from flow.kit.clock import Clock
from flow.web.services import TokenVerifier


class KeysAndTokens:
    """The process's TokenVerifier."""

    def __init__(self, tokens: TokenVerifier, database: Database, clock: Clock) -> None:
        self._tokens = tokens
        self._database = database
        self._clock = clock

    async def verify(self, token: str) -> dict[str, object]:
        """The claims; NotAuthenticated when the key or the token does not hold."""
        return await (self._claims_of_key(token) if token.startswith(PREFIX) else self._tokens.verify(token))

    async def _claims_of_key(self, text: str) -> dict[str, object]:
        key = read_key(text)
        if key is None:
            raise NotAuthenticated
        async with self._database.as_service() as transaction:
            used = await use_key(transaction, key, now=self._clock.now())
        if used is None:
            raise NotAuthenticated
        return {
            "sub": str(used.id),
            "role": "authenticated",
            "aud": "authenticated",
            "api_key": {"restaurant_id": str(used.restaurant_id)},
            "name": used.name,
        }
