"""Reads rows for lists, a page at a time (keyset: before the last row that was shown)."""

from __future__ import annotations

from flow.database.queries import load_queries
from flow.database.transaction import Transaction
from flow.delivery.rows.types import Before, OrderRow, OrderSums, VisitRow, VisitSums, Wanted

_queries = load_queries(__package__)


async def orders(transaction: Transaction, wanted: Wanted, *, before: Before, page_size: int) -> list[OrderRow]:
    """One page of orders."""
    assert transaction.caller is not None
    return await transaction.all(
        _queries.orders,
        OrderRow,
        **_spans(wanted),
        **_values(wanted),
        with_touch=list(transaction.caller.restaurants_with("behaviour.read")),
        before_at=before.at,
        before_id=before.id,
        page_size=page_size,
    )


async def order_sums(transaction: Transaction, wanted: Wanted) -> OrderSums:
    """Count and revenue of all matching orders."""
    return await transaction.one(_queries.order_sums, OrderSums, **_spans(wanted), **_values(wanted))


async def visits(transaction: Transaction, wanted: Wanted, *, before: Before, page_size: int) -> list[VisitRow]:
    """One page of visits."""
    return await transaction.all(
        _queries.visits, VisitRow, **_spans(wanted), before_at=before.at, before_id=before.id, page_size=page_size
    )


async def visit_sums(transaction: Transaction, wanted: Wanted) -> VisitSums:
    """Count of all matching visits."""
    return await transaction.one(_queries.visit_sums, VisitSums, **_spans(wanted))


def _spans(wanted: Wanted) -> dict[str, object]:
    return {
        "restaurants": [restaurant.id for restaurant in wanted.restaurants],
        "starts": [first for first, _ in wanted.bounds],
        "ends": [past for _, past in wanted.bounds],
    }


def _values(wanted: Wanted) -> dict[str, object]:
    return {"status": wanted.status, "channel": wanted.channel, "touch": wanted.touch, "product": wanted.product}
