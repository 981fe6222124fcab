"""Orders and visits behind a number: a page each, with the same filters as the address that led there, and as files."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from flow.database.transaction import Transaction
from flow.delivery.dashboards import labels
from flow.delivery.dashboards import store as dashboards
from flow.delivery.dashboards.export import MEDIA_TYPES
from flow.delivery.dashboards.selection import LONGEST_DAYS, read_selection
from flow.delivery.dashboards.types import Selected
from flow.delivery.exports.tables import Table, as_csv, as_xlsx
from flow.delivery.rows import store
from flow.delivery.rows.tables import ORDERS_AT_MOST, order_table, visit_table
from flow.delivery.rows.types import OrderRow, VisitRow
from flow.errors import InvalidInput, NotAllowed
from flow.kit.money import Money, is_currency
from flow.kit.period import Period
from flow.web.i18n import Translator
from flow.web.pages import render, translator
from flow.web.services import services
from flow.web.transactions import UserTransaction

router = APIRouter(include_in_schema=False)
PAGE_SIZE = 50
_UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Filters:
    """The query of a list, as it was given; empty lets all pass."""

    restaurant: str
    first: str
    last: str
    status: str
    channel: str
    touch: str
    product: UUID | None
    hour: int | None

    def query(self, **more: str) -> str:
        """The same filters as a query string."""
        given = {
            "restaurant": self.restaurant,
            "from": self.first,
            "to": self.last,
            "status": self.status,
            "channel": self.channel,
            "touch": self.touch,
            "product": str(self.product or ""),
            "hour": "" if self.hour is None else str(self.hour),
            **more,
        }
        return urlencode({name: value for name, value in given.items() if value})


def _filters(
    restaurant: Annotated[str, Query(max_length=36)] = "",
    first: Annotated[str, Query(alias="from", max_length=10)] = "",
    last: Annotated[str, Query(alias="to", max_length=10)] = "",
    status: Annotated[str, Query(max_length=20)] = "",
    channel: Annotated[str, Query(max_length=30)] = "",
    touch: Annotated[str, Query(max_length=30)] = "",
    product: UUID | None = None,
    hour: Annotated[int | None, Query(ge=0, le=23)] = None,
) -> Filters:
    return Filters(restaurant, first, last, status, channel, touch, product, hour)


def _before(before_at: datetime | None = None, before_id: UUID | None = None) -> store.Before:
    if before_at is not None and before_at.tzinfo is None:
        raise InvalidInput("before_at needs a time zone.")
    return store.Before(before_at, before_id)


Wished = Annotated[Filters, Depends(_filters)]
After = Annotated[store.Before, Depends(_before)]


@router.get("/orders", response_class=HTMLResponse)
async def orders_page(request: Request, transaction: UserTransaction, filters: Wished, before: After) -> HTMLResponse:
    """Orders, newest first."""
    words = translator(request)
    selected, wanted = await _wanted(request, transaction, filters, "orders.read")
    rows = await store.orders(transaction, wanted, before=before, page_size=PAGE_SIZE + 1)
    sums = await store.order_sums(transaction, wanted)
    shown = rows[:PAGE_SIZE]
    currency = shown[0].currency if shown and sums.currencies == 1 else None
    return render(
        request,
        "orders.html",
        title=words.gettext("Orders"),
        selected=selected,
        rows=[_order(row, words) for row in shown],
        count=sums.orders,
        total=words.money(Money(sums.total, currency)) if currency and is_currency(currency) else None,
        narrowed=_narrowed(filters, words),
        days=wanted.days,
        next_href=_next("/orders", filters, shown, more=len(rows) > PAGE_SIZE),
        back_href="/dashboard?" + _dashboard_query(filters, wanted.days),
        export={kind: f"/orders/export.{kind}?{filters.query()}" for kind in ("csv", "xlsx")},
        zone=selected.time_zone,
    )


@router.get("/visits", response_class=HTMLResponse)
async def visits_page(request: Request, transaction: UserTransaction, filters: Wished, before: After) -> HTMLResponse:
    """Visits, newest first."""
    words = translator(request)
    selected, wanted = await _wanted(request, transaction, filters, "behaviour.read")
    rows = await store.visits(transaction, wanted, before=before, page_size=PAGE_SIZE + 1)
    shown = rows[:PAGE_SIZE]
    return render(
        request,
        "visits.html",
        title=words.gettext("Visits"),
        selected=selected,
        rows=[(row, labels.channel(row.channel, words)) for row in shown],
        days=wanted.days,
        next_href=_next("/visits", filters, shown, more=len(rows) > PAGE_SIZE),
        back_href="/dashboard?" + _dashboard_query(filters, wanted.days),
        export={kind: f"/visits/export.{kind}?{filters.query()}" for kind in ("csv", "xlsx")},
        zone=selected.time_zone,
    )


@router.get("/orders/export.{kind}")
async def orders_file(
    request: Request, transaction: UserTransaction, filters: Wished, kind: Literal["csv", "xlsx"]
) -> Response:
    """Every order that matches, as a file."""
    selected, wanted = await _wanted(request, transaction, filters, "orders.read")
    rows = await store.orders(transaction, wanted, before=store.Before(), page_size=ORDERS_AT_MOST)
    table = order_table(rows, selected, translator(request))
    return await _file(table, kind, name="orders")


@router.get("/visits/export.{kind}")
async def visits_file(
    request: Request, transaction: UserTransaction, filters: Wished, kind: Literal["csv", "xlsx"]
) -> Response:
    """Every visit that matches, as a file."""
    selected, wanted = await _wanted(request, transaction, filters, "behaviour.read")
    rows = await store.visits(transaction, wanted, before=store.Before(), page_size=ORDERS_AT_MOST)
    table = visit_table(rows, selected, translator(request))
    return await _file(table, kind, name="visits")


async def _file(table: Table, kind: Literal["csv", "xlsx"], *, name: str) -> Response:
    body = await asyncio.to_thread(as_csv if kind == "csv" else as_xlsx, table)
    headers = {"content-disposition": f'attachment; filename="flow-{name}.{kind}"'}
    return Response(body, media_type=MEDIA_TYPES[kind], headers=headers)


async def _wanted(
    request: Request, transaction: Transaction, filters: Filters, permission: str
) -> tuple[Selected, store.Wanted]:
    assert transaction.caller is not None
    if not transaction.caller.restaurants_with(permission):
        raise NotAllowed
    words = translator(request)
    choices = await dashboards.restaurants(transaction, transaction.caller.restaurants_with(permission))
    now = services(request).clock.now()
    selection = read_selection(choices, {"restaurant": filters.restaurant}, now=now, words=words)
    wanted = store.Wanted(
        restaurants=selection.selected.restaurants,
        days=_days(filters, selection.today.first),
        status=filters.status or None,
        channel=filters.channel or None,
        touch="" if filters.touch == _UNKNOWN else filters.touch or None,
        product=filters.product,
        hour=filters.hour,
    )
    return selection.selected, wanted


def _days(filters: Filters, today: date) -> Period:
    try:
        first = date.fromisoformat(filters.first) if filters.first else today
        last = date.fromisoformat(filters.last) if filters.last else first
    except ValueError:
        raise InvalidInput("from and to are dates, such as 2026-01-31.") from None
    if not 0 <= (last - first).days < LONGEST_DAYS or not 1990 <= first.year <= last.year <= 2100:
        raise InvalidInput("A list holds three years at most, and to is not before from.")
    return Period(first, last)


def _order(row: OrderRow, words: Translator) -> tuple[OrderRow, dict[str, str]]:
    money = Money(row.total, row.currency) if is_currency(row.currency) else None
    texts = {
        "status": labels.status(row.status, words),
        "channel": labels.channel(row.channel, words),
        "touch": labels.channel(row.last_touch, words),
        "total": words.money(money),
    }
    return row, texts


def _narrowed(filters: Filters, words: Translator) -> list[str]:
    """What the list is narrowed to, in words."""
    texts = []
    if filters.status:
        known = filters.status in labels.STATUSES
        texts.append(labels.status(filters.status, words) if known else words.gettext("On their way"))
    if filters.channel:
        texts.append(labels.channel(filters.channel, words))
    if filters.touch:
        texts.append(labels.channel("" if filters.touch == _UNKNOWN else filters.touch, words))
    if filters.hour is not None:
        texts.append(words.gettext("%(hour)s:00–%(hour)s:59", hour=f"{filters.hour:02}"))
    if filters.product:
        texts.append(words.gettext("one product"))
    return texts


def _next(path: str, filters: Filters, shown: Sequence[OrderRow | VisitRow], *, more: bool) -> str | None:
    if not more:
        return None
    last = shown[-1]
    at, row_id = (last.created_at, last.id) if isinstance(last, OrderRow) else (last.started_at, last.session_id)
    return f"{path}?{filters.query(before_at=at.isoformat(), before_id=str(row_id))}"


def _dashboard_query(filters: Filters, days: Period) -> str:
    return urlencode(
        {
            "restaurant": filters.restaurant,
            "period": "custom",
            "from": days.first.isoformat(),
            "to": days.last.isoformat(),
        }
    )
