"""What a provider is to the inbox: how its deliveries are checked, read and applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

import msgspec

from flow.collect.integrations.types import Integration
from flow.database.transaction import Transaction
from flow.jobs.types import JobContext

__all__ = [
    "Applying",
    "Arrival",
    "DueItem",
    "Greets",
    "InboxItem",
    "Item",
    "Outcome",
    "Parked",
    "Provider",
    "Refusal",
    "RefusalReason",
    "Request",
    "SealedItem",
]

RefusalReason = Literal["bad_signature", "greeting_refused"]


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery as it came. `body` is the raw bytes: signatures hold for them and for nothing parsed from them.

    `headers` have lower-case names; `target` is path and query exactly as the sender wrote them; `host` is the
    authority of FLOW's public address; `address` is the sender's.
    """

    method: Literal["GET", "POST"]
    target: str
    host: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    address: str


class Arrival(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One fact of a delivery; a batch holds several. Each becomes a row of the inbox, once per `dedupe_key`.

    `payload` is what `apply` will need, as the provider wrote it. `contact` is the normalised phone number, e-mail
    address or channel id of the person it is about.
    """

    dedupe_key: str
    event_type: str
    payload: bytes
    contact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A row of the inbox, claimed and opened."""

    restaurant_id: UUID
    id: UUID
    provider: str
    event_type: str
    payload: bytes
    received_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an item. `reason` is shown to the restaurant and holds no personal data.

    `done`: applied, in this transaction. `ignored`: nothing of ours (an unknown type, an echo of our own message).
    `parked`: it should have had an effect and could not (an unknown payment, another amount); a person is to look.
    """

    status: Literal["done", "ignored", "parked"]
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Applying:
    """What `apply` may use: one transaction as the service, committed together with the item's outcome."""

    transaction: Transaction
    context: JobContext
    integration: Integration
    now: datetime


class Provider(Protocol):
    """A folder of `flow.collect.providers`; `flow.app` passes all of them on."""

    @property
    def name(self) -> str:
        """As in the address and in integration_configs.integration_name: `stripe`, `mobilepay`, …"""
        ...

    def accounts(self, request: Request) -> Sequence[str]:
        """The accounts that an unchecked delivery to the common address says it is for; nobody believes it yet."""
        ...

    def verify(self, request: Request, integration: Integration, credentials: Mapping[str, str], now: datetime) -> None:
        """BadSignature (flow.collect.webhooks.errors) unless the provider sent these very bytes."""
        ...

    def read(self, request: Request, integration: Integration) -> Sequence[Arrival]:
        """What the delivery says; Unreadable when it cannot be understood. Unknown types are Arrivals too."""
        ...

    async def apply(self, applying: Applying, item: Item) -> Outcome:
        """Applies an item once. Any exception leaves nothing behind, and it is tried again later."""
        ...


class Greets(Protocol):
    """A provider that checks the address by a GET before it sends anything."""

    def greet(self, request: Request, credentials: Mapping[str, str]) -> bytes | None:
        """The answer's whole body; None refuses."""
        ...


@dataclass(frozen=True, slots=True)
class Refusal:
    """What refused deliveries are counted by: in whose name they came, in which hour (its beginning, UTC), and why."""

    restaurant_id: UUID
    hour: datetime
    provider: str
    reason: RefusalReason


@dataclass(frozen=True, slots=True)
class DueItem:
    """An item of the inbox whose time has come."""

    restaurant_id: UUID
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedItem:
    """A row of the inbox, claimed but not opened."""

    restaurant_id: UUID
    id: UUID
    provider: str
    event_type: str
    payload_sealed: bytes | None
    received_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxItem:
    """A row of the inbox as the settings page shows it."""

    id: UUID
    provider: str
    event_type: str
    status: str
    reason: str | None
    attempts: int
    received_at: datetime
    processed_at: datetime | None
    next_attempt_at: datetime


@dataclass(frozen=True, slots=True)
class Parked:
    """How many items of a provider wait for a person."""

    restaurant_id: UUID
    provider: str
    items: int
