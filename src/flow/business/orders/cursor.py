"""Where a page of orders ended, as an opaque text."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from uuid import UUID

from flow.business.orders.types import Order
from flow.errors import InvalidInput


def cursor_after(order: Order) -> str:
    """The cursor of the page that begins after `order`."""
    return urlsafe_b64encode(f"{order.created_at.isoformat()} {order.id}".encode()).decode()


def read_cursor(cursor: str | None) -> tuple[datetime, UUID] | None:
    """(created_at, id) of the last order seen; InvalidInput for what `cursor_after` never made."""
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
