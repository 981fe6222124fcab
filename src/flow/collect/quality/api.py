"""The quality of the data over HTTP: drops, the quarantine and its replay, capture rates."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from flow.business.fields import RequestModel
from flow.business.restaurants.service import restaurant_of_staff
from flow.business.restaurants.types import Restaurant
from flow.collect.events.errors import IngestUnavailable, RejectionCode
from flow.collect.quality import store
from flow.collect.quality.service import capture_of_days, replay
from flow.collect.quality.types import CapturedDay, Dropped, RejectedEvent, Replayed
from flow.errors import InvalidInput
from flow.web.cursor import cursor_after, read_cursor
from flow.web.services import services
from flow.web.transactions import UserTransaction

router = APIRouter(prefix="/api/quality", tags=["quality"])

_MOST_DAYS = 92
_MOST_DROPS = 5_000

RestaurantId = Annotated[UUID, Query(description="The restaurant whose data these are.")]
Day = Annotated[date | None, Query(ge=date(1990, 1, 1), le=date(2199, 12, 31))]
FirstDay = Annotated[Day, Query(alias="from", description="First business day; by default the last 30 days.")]
LastDay = Annotated[Day, Query(alias="to", description="Last business day, included; by default today.")]


class Drops(BaseModel):
    """Events of robots that were dropped, per hour and reason; `total` of them."""

    total: int
    drops: list[Dropped]


class RejectedPage(BaseModel):
    """Events in the quarantine, newest first; `next` is the cursor of the page after."""

    events: list[RejectedEvent]
    next: str | None


class ReplayBody(RequestModel):
    """Which events to send through the pipeline again."""

    ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=500)]


class ReplayAnswer(BaseModel):
    """What became of each; events that had got in already are left out."""

    replayed: list[Replayed]


class Capture(BaseModel):
    """How much of each business day was captured."""

    days: list[CapturedDay]


@router.get("/drops")
async def list_drops(
    request: Request,
    transaction: UserTransaction,
    restaurant_id: RestaurantId,
    first: FirstDay = None,
    last: LastDay = None,
) -> Drops:
    """What was dropped as robots, and why. Needs quality.read."""
    restaurant = await restaurant_of_staff(transaction, restaurant_id, "quality.read")
    first, last = _days(request, restaurant, first, last)
    since, until = restaurant.calendar.start(first), restaurant.calendar.bounds(last)[1]
    drops = await store.dropped(transaction, restaurant.id, since=since, until=until, limit=_MOST_DROPS)
    return Drops(total=sum(drop.count for drop in drops), drops=drops)


@router.get("/rejected")
async def list_rejected(
    transaction: UserTransaction,
    restaurant_id: RestaurantId,
    reason: Annotated[RejectionCode | None, Query(description="Only those refused for this reason.")] = None,
    replayed: Annotated[bool | None, Query(description="Only those that were replayed, or were not.")] = None,
    cursor: Annotated[str | None, Query(max_length=200, description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> RejectedPage:
    """The quarantine: events that were refused, why, and what was sent. Needs quality.read."""
    restaurant = await restaurant_of_staff(transaction, restaurant_id, "quality.read")
    found = await store.rejected(
        transaction,
        restaurant.id,
        reason=reason,
        is_replayed=replayed,
        before=read_cursor(cursor),
        limit=limit + 1,
    )
    page = found[:limit]
    return RejectedPage(
        events=page, next=cursor_after(page[-1].received_at, page[-1].id) if len(found) > limit else None
    )


@router.post("/rejected/replay")
async def replay_rejected(
    request: Request, transaction: UserTransaction, restaurant_id: RestaurantId, body: ReplayBody
) -> ReplayAnswer:
    """Sends events out of the quarantine through the pipeline again, as of when they came in. Needs quality.write."""
    restaurant = await restaurant_of_staff(transaction, restaurant_id, "quality.write")
    ingest = request.app.state.ingest
    if ingest is None:
        raise IngestUnavailable
    now = services(request).clock.now()
    return ReplayAnswer(replayed=await replay(transaction, ingest, restaurant.id, body.ids, now=now))


@router.get("/capture")
async def get_capture(
    request: Request,
    transaction: UserTransaction,
    restaurant_id: RestaurantId,
    first: FirstDay = None,
    last: LastDay = None,
) -> Capture:
    """How much was captured, by the pages' numbering of events and by web orders FLOW took. Needs quality.read."""
    restaurant = await restaurant_of_staff(transaction, restaurant_id, "quality.read")
    first, last = _days(request, restaurant, first, last)
    return Capture(days=await capture_of_days(transaction, restaurant.id, restaurant.calendar, first=first, last=last))


def _days(request: Request, restaurant: Restaurant, first: date | None, last: date | None) -> tuple[date, date]:
    """The days asked for, by default the last thirty; InvalidInput when they are in disorder or too many."""
    last = last or restaurant.calendar.business_day(services(request).clock.now())
    first = first or last - timedelta(days=29)
    if last < first:
        raise InvalidInput("The last day lies before the first.", details={"at": "query.to"})
    if last - first >= timedelta(days=_MOST_DAYS):
        raise InvalidInput(f"At most {_MOST_DAYS} days at a time.", details={"at": "query.from"})
    return first, last
