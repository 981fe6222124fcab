"""The dashboard's addresses: the page, its data, its files, its live stream."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from pydantic import AwareDatetime

from flow.database.transaction import Transaction
from flow.delivery.dashboards import labels, store
from flow.delivery.dashboards.executive import executive_tiles
from flow.delivery.dashboards.export import MEDIA_TYPES, FileKind, tile_file
from flow.delivery.dashboards.live import LiveDashboard
from flow.delivery.dashboards.selection import read_selection
from flow.delivery.dashboards.types import Selection
from flow.delivery.realtime.hub import LiveHub
from flow.errors import NotFound
from flow.web.pages import render, translator, wants_page
from flow.web.places import places
from flow.web.services import services
from flow.web.transactions import Claims, UserTransaction

router = APIRouter(tags=["dashboards"])


class Choice:
    """The query of every dashboard address."""

    def __init__(
        self,
        restaurant: Annotated[str, Query(max_length=36, description="A restaurant's id, `all`, or `all-DKK`.")] = "",
        period: Annotated[str, Query(max_length=12, description="today, yesterday, 7d, 30d, month, …")] = "",
        compare: Annotated[str, Query(max_length=12, description="last_week, last_year, previous or none.")] = "",
        first: Annotated[str, Query(alias="from", max_length=10, description="First day, for period=custom.")] = "",
        last: Annotated[str, Query(alias="to", max_length=10, description="Last day, for period=custom.")] = "",
    ) -> None:
        self.parameters = {"restaurant": restaurant, "period": period, "compare": compare, "from": first, "to": last}


Chosen = Annotated[Choice, Depends()]


@router.get("/dashboard", response_class=HTMLResponse, include_in_schema=False)
async def dashboard_page(request: Request, transaction: UserTransaction, chosen: Chosen) -> Response:
    """The executive dashboard; a person who sees no restaurant is led to what they do see."""
    caller = transaction.caller
    if caller is not None and not caller.restaurants_with("restaurant.read") and wants_page(request):
        return RedirectResponse("/", status_code=303)
    words, clock = translator(request), services(request).clock
    made_at = clock.now()
    selection = await _select(request, transaction, chosen)
    start = await store.starting_point(transaction, selection.selected)
    tiles = await executive_tiles(transaction, selection, clock=clock, words=words)
    return render(
        request,
        "dashboard.html",
        title=f"{selection.selected.name} · {selection.period.label}",
        restaurants=selection.choices,
        groups=selection.groups,
        selected=selection.selected,
        period=selection.period,
        comparison=selection.comparison,
        comparisons=labels.comparisons(selection.period.days, words),
        live=_live(selection, made_at),
        start=start,
        base_url=services(request).settings.base_url,
        tiles=tiles,
        zone=selection.selected.time_zone,
        places=places(transaction, selection.selected.id, words),
    )


@router.get("/api/dashboards/executive")
async def dashboard_data(request: Request, transaction: UserTransaction, chosen: Chosen) -> dict[str, Any]:
    """The same tiles as the page shows, as data. Money is in øre."""
    selection = await _select(request, transaction, chosen)
    tiles = await executive_tiles(transaction, selection, clock=services(request).clock, words=translator(request))
    return {
        "restaurant": {"id": selection.selected.id, "name": selection.selected.name},
        "simulated": selection.selected.simulated,
        "period": {"from": selection.period.days.first, "to": selection.period.days.last},
        "comparison": selection.comparison.key,
        "tiles": {key: asdict(tile) for key, tile in tiles.items()},
    }


@router.get("/dashboard/tiles/{tile}.{kind}", include_in_schema=False)
async def dashboard_file(
    request: Request,
    transaction: UserTransaction,
    chosen: Chosen,
    tile: Annotated[str, Path(max_length=40)],
    kind: FileKind,
) -> Response:
    """One tile as CSV, XLSX or PNG."""
    words = translator(request)
    selection = await _select(request, transaction, chosen)
    tiles = await executive_tiles(transaction, selection, clock=services(request).clock, words=words)
    if tile not in tiles:
        raise NotFound
    templates = services(request).templates
    body = await tile_file(tiles[tile], kind, selection, templates=templates, words=words)
    days = selection.period.days
    name = f"flow-{tile}-{days.first.isoformat()}-{days.last.isoformat()}.{kind}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=MEDIA_TYPES[kind], headers=headers)


@router.get("/dashboard/live", include_in_schema=False)
async def dashboard_stream(
    request: Request,
    claims: Claims,
    chosen: Chosen,
    since: AwareDatetime | None = None,
    last_event_id: Annotated[str, Header(max_length=40)] = "",
) -> StreamingResponse:
    """New orders and changed figures as Server-Sent Events, from when the page was made or the stream broke off."""
    flow = services(request)
    async with flow.database.as_user(claims, read_only=True) as transaction:
        selection = await _select(request, transaction, chosen)
    hub: LiveHub = request.app.state.live
    dashboard = LiveDashboard(flow, hub, claims, chosen.parameters, translator(request))
    stream = dashboard.stream(selection.selected.ids, since=_time_of(last_event_id) or since)
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(stream, media_type="text/event-stream", headers=headers)


async def _select(request: Request, transaction: Transaction, chosen: Choice) -> Selection:
    choices = await store.restaurants(transaction)
    return read_selection(choices, chosen.parameters, now=services(request).clock.now(), words=translator(request))


def _live(selection: Selection, made_at: datetime) -> dict[str, str] | None:
    if not selection.period.includes_today:
        return None
    return {"url": f"/dashboard/live?{selection.query}&{urlencode({'since': made_at.isoformat()})}"}


def _time_of(event_id: str) -> datetime | None:
    """The id of our own events is a time; of others we know nothing."""
    with suppress(ValueError):
        at = datetime.fromisoformat(event_id)
        return at if at.tzinfo else None
    return None
