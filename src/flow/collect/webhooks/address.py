"""The address to which a provider sends: whose it is can be read from it, and nobody else can write one.

The token is base64url of 48 bytes: the restaurant, the connection, and half of an HMAC-SHA256 over both. So a wrong
address is refused without a look into the database. Every secret of the installation makes a token that holds; pages
show the one of the present secret.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

__all__ = ["PREFIX", "Address", "Addresses"]

PREFIX: Final = "/api/webhooks/"
_PURPOSE: Final = b"flow: webhook address"
_ID_BYTES: Final = 16
_MAC_BYTES: Final = 16
_TOKEN_CHARACTERS: Final = (2 * _ID_BYTES + _MAC_BYTES) * 4 // 3
_MOST_REMEMBERED: Final = 10_000


@dataclass(frozen=True, slots=True)
class Address:
    """What a token says: which connection of which restaurant."""

    restaurant_id: UUID
    integration_id: UUID


class Addresses:
    """Makes and reads tokens with the secrets of an installation, the present one first."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        self._keys = [hmac.digest(secret, _PURPOSE, "sha256") for secret in secrets]
        self._remembered: dict[str, Address] = {}

    def path(self, provider: str, address: Address) -> str:
        """The path of the address that a restaurant hands to a provider."""
        return f"{PREFIX}{provider}/{self.token(address)}"

    def token(self, address: Address) -> str:
        ids = address.restaurant_id.bytes + address.integration_id.bytes
        return base64.urlsafe_b64encode(ids + _mac(self._keys[0], ids)).decode()

    def read(self, token: str) -> Address | None:
        """What a token says; None unless a secret of this installation made it. Takes the same time for all others."""
        return self._remembered.get(token) or self._read(token)

    def _read(self, token: str) -> Address | None:
        if len(token) != _TOKEN_CHARACTERS:
            return None
        try:
            given = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
        except (binascii.Error, UnicodeEncodeError):
            return None
        ids, mac = given[: 2 * _ID_BYTES], given[2 * _ID_BYTES :]
        matches = [hmac.compare_digest(mac, _mac(key, ids)) for key in self._keys]
        if not any(matches):
            return None
        address = Address(UUID(bytes=ids[:_ID_BYTES]), UUID(bytes=ids[_ID_BYTES:]))
        if len(self._remembered) < _MOST_REMEMBERED:  # only tokens that hold, so nobody else can fill it
            self._remembered[token] = address
        return address


def _mac(key: bytes, ids: bytes) -> bytes:
    return hmac.digest(key, ids, "sha256")[:_MAC_BYTES]
