"""Where a page of deliveries ended, as an opaque text."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from uuid import UUID

from flow.delivery.webhooks.types import Delivery
from flow.errors import InvalidInput

__all__ = ["cursor_after", "read_cursor"]


def cursor_after(delivery: Delivery) -> str:
    """The cursor of the page that begins after `delivery`."""
    return urlsafe_b64encode(f"{delivery.created_at.isoformat()} {delivery.id}".encode()).decode()


def read_cursor(cursor: str | None) -> tuple[datetime, UUID] | None:
    """(created_at, id) of the last delivery seen; InvalidInput for what `cursor_after` never made."""
    if cursor is None:
        return None
    try:
        time, _, identifier = urlsafe_b64decode(cursor).decode().partition(" ")
        at = datetime.fromisoformat(time)
        if at.tzinfo is None:
            raise ValueError("a naive time")
        return at, UUID(identifier)
    except ValueError as error:
        raise InvalidInput("This cursor is none of ours.", details={"at": "query.cursor"}) from error
