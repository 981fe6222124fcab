"""What an endpoint is sent: the event as JSON, in full or as the few fields that say what to fetch."""

from __future__ import annotations

import hashlib
import hmac
import json
from uuid import UUID

from flow.business.outbox.catalogue import SCHEMA
from flow.business.outbox.types import OutboxEvent
from flow.delivery.webhooks.types import PayloadForm

__all__ = ["MAX_BODY_BYTES", "body_of", "message_id", "order_of", "pseudonym_of"]

MAX_BODY_BYTES = 20_000
"""As Standard Webhooks has it; what is larger is sent thin."""
_THIN = frozenset({"order_id", "payment_id", "endpoint_id", "status", "previous_status", "created_at"})
_PURPOSE = b"flow: guests in webhooks"


def body_of(event: OutboxEvent, form: PayloadForm, *, secret: bytes) -> str:
    """The JSON text; a full one of more than 20 kB is thin instead and says so."""
    text = _text(event, form, secret)
    if form == "full" and len(text.encode()) > MAX_BODY_BYTES:
        return _text(event, "thin", secret, is_shortened=True)
    return text


def message_id(event_id: UUID) -> str:
    """The header webhook-id: the same in every try, by which a receiver knows an event again."""
    return f"evt_{event_id.hex}"


def order_of(body: str) -> UUID | None:
    """The order that a body of ours tells of, be it by way of its payment."""
    data = json.loads(body).get("data", {})
    return UUID(data["order_id"]) if data.get("order_id") else None


def pseudonym_of(secret: bytes, restaurant_id: UUID, customer_id: UUID) -> str:
    """A name for a guest that is good within one restaurant and leads nobody to a contact.

    By a key that is derived from the installation's `secret` for this restaurant, so that it cannot be tried out.
    """
    key = hmac.digest(secret, _PURPOSE + restaurant_id.bytes, hashlib.sha256)
    return f"guest_{hmac.digest(key, customer_id.bytes, hashlib.sha256).hex()[:32]}"


def _text(event: OutboxEvent, form: PayloadForm, secret: bytes, *, is_shortened: bool = False) -> str:
    data: dict[str, object] = {"restaurant_id": str(event.restaurant_id), "version": event.version}
    if event.object_type != "endpoint":
        customer = event.customer_id
        data["customer"] = pseudonym_of(secret, event.restaurant_id, customer) if customer else None
    data |= event.data if form == "full" else {name: event.data[name] for name in event.data if name in _THIN}
    if is_shortened:
        data["shortened"] = True
    moment = event.occurred_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    body = {"type": event.event_type, "timestamp": moment, "schema": SCHEMA, "data": data}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
