"""Orders and visits behind a number: a page each, with the same filters as the address that led there, and as files."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Literal, get_args

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from flow.analytics.facts.store import product_names
from flow.business.orders.types import Channel
from flow.database.transaction import Transaction
from flow.delivery.dashboards import labels
from flow.delivery.dashboards.choices import readable
from flow.delivery.dashboards.export import MEDIA_TYPES
from flow.delivery.exports.tables import Table, as_csv, as_xlsx
from flow.delivery.rows import store
from flow.delivery.rows.filters import After, Filters, Wished, in_words
from flow.delivery.rows.listing import ROWS_AT_MOST, Listing, check_size, find_listing
from flow.delivery.rows.tables import came_by, order_table, visit_table
from flow.delivery.rows.types import Before, OrderRow, OrderSums, VisitRow
from flow.kit.money import is_currency
from flow.web.formats import UNKNOWN
from flow.web.i18n import Translator
from flow.web.pages import render
from flow.web.transactions import UserTransaction

router = APIRouter(include_in_schema=False)
PAGE_SIZE = 50
FileKind = Literal["csv", "xlsx"]


@router.get("/orders", response_class=HTMLResponse)
async def orders_page(request: Request, transaction: UserTransaction, filters: Wished, after: After) -> HTMLResponse:
    """Orders, newest first."""
    listing = await find_listing(request, transaction, filters, "active_orders.read")
    words = listing.words
    rows = await store.orders(transaction, listing.wanted, before=after, page_size=PAGE_SIZE + 1)
    sums = await store.order_sums(transaction, listing.wanted)
    sees_all = "orders.read" in readable(transaction, listing.selected)
    shown = rows[:PAGE_SIZE]
    return render(
        request,
        "orders.html",
        title=words.gettext("Orders"),
        **listing.page(transaction, "/orders"),
        rows=[(row, _order_texts(row, words)) for row in shown],
        sums=sums,
        sees_all=sees_all,
        revenue=_revenue(sums, words) if sees_all else None,
        narrowed=in_words(filters, await _product(transaction, listing), words),
        statuses=[(key, labels.status(key, words)) for key in labels.STATUSES],
        channels=[(key, labels.channel(key, words)) for key in get_args(Channel)],
        next_query=_next(filters, shown) if len(rows) > PAGE_SIZE else None,
    )


@router.get("/visits", response_class=HTMLResponse)
async def visits_page(request: Request, transaction: UserTransaction, filters: Wished, after: After) -> HTMLResponse:
    """Visits, newest first."""
    listing = await find_listing(request, transaction, filters, "behaviour.read")
    words = listing.words
    rows = await store.visits(transaction, listing.wanted, before=after, page_size=PAGE_SIZE + 1)
    shown = rows[:PAGE_SIZE]
    return render(
        request,
        "visits.html",
        title=words.gettext("Visits"),
        **listing.page(transaction, "/visits"),
        rows=[(row, _visit_texts(row, words)) for row in shown],
        sums=await store.visit_sums(transaction, listing.wanted),
        next_query=_next(filters, shown) if len(rows) > PAGE_SIZE else None,
    )


@router.get("/orders/export.{kind}")
async def orders_file(request: Request, transaction: UserTransaction, filters: Wished, kind: FileKind) -> Response:
    """Every order that matches, as a file."""
    listing = await find_listing(request, transaction, filters, "active_orders.read")
    check_size((await store.order_sums(transaction, listing.wanted)).rows)
    rows = await store.orders(transaction, listing.wanted, before=Before(), page_size=ROWS_AT_MOST)
    return await _file(order_table(rows, listing.selected, listing.words), kind, name="orders")


@router.get("/visits/export.{kind}")
async def visits_file(request: Request, transaction: UserTransaction, filters: Wished, kind: FileKind) -> Response:
    """Every visit that matches, as a file."""
    listing = await find_listing(request, transaction, filters, "behaviour.read")
    check_size((await store.visit_sums(transaction, listing.wanted)).visits)
    rows = await store.visits(transaction, listing.wanted, before=Before(), page_size=ROWS_AT_MOST)
    return await _file(visit_table(rows, listing.selected, listing.words), kind, name="visits")


async def _file(table: Table, kind: FileKind, *, name: str) -> Response:
    body = await asyncio.to_thread(as_csv if kind == "csv" else as_xlsx, table)
    headers = {"content-disposition": f'attachment; filename="flow-{name}.{kind}"'}
    return Response(body, media_type=MEDIA_TYPES[kind], headers=headers)


def _order_texts(row: OrderRow, words: Translator) -> dict[str, str]:
    return {
        "total": _money(row.total, row.currency, words),
        "paid": _money(row.paid, row.currency, words),
        "refunded": _money(row.refunded, row.currency, words),
        "status": labels.status(row.status, words),
        "channel": labels.channel(row.channel, words),
        "touch": came_by(row, words),
    }


def _visit_texts(row: VisitRow, words: Translator) -> dict[str, str]:
    return {"channel": labels.channel(row.channel, words), "device": labels.device(row.device, words)}


def _money(amount: int, currency: str, words: Translator) -> str:
    return words.money(amount, currency) if is_currency(currency) else UNKNOWN


def _revenue(sums: OrderSums, words: Translator) -> str | None:
    """None where kroner and euro would have to be added."""
    currency = sums.currency
    return words.money(sums.revenue, currency) if currency and is_currency(currency) else None


async def _product(transaction: Transaction, listing: Listing) -> str | None:
    product = listing.filters.product
    if product is None:
        return None
    return (await product_names(transaction, listing.selected.ids, [product])).get(product)


def _next(filters: Filters, shown: Sequence[OrderRow | VisitRow]) -> str:
    last = shown[-1]
    at, row_id = (last.created_at, last.id) if isinstance(last, OrderRow) else (last.started_at, last.session_id)
    return filters.query(before_at=at.isoformat(), before_id=str(row_id))
