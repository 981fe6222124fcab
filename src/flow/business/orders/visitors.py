"""Who a request's visitor is, as the layer knows that collects visits; orders only ask."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from fastapi import Request

from flow.business.restaurants.types import Restaurant


class VisitorIdentity(Protocol):
    """Derives the cookieless visitor ids of a request, the same that its page's events got."""

    async def visitors_of(self, request: Request, restaurant: Restaurant) -> tuple[UUID, ...]:
        """Today's id, and yesterday's while a visit may span both; none where nobody is to be recognised.

        No transaction of the request is open while this is asked, so it may open its own.
        """
        ...


class NoVisitors:
    """For an application that collects no visits: every guest comes from nowhere."""

    async def visitors_of(self, request: Request, restaurant: Restaurant) -> tuple[UUID, ...]:  # noqa: ARG002
        """Nobody."""
        return ()
