"""The outbox: what happened to orders, payments and guests, written in the transaction that made it happen."""

from flow.business.outbox.catalogue import EVENT_TYPES, EventType
from flow.business.outbox.store import CHANNEL, record
from flow.business.outbox.types import OutboxEvent

__all__ = ["CHANNEL", "EVENT_TYPES", "EventType", "OutboxEvent", "record"]
