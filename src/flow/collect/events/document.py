"""What the API's documentation says of POST /api/events/batch, whose endpoint the framework does not know."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from flow.collect.events.endpoint import PATH
from flow.collect.events.envelope import MAX_EVENTS, Envelope, WireEvent
from flow.collect.events.errors import Status

__all__ = ["add_batch_operation"]

_DESCRIPTION = (
    f"Takes up to {MAX_EVENTS} events of one page and answers after they are stored, event by event and in the order "
    "sent: `accepted`, `duplicate`, or `rejected` with a reason. The site key says whose they are; it is public and "
    "bound to the origins that may use it. `text/plain` is read as JSON, for `sendBeacon`. `event_data` holds the "
    "properties of the event's type in the catalogue."
)


class SentEvent(WireEvent):
    """One event."""

    event_data: dict[str, Any] = {}  # type: ignore[assignment]  # noqa: RUF012 (msgspec copies it)


class EventBatch(Envelope, kw_only=True):
    """What is true of all its events, and the events in the order they happened."""

    events: Annotated[list[SentEvent], msgspec.Meta(max_length=MAX_EVENTS)]  # type: ignore[assignment]


class EventResult(msgspec.Struct):
    """What became of one event; `id` as it was sent, `code` and `message` of a rejected one."""

    id: str | None
    status: Status
    code: str | None = None
    message: str | None = None


class EventBatchAnswer(msgspec.Struct):
    """What became of a batch."""

    accepted: int
    duplicate: int
    rejected: int
    results: list[EventResult]


def add_batch_operation(document: dict[str, Any]) -> None:
    """Puts the operation and its schemas into an OpenAPI document."""
    template = "#/components/schemas/{name}"
    (batch, answer), schemas = msgspec.json.schema_components((EventBatch, EventBatchAnswer), ref_template=template)
    document["components"]["schemas"].update(schemas)
    document["paths"][PATH] = {"post": _operation(batch, answer)}


def _operation(batch: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorAnswer"}}}
    return {
        "tags": ["events"],
        "summary": "Send Events",
        "description": _DESCRIPTION,
        "operationId": "send_events",
        "requestBody": {"required": True, "content": {"application/json": {"schema": batch}}},
        "responses": {
            "200": {"description": "What became of each event.", "content": {"application/json": {"schema": answer}}},
            "4XX": {"description": "The batch is refused as a whole.", "content": error},
            "5XX": {"description": "Not stored; send it again after the seconds in Retry-After.", "content": error},
        },
    }
