"""The public keys of an outside issuer, fetched when needed and kept for a while."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping

import httpx
import jwt

from flow.errors import NotAuthenticated, Unavailable

_PUBLIC_KEY_TYPES = ("EC", "RSA")  # never `oct`: a published secret is none
_KEPT_SECONDS = 600.0
_PAUSE_SECONDS = 30.0  # between two fetches, however many unknown keys are shown to us
_TIMEOUT_SECONDS = 5.0
_log = logging.getLogger("flow.web.jwks")

Fetch = Callable[[str], Awaitable[Mapping[str, object]]]


async def fetch_json(url: str) -> Mapping[str, object]:
    """The JSON object at `url`; httpx.HTTPError or ValueError when there is none."""
    async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS) as client:
        answer = (await client.get(url)).raise_for_status().json()
    if not isinstance(answer, dict):
        raise ValueError("a key set is a JSON object")
    return answer


class KeySet:
    """The signing keys at one address, by key id. `tick` tells monotonic seconds."""

    def __init__(self, url: str, *, fetch: Fetch = fetch_json, tick: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._fetch = fetch
        self._tick = tick
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched_at = self._tried_at = float("-inf")
        self._lock = asyncio.Lock()

    async def key(self, key_id: str) -> jwt.PyJWK:
        """The key named `key_id`: NotAuthenticated if the issuer has none, Unavailable if it does not answer."""
        if key_id not in self._keys or self._age >= _KEPT_SECONDS:
            async with self._lock:
                await self._refresh(key_id)
        if self._age >= _KEPT_SECONDS:
            raise Unavailable("The issuer of your log-in does not answer; try again shortly.", retry_after_seconds=5)
        if key_id not in self._keys:
            raise NotAuthenticated
        return self._keys[key_id]

    @property
    def _age(self) -> float:
        return self._tick() - self._fetched_at

    async def _refresh(self, key_id: str) -> None:
        fresh = self._age < _KEPT_SECONDS and key_id in self._keys
        if fresh or self._tick() - self._tried_at < _PAUSE_SECONDS:
            return
        self._tried_at = self._tick()
        try:
            self._keys = _signing_keys(await self._fetch(self._url))
            self._fetched_at = self._tick()
        except (httpx.HTTPError, jwt.PyJWTError, ValueError) as error:
            _log.warning("cannot fetch the issuer's keys: %s", type(error).__name__)


def _signing_keys(answer: Mapping[str, object]) -> dict[str, jwt.PyJWK]:
    keys = jwt.PyJWKSet.from_dict(dict(answer)).keys
    return {key.key_id: key for key in keys if key.key_id and key.key_type in _PUBLIC_KEY_TYPES}
