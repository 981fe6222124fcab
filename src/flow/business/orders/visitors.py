"""Who a request's visitor is, as the layer knows that collects visits; orders only ask."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from fastapi import Request


class VisitorIdentity(Protocol):
    """Derives the day's cookieless visitor id of a request, the same that its page's events got."""

    async def visitor_of(self, request: Request, restaurant_id: UUID) -> UUID | None:
        """The id, or None where the visitor is not to be recognised."""
        ...


class NoVisitors:
    """For an application that collects no visits: every guest comes from nowhere."""

    async def visitor_of(self, request: Request, restaurant_id: UUID) -> UUID | None:  # noqa: ARG002
        """None."""
        return None
