"""From an arrival to a row of the inbox: sealed, pseudonymous, and of a shape that the table takes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from flow.collect.integrations.types import Integration
from flow.collect.webhooks.types import Arrival
from flow.kit.ids import new_id
from flow.kit.secrets import SecretBox
from flow.privacy.subjects import pseudonym

__all__ = ["UNREADABLE", "InboxRow", "Sealing", "inbox_context", "unreadable"]

UNREADABLE: Final = "unreadable_delivery"
"""The event type, and the reason, of a delivery that was signed but could not be understood."""
_LONGEST_TYPE, _LONGEST_KEY = 100, 400


class InboxRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A row of webhook_inbox as it is inserted."""

    restaurant_id: UUID
    id: UUID
    provider: str
    dedupe_key: str
    event_type: str
    payload_sealed: bytes
    subject: str | None
    status: str
    reason: str | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Sealing:
    """What makes rows: the box for what providers wrote, and the secret that pseudonyms are made with."""

    box: SecretBox
    secret: bytes

    def row(self, integration: Integration, arrival: Arrival, *, now: datetime) -> InboxRow:
        """The row of an arrival. What could not be understood is parked at once."""
        item = new_id()
        parked = arrival.event_type == UNREADABLE
        return InboxRow(
            restaurant_id=integration.restaurant_id,
            id=item,
            provider=integration.integration_name,
            dedupe_key=_key(arrival.dedupe_key),
            event_type=_type(arrival.event_type),
            payload_sealed=self.box.seal(arrival.payload, inbox_context(item)),
            subject=self._subject(arrival.contact),
            status="parked" if parked else "received",
            reason=UNREADABLE if parked else None,
            received_at=now,
        )

    def _subject(self, contact: str | None) -> str | None:
        """The person's pseudonym. A provider's own number of a person is none that guests are known by."""
        if contact is None:
            return None
        try:
            return pseudonym(self.secret, contact)
        except ValueError:
            return None


def unreadable(body: bytes) -> Arrival:
    """A delivery that could not be understood, kept whole for the day when it can."""
    return Arrival(dedupe_key=f"{UNREADABLE}:{hashlib.sha256(body).hexdigest()}", event_type=UNREADABLE, payload=body)


def inbox_context(item: UUID) -> str:
    """What the payload of an item is sealed for."""
    return f"inbox:{item}"


def _key(key: str) -> str:
    """`key` where the table takes it, else its hash: as good, as long as equal keys stay equal."""
    fits = 0 < len(key) <= _LONGEST_KEY and "\0" not in key
    return key if fits else hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _type(name: str) -> str:
    if not (name.isascii() and name.isprintable()):
        name = "".join(character for character in name if character.isprintable() and character.isascii())
    return name[:_LONGEST_TYPE] or "unnamed"
