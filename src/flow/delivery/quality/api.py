"""The page about the data, and the button that replays what was refused."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import AwareDatetime

from flow.business.restaurants.service import restaurant_of_staff
from flow.collect.events.errors import IngestUnavailable
from flow.collect.quality import store
from flow.collect.quality.service import capture_of_days, replay
from flow.collect.quality.types import RejectedEvent
from flow.database.transaction import Transaction
from flow.delivery.dashboards.choices import choose
from flow.delivery.dashboards.selection import read_day
from flow.delivery.dashboards.store import restaurants
from flow.delivery.dashboards.types import DashboardRestaurant
from flow.delivery.quality import labels
from flow.delivery.quality.tiles import quality_tiles
from flow.errors import InvalidInput, NotAllowed
from flow.kit.period import Period
from flow.web.i18n import Translator
from flow.web.pages import render, translator
from flow.web.places import places
from flow.web.services import services
from flow.web.transactions import UserTransaction

router = APIRouter(include_in_schema=False)
PAGE_SIZE = 50
_USUAL_DAYS, _MOST_DAYS = 30, 92
_MOST_DROPS = 5_000

Day = Annotated[str, Query(max_length=10)]
Count = Annotated[int | None, Query(ge=0, le=10_000)]


@router.get("/quality", response_class=HTMLResponse)
async def quality_page(
    request: Request,
    transaction: UserTransaction,
    restaurant: Annotated[str, Query(max_length=36)] = "",
    first: Annotated[Day, Query(alias="from")] = "",
    last: Annotated[Day, Query(alias="to")] = "",
    reason: Annotated[str, Query(max_length=40)] = "",
    before_at: AwareDatetime | None = None,
    before_id: UUID | None = None,
    accepted: Count = None,
    refused: Count = None,
) -> HTMLResponse:
    """How much was captured, what was dropped, what lies in the quarantine."""
    words, now = translator(request), services(request).clock.now()
    choices = await restaurants(transaction, "quality.read")
    if not choices:
        raise NotAllowed
    chosen = choose(choices, restaurant, words).restaurants[0]
    days = _days(first, last, chosen.calendar.business_day(now))
    before = (before_at, before_id) if before_at and before_id else None
    found = await store.rejected(
        transaction, chosen.id, reason=reason or None, is_replayed=None, before=before, limit=PAGE_SIZE + 1
    )
    since, until = chosen.calendar.span(days)
    drops = await store.dropped(transaction, chosen.id, since=since, until=until, limit=_MOST_DROPS)
    captured = await capture_of_days(transaction, chosen.id, chosen.calendar, first=days.first, last=days.last)
    return render(
        request,
        "quality.html",
        title=words.gettext("Data quality"),
        restaurant=chosen,
        choices=choices if len(choices) > 1 else [],
        days=days,
        tiles=quality_tiles(captured, drops, now=now, words=words),
        rejected=[(event, _texts(event, words)) for event in found[:PAGE_SIZE]],
        reason=reason,
        reasons=[(key, labels.refused(key, words)) for key in labels.REFUSED],
        next_query=_older(chosen, days, reason, found[PAGE_SIZE - 1]) if len(found) > PAGE_SIZE else None,
        may_replay=_may_replay(transaction, chosen.id),
        outcome=None if accepted is None else (accepted, refused or 0),
        zone=chosen.time_zone,
        places=places(transaction, str(chosen.id), words),
    )


@router.post("/quality/replay")
async def replay_events(
    request: Request,
    transaction: UserTransaction,
    restaurant: UUID,
    ids: Annotated[list[UUID], Form(alias="id", min_length=1, max_length=PAGE_SIZE)],
) -> RedirectResponse:
    """Sends events of the quarantine through the checks again, and shows what became of them."""
    found = await restaurant_of_staff(transaction, restaurant, "quality.write")
    ingest = request.app.state.ingest
    if ingest is None:
        raise IngestUnavailable
    outcomes = await replay(transaction, ingest, found.id, ids, now=services(request).clock.now())
    counts = Counter(each.outcome for each in outcomes)
    told = {"restaurant": found.id, "accepted": counts["accepted"] + counts["duplicate"], "refused": counts["rejected"]}
    return RedirectResponse(f"/quality?{urlencode(told)}#quarantine", status_code=303)


def _days(first: str, last: str, today: date) -> Period:
    end = read_day(last) if last else today
    start = read_day(first) if first else end - timedelta(days=_USUAL_DAYS - 1)
    if not 0 <= (end - start).days < _MOST_DAYS:
        raise InvalidInput(f"Choose 1 to {_MOST_DAYS} days, the first one first.")
    return Period(start, end)


def _texts(event: RejectedEvent, words: Translator) -> dict[str, str]:
    return {
        "reason": labels.refused(event.reason, words),
        "outcome": labels.outcome(event.replay_outcome, words) if event.replay_outcome else "",
    }


def _older(restaurant: DashboardRestaurant, days: Period, reason: str, last: RejectedEvent) -> str:
    given = {
        "restaurant": restaurant.id,
        "from": days.first,
        "to": days.last,
        "reason": reason,
        "before_at": last.received_at.isoformat(),
        "before_id": last.id,
    }
    return urlencode({name: value for name, value in given.items() if value}) + "#quarantine"


def _may_replay(transaction: Transaction, restaurant: UUID) -> bool:
    return transaction.caller is not None and restaurant in transaction.caller.restaurants_with("quality.write")
