"""Endpoints, deliveries and attempts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

PayloadForm = Literal["full", "thin"]
EndpointStatus = Literal["active", "paused", "disabled", "removed"]
DeliveryStatus = Literal["pending", "delivered", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A row of webhook_endpoints as people see it, without its secrets."""

    restaurant_id: UUID
    id: UUID
    url: str
    description: str
    event_types: list[str]
    payload: PayloadForm
    status: EndpointStatus
    disabled_reason: Literal["gone", "failing"] | None
    public_key: str
    consecutive_failures: int
    failing_since: datetime | None
    paused_until: datetime | None
    last_success_at: datetime | None
    last_failure_at: datetime | None
    last_error: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What an endpoint wants to be told, and how much of it."""

    restaurant_id: UUID
    id: UUID
    event_types: list[str]
    payload: PayloadForm


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """An event on its way to an endpoint; `body` is what every attempt sends and signs, byte for byte.

    `wanted_at`: the moment of the event, or that of the wish to be told of it afterwards.
    """

    restaurant_id: UUID
    id: UUID
    endpoint_id: UUID
    event_id: UUID
    event_type: str
    object_id: UUID
    sequence: int
    body: str
    wanted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A delivery that this process is to try now. `attempts` were made before."""

    restaurant_id: UUID
    id: UUID
    endpoint_id: UUID
    event_id: UUID
    object_id: UUID
    sequence: int
    body: str
    attempts: int
    url: str
    secrets_sealed: bytes
    consecutive_failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of one attempt: a status code, or an error in a few words. `retry_after` is in seconds."""

    at: datetime
    duration_ms: int
    status_code: int | None = None
    error: str | None = None
    text: str | None = None
    retry_after: float = 0.0

    @property
    def is_success(self) -> bool:
        return self.status_code is not None and 200 <= self.status_code < 300

    @property
    def is_gone(self) -> bool:
        """The receiver says that this address will never come back."""
        return self.status_code == 410


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """An attempt with what becomes of its delivery."""

    claimed: Claimed
    answer: Answer
    status: DeliveryStatus
    next_attempt_at: datetime


@dataclass(frozen=True, slots=True)
class Disabled:
    """An endpoint that just was disabled, for the notice to its restaurant."""

    restaurant_id: UUID
    id: UUID
    url: str
    disabled_reason: Literal["gone", "failing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A row of webhook_deliveries as people see it, with the code or error of its last attempt."""

    restaurant_id: UUID
    id: UUID
    endpoint_id: UUID
    event_id: UUID
    event_type: str
    body: str
    status: DeliveryStatus
    attempts: int
    next_attempt_at: datetime
    created_at: datetime
    finished_at: datetime | None
    last_code: int | None
    last_error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryAbout:
    """A delivery as the thing that it tells of lists it; `endpoint` is what the endpoint is called."""

    id: UUID
    endpoint_id: UUID
    endpoint: str
    event_type: str
    status: DeliveryStatus
    attempts: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A row of webhook_attempts."""

    id: UUID
    attempted_at: datetime
    duration_ms: int
    status_code: int | None
    error: str | None
    answer: str | None
