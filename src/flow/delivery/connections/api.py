"""The page about other systems, its data, its files, and the lists behind its numbers."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import AwareDatetime

from flow.database.transaction import Transaction
from flow.delivery.connections import labels
from flow.delivery.connections.figures import connection_figures
from flow.delivery.connections.links import PAGE
from flow.delivery.connections.store import rows_behind
from flow.delivery.connections.types import Behind, ConnectionRow
from flow.delivery.dashboards import labels as dashboard_labels
from flow.delivery.dashboards import store
from flow.delivery.dashboards.api import Chosen
from flow.delivery.dashboards.choices import choose
from flow.delivery.dashboards.export import MEDIA_TYPES, FileKind, tile_file
from flow.delivery.dashboards.selection import read_day, read_days, read_selection
from flow.delivery.dashboards.types import DashboardRestaurant, Selection
from flow.delivery.integrations.labels import NAMES, reason
from flow.errors import InvalidInput, NotAllowed, NotFound
from flow.web.pages import render, translator
from flow.web.places import places
from flow.web.services import services
from flow.web.transactions import UserTransaction

__all__ = ["router"]

router = APIRouter(tags=["dashboards"])
_SHOWN = 100
_PERMISSION = "integrations.read"


@router.get(PAGE, response_class=HTMLResponse, include_in_schema=False)
async def connections_page(request: Request, transaction: UserTransaction, chosen: Chosen) -> HTMLResponse:
    """How the connections to other systems do."""
    words = translator(request)
    selection = await _select(request, transaction, chosen.parameters)
    found = await connection_figures(transaction, selection, clock=services(request).clock, words=words)
    return render(
        request,
        "connections.html",
        title=words.gettext("Integrations"),
        restaurants=selection.choices,
        groups=selection.groups,
        selected=selection.selected,
        period=selection.period,
        comparison=selection.comparison,
        comparisons=dashboard_labels.comparisons(selection.period.days, words),
        tiles=found.tiles,
        tables=found.tables,
        zone=selection.selected.time_zone,
        places=places(transaction, selection.selected.id, words),
    )


@router.get("/api/dashboards/integrations")
async def connections_data(request: Request, transaction: UserTransaction, chosen: Chosen) -> dict[str, Any]:
    """How the connections to other systems do: the tiles and tables of the page, as data. Needs integrations.read."""
    selection = await _select(request, transaction, chosen.parameters)
    clock = services(request).clock
    found = await connection_figures(transaction, selection, clock=clock, words=translator(request))
    return {
        "restaurant": {"id": selection.selected.id, "name": selection.selected.name},
        "period": {"from": selection.period.days.first, "to": selection.period.days.last},
        "comparison": selection.comparison.key,
        "tiles": {key: asdict(tile) for key, tile in found.tiles.items()},
        "tables": {table.key: asdict(table) for table in found.tables},
    }


@router.get(f"{PAGE}/tiles/{{tile}}.{{kind}}", include_in_schema=False)
async def connections_file(
    request: Request,
    transaction: UserTransaction,
    chosen: Chosen,
    tile: Annotated[str, Path(max_length=40)],
    kind: FileKind,
) -> Response:
    """One tile as CSV, XLSX or PNG."""
    words = translator(request)
    selection = await _select(request, transaction, chosen.parameters)
    found = await connection_figures(transaction, selection, clock=services(request).clock, words=words)
    if tile not in found.tiles:
        raise NotFound
    body = await tile_file(found.tiles[tile], kind, selection, templates=services(request).templates, words=words)
    headers = {"content-disposition": f'attachment; filename="flow-{tile}.{kind}"'}
    return Response(body, media_type=MEDIA_TYPES[kind], headers=headers)


@router.get(f"{PAGE}/{{behind}}", response_class=HTMLResponse, include_in_schema=False)
async def rows_page(
    request: Request,
    transaction: UserTransaction,
    behind: Behind,
    restaurant: Annotated[str, Query(max_length=36)] = "",
    first: Annotated[str, Query(alias="from", max_length=10)] = "",
    last: Annotated[str, Query(alias="to", max_length=10)] = "",
    party: Annotated[str, Query(max_length=60)] = "",
    outcome: Annotated[str, Query(max_length=20)] = "",
    before_at: AwareDatetime | None = None,
    before_id: UUID | None = None,
) -> HTMLResponse:
    """The calls or webhooks behind a number, newest first."""
    words = translator(request)
    selected = choose(await _choices(transaction), restaurant, words)
    today = selected.restaurants[0].calendar.business_day(services(request).clock.now())
    days = read_days(read_day(first) if first else today, read_day(last) if last else today)
    if outcome and outcome not in labels.OUTCOMES[behind]:
        raise InvalidInput(f"There is no such outcome; choose one of {', '.join(labels.OUTCOMES[behind])}.")
    before = (before_at, before_id) if before_at and before_id else None
    found = await rows_behind(
        transaction,
        behind,
        selected,
        days,
        party=party or None,
        outcome=outcome or None,
        before=before,
        most=_SHOWN + 1,
    )
    kept = {"restaurant": selected.id, "from": days.first.isoformat(), "to": days.last.isoformat(), "party": party}
    return render(
        request,
        "connection_rows.html",
        title=words.gettext(labels.TITLES[behind]),
        behind=behind,
        selected=selected,
        days=days,
        rows=found[:_SHOWN],
        names=NAMES,
        reason=partial(reason, words=words),
        party=party,
        outcome=outcome,
        outcomes=labels.OUTCOMES[behind],
        next_query=_older(kept | {"outcome": outcome}, found[_SHOWN - 1]) if len(found) > _SHOWN else None,
        zone=selected.time_zone,
        places=places(transaction, selected.id, words),
    )


async def _select(request: Request, transaction: Transaction, parameters: dict[str, str]) -> Selection:
    choices = await _choices(transaction)
    return read_selection(choices, parameters, now=services(request).clock.now(), words=translator(request))


async def _choices(transaction: Transaction) -> list[DashboardRestaurant]:
    found = await store.restaurants(transaction, _PERMISSION)
    if not found:
        raise NotAllowed
    return found


def _older(kept: dict[str, str], last: ConnectionRow) -> str:
    given = kept | {"before_at": last.at.isoformat(), "before_id": str(last.id)}
    return urlencode({name: value for name, value in given.items() if value})
