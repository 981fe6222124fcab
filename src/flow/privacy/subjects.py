"""Pseudonyms of people: the same guest gets the same one, and nobody without the key can read it back.

Consents, the audit log and tombstones name a guest by a pseudonym, so that they can outlive the contact itself.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from typing import Literal
from uuid import UUID

from flow.kit.contact import contact_hash

__all__ = ["Kind", "kind_of", "pseudonym", "pseudonyms"]

Kind = Literal["phone", "email", "id"]
_PURPOSE = b"flow.subjects"


def pseudonym(secret: bytes, contact: str) -> str:
    """64 hex digits: HMAC-SHA256 of the contact's kind and value, by a key derived from the installation's secret.

    `contact` is normalised already (flow.kit.contact): a phone number in E.164, an e-mail in lower case, or an id (of a
    user, or the lasting one of a visitor). The kind is in it, so that no value of one kind equals one of another.
    """
    key = hmac.digest(secret, _PURPOSE, hashlib.sha256)
    return contact_hash(f"{kind_of(contact)}:{contact}", key)


def pseudonyms(secrets: Iterable[bytes], contact: str) -> tuple[str, ...]:
    """The contact's pseudonym under each secret, the present one first: rows from before a rotation keep the older."""
    return tuple(pseudonym(secret, contact) for secret in secrets)


def kind_of(contact: str) -> Kind:
    """What a normalised contact is. ValueError when it is none of the three."""
    if "@" in contact:
        return "email"
    if contact.startswith("+") and contact[1:].isdigit():
        return "phone"
    UUID(contact)
    return "id"
