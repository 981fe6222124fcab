"""Lists of rows as tables for CSV and XLSX. Money in whole units of its currency, times of the restaurant's clock."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from zoneinfo import ZoneInfo

from flow.delivery.dashboards import labels
from flow.delivery.dashboards.types import Selected
from flow.delivery.exports.tables import Cell, Table
from flow.delivery.rows.types import OrderRow, VisitRow
from flow.web.formats import UNKNOWN
from flow.web.i18n import Translator


def order_table(rows: Iterable[OrderRow], selected: Selected, words: Translator) -> Table:
    """One row for each order."""
    zone = ZoneInfo(selected.time_zone)
    columns = [
        words.gettext("Restaurant"),
        words.gettext("Order"),
        words.gettext("Time"),
        words.gettext("Status"),
        words.gettext("Channel"),
        words.gettext("Came by"),
        words.gettext("Products"),
        words.gettext("Subtotal"),
        words.gettext("Discount"),
        words.gettext("Delivery"),
        words.gettext("Total"),
        words.gettext("Refunded"),
        words.gettext("Currency"),
    ]
    cells: Iterable[list[Cell]] = (
        [
            row.restaurant,
            row.number,
            row.created_at.astimezone(zone),
            labels.status(row.status, words),
            labels.channel(row.channel, words),
            came_by(row, words),
            row.items,
            *map(_whole, (row.subtotal, row.discount, row.delivery_fee, row.total, row.refunded)),
            row.currency,
        ]
        for row in rows
    )
    return Table(words.gettext("Orders"), columns, cells, [selected.name])


def came_by(row: OrderRow, words: Translator) -> str:
    """The channel of the visit that led to the order; a dash for who may not know."""
    return UNKNOWN if row.last_touch is None else labels.channel(row.last_touch, words)


def visit_table(rows: Iterable[VisitRow], selected: Selected, words: Translator) -> Table:
    """One row for each visit."""
    zone = ZoneInfo(selected.time_zone)
    columns = [
        words.gettext("Restaurant"),
        words.gettext("Time"),
        words.gettext("Seconds"),
        words.gettext("Page views"),
        words.gettext("Events"),
        words.gettext("Came by"),
        words.gettext("Source"),
        words.gettext("Device"),
        words.gettext("First page"),
        words.gettext("Ordered"),
    ]
    cells = (
        [
            row.restaurant,
            row.started_at.astimezone(zone),
            row.seconds,
            row.page_views,
            row.events,
            labels.channel(row.channel, words),
            row.source,
            labels.device(row.device, words),
            row.landing_page,
            words.gettext("yes") if row.ordered else words.gettext("no"),
        ]
        for row in rows
    )
    return Table(words.gettext("Visits"), columns, cells, [selected.name])


def _whole(amount: int) -> Decimal:
    return Decimal(amount) / 100
