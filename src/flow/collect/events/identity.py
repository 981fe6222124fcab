"""Tells orders who a request's visitor is: the same cookieless ids that the page's events got."""

from __future__ import annotations

from uuid import UUID

from fastapi import Request

from flow.business.restaurants.types import Restaurant
from flow.collect.events.types import microseconds
from flow.collect.events.visitors import Visitors, business_day
from flow.web.addresses import client_address
from flow.web.services import services


class RequestVisitors:
    """Derives the ids from the request's address and user agent; both are forgotten at once."""

    async def visitors_of(self, request: Request, restaurant: Restaurant) -> tuple[UUID, ...]:
        """Today's id, and yesterday's while a visit may span both."""
        flow = services(request)
        trusted = flow.settings.trusted_proxy_addresses
        address = client_address(request.scope, trusted)
        now = microseconds(flow.clock.now())
        today_id, yesterday_id = await Visitors(flow.database).cookieless_ids(
            restaurant.id.bytes,
            "" if address in trusted else address,
            request.headers.get("user-agent", ""),
            today=business_day(restaurant.calendar, now),
            now=now,
        )
        return tuple(UUID(bytes=identifier) for identifier in (today_id, yesterday_id) if identifier)
