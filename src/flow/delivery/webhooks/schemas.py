"""What the API of webhook endpoints takes and answers."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from flow.business.fields import RequestModel
from flow.business.outbox.catalogue import EVENT_TYPES
from flow.delivery.webhooks.bodies import message_id
from flow.delivery.webhooks.service import EndpointWish
from flow.delivery.webhooks.types import Attempt, Delivery, DeliveryStatus, Endpoint, PayloadForm
from flow.errors import InvalidInput

__all__ = [
    "ChangeBody",
    "ChangedEndpoint",
    "DeliveryDetail",
    "DeliveryPage",
    "EndpointBody",
    "EndpointList",
    "MadeEndpoint",
    "ReplayBody",
    "Replayed",
    "RotateBody",
    "Secret",
    "ToldEndpoint",
    "delivery_detail",
    "hint_of",
    "told_delivery",
    "told_endpoint",
]

_KNOWN = sorted(EVENT_TYPES.keys() - {"webhook.test"})
Url = Annotated[
    str,
    Field(min_length=1, max_length=2_000, pattern=r"^[^\x00-\x20\x7f]*$", description="HTTPS, on the public internet."),
]
Description = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
EventTypes = Annotated[list[Annotated[str, Field(max_length=60)]], Field(min_length=1, max_length=50)]


class EndpointBody(RequestModel):
    """A new endpoint."""

    url: Url
    description: Description = ""
    event_types: EventTypes
    payload: PayloadForm = "full"

    def wish(self) -> EndpointWish:
        """The same for the service; InvalidInput for an event that there is not."""
        return _wish(self.url, self.description, self.event_types, self.payload)


class ChangeBody(RequestModel):
    """What is to be different; what is left out stays."""

    url: Url | None = None
    description: Description | None = None
    event_types: EventTypes | None = None
    payload: PayloadForm | None = None
    status: Literal["active", "paused"] | None = None

    def wish(self, endpoint: Endpoint) -> EndpointWish | None:
        """The endpoint as it is to be; None where only its status changes. InvalidInput for nothing at all."""
        asked = self.model_dump(exclude_none=True)
        if not asked:
            raise InvalidInput("Name at least one thing to change.")
        if asked.keys() == {"status"}:
            return None
        return _wish(
            self.url or endpoint.url,
            endpoint.description if self.description is None else self.description,
            self.event_types or endpoint.event_types,
            self.payload or endpoint.payload,
        )


class RotateBody(RequestModel):
    """For how long the old secret signs along."""

    overlap_hours: Literal[0, 24, 168] = 24


class ReplayBody(RequestModel):
    """From when on the endpoint is told again."""

    since: Annotated[AwareDatetime, Field(description="30 days back at most.")]
    delivered_too: Annotated[bool, Field(description="Also what it has received already.")] = False


class ToldEndpoint(BaseModel):
    """An endpoint. `failing_since`, `paused_until`, `last_error`: while it fails."""

    id: UUID
    url: str
    description: str
    event_types: list[str]
    payload: PayloadForm
    status: Literal["active", "paused", "disabled"]
    disabled_reason: str | None
    public_key: str
    failing_since: datetime | None
    paused_until: datetime | None
    last_success_at: datetime | None
    last_failure_at: datetime | None
    last_error: str | None
    created_at: datetime


class EndpointList(BaseModel):
    """A restaurant's endpoints, the oldest first."""

    endpoints: list[ToldEndpoint]


class ChangedEndpoint(ToldEndpoint):
    """An endpoint as it is now. `hint`: its name leads nowhere yet; each delivery looks it up anew."""

    hint: Literal["name_not_known"] | None


class MadeEndpoint(ChangedEndpoint):
    """A new endpoint with its secret, which is shown this once; null when the same Idempotency-Key made it before."""

    secret: str | None


class Secret(BaseModel):
    """A new secret, which is shown this once, and the public half of the key that comes with it."""

    secret: str
    public_key: str


class Replayed(BaseModel):
    """How many events are on their way."""

    events: int


class ToldDelivery(BaseModel):
    """One event for one endpoint. `message_id` is the header webhook-id."""

    id: UUID
    message_id: str
    event_type: str
    status: DeliveryStatus
    attempts: int
    next_attempt_at: datetime | None
    created_at: datetime
    finished_at: datetime | None
    last_code: int | None
    last_error: str | None


class ToldAttempt(BaseModel):
    """One try. `answer`: the beginning of what was answered to a try that failed."""

    attempted_at: datetime
    duration_ms: int
    status_code: int | None
    error: str | None
    answer: str | None


class DeliveryDetail(ToldDelivery):
    """A delivery with the body that is sent and its tries, the newest first, at most 50."""

    body: dict[str, Any]
    tries: list[ToldAttempt]


class DeliveryPage(BaseModel):
    """Deliveries, newest first; `next` is the cursor of the page after."""

    deliveries: list[ToldDelivery]
    next: str | None


def told_endpoint(endpoint: Endpoint) -> dict[str, Any]:
    """The fields of a ToldEndpoint."""
    return {name: getattr(endpoint, name) for name in ToldEndpoint.model_fields}


def hint_of(*, is_name_known: bool) -> Literal["name_not_known"] | None:
    """What whoever set an endpoint up may want to know."""
    return None if is_name_known else "name_not_known"


def told_delivery(delivery: Delivery) -> dict[str, Any]:
    """The fields of a ToldDelivery."""
    found = {name: getattr(delivery, name) for name in ToldDelivery.model_fields if name != "message_id"}
    next_at = delivery.next_attempt_at if delivery.status == "pending" else None
    return found | {"message_id": message_id(delivery.event_id), "next_attempt_at": next_at}


def delivery_detail(delivery: Delivery, attempts: list[Attempt]) -> DeliveryDetail:
    """A delivery with its body and its tries."""
    tries = [ToldAttempt(**{name: getattr(attempt, name) for name in ToldAttempt.model_fields}) for attempt in attempts]
    return DeliveryDetail(**told_delivery(delivery), body=json.loads(delivery.body), tries=tries)


def _wish(url: str, description: str, event_types: list[str], payload: PayloadForm) -> EndpointWish:
    unknown = sorted(set(event_types) - set(_KNOWN))
    if unknown:
        raise InvalidInput(f"There is no event {unknown[0][:60]!r}.", details={"at": "event_types", "known": _KNOWN})
    return EndpointWish(url=url, description=description, event_types=event_types, payload=payload)
