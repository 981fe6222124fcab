"""Counts facts over spans: whole spans, splits by dimension, products. Each asks only the tables it needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any
from uuid import UUID

from flow.analytics.facts import store
from flow.analytics.facts.types import (
    ITEM_DIMENSIONS,
    ORDER_DIMENSIONS,
    VISIT_DIMENSIONS,
    FactGroup,
    Facts,
    Span,
    add,
    as_facts,
)
from flow.database.transaction import Transaction

_READ: dict[FactGroup, Callable[[Transaction, Sequence[Span]], Awaitable[list[Any]]]] = {
    "orders": store.order_facts,
    "first_orders": store.first_order_facts,
    "items": store.item_facts,
    "web_orders": store.web_order_facts,
    "visits": store.visit_facts,
    "new_visitors": store.new_visitor_facts,
    "pages": store.page_facts,
    "events": store.event_facts,
    "loyalty": store.loyalty_facts,
}


async def totals(transaction: Transaction, spans: Sequence[Span], groups: Collection[FactGroup]) -> list[Facts]:
    """The facts of each span, in the spans' order, of the groups asked."""
    counted: list[Facts] = [{} for _ in spans]
    for group in sorted(groups) if spans else ():
        for row in await _READ[group](transaction, spans):
            add(counted[row.span - 1], as_facts(row))
    return counted


async def splits(
    transaction: Transaction, spans: Sequence[Span], dimensions: Collection[str]
) -> list[dict[tuple[str, str], Facts]]:
    """(dimension, value) → facts for each span, in the spans' order, of the dimensions asked."""
    counted: list[dict[tuple[str, str], Facts]] = [{} for _ in spans]
    if not spans:
        return counted
    rows: list[Any] = []
    if of_orders := ORDER_DIMENSIONS.intersection(dimensions):
        rows += await store.order_splits(transaction, spans, of_orders)
    if of_visits := VISIT_DIMENSIONS.intersection(dimensions):
        rows += await store.visit_splits(transaction, spans, of_visits)
    if ITEM_DIMENSIONS.intersection(dimensions):
        rows += await store.item_splits(transaction, spans)
    for row in rows:
        add(counted[row.span - 1].setdefault((row.dimension, row.value), {}), as_facts(row))
    return counted


async def products(transaction: Transaction, spans: Sequence[Span], *, carts: bool) -> list[dict[UUID, Facts]]:
    """Product → facts for each span, in the spans' order; with `carts` also how often it was put into carts."""
    counted: list[dict[UUID, Facts]] = [{} for _ in spans]
    if not spans:
        return counted
    rows: list[Any] = [*await store.product_sales(transaction, spans)]
    if carts:
        rows += await store.product_carts(transaction, spans)
    for row in rows:
        add(counted[row.span - 1].setdefault(row.product_id, {}), as_facts(row))
    return counted
