"""Where a page of a list ended, as an opaque text: lists run by a time and, within it, an id."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from uuid import UUID

from flow.errors import InvalidInput

__all__ = ["cursor_after", "read_cursor"]


def cursor_after(at: datetime, identifier: UUID) -> str:
    """The cursor of the page that begins after the row of this time and id."""
    return urlsafe_b64encode(f"{at.isoformat()} {identifier}".encode()).decode()


def read_cursor(cursor: str | None) -> tuple[datetime, UUID] | None:
    """Time and id of the last row seen; InvalidInput for what `cursor_after` never made."""
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
