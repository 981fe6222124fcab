"""An event of the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

ObjectType = Literal["order", "payment", "customer", "endpoint"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxEvent:
    """A row of outbox_events. `data` is the object as it was then, amounts in øre; `version` grows with each change."""

    restaurant_id: UUID
    id: UUID
    sequence: int
    event_type: str
    object_type: ObjectType
    object_id: UUID
    version: int
    customer_id: UUID | None
    data: dict[str, object]
    occurred_at: datetime
