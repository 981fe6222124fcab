"""One function per query: spans in, rows out; `row.span` is the span's place in the list, from 1."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from flow.analytics.facts.types import (
    ActiveCustomers,
    ActiveOrders,
    EventFacts,
    FirstOrderFacts,
    ItemFacts,
    ItemSplit,
    LoyaltyFacts,
    NewVisitorFacts,
    OrderFacts,
    OrderSplit,
    PageFacts,
    PageSplit,
    ProductCarts,
    ProductName,
    ProductSales,
    Restaurant,
    Span,
    VisitFacts,
    VisitSplit,
    WebOrderFacts,
)
from flow.database.queries import load_queries
from flow.database.transaction import Transaction

assert __package__
_queries = load_queries(__package__)


async def restaurants(transaction: Transaction, ids: Collection[UUID]) -> dict[UUID, Restaurant]:
    """The restaurants asked for that the caller may see, by id."""
    rows = await transaction.all(_queries.restaurants, Restaurant, restaurants=list(ids))
    return {row.id: row for row in rows}


async def order_facts(transaction: Transaction, spans: Sequence[Span]) -> list[OrderFacts]:
    return await transaction.all(_queries.order_facts, OrderFacts, **_spans(spans), **_currencies(spans))


async def first_order_facts(transaction: Transaction, spans: Sequence[Span]) -> list[FirstOrderFacts]:
    return await transaction.all(_queries.first_order_facts, FirstOrderFacts, **_spans(spans), **_currencies(spans))


async def item_facts(transaction: Transaction, spans: Sequence[Span]) -> list[ItemFacts]:
    return await transaction.all(_queries.item_facts, ItemFacts, **_spans(spans), **_currencies(spans))


async def web_order_facts(transaction: Transaction, spans: Sequence[Span]) -> list[WebOrderFacts]:
    return await transaction.all(
        _queries.web_order_facts, WebOrderFacts, **_spans(spans), **_currencies(spans), **_reach(spans)
    )


async def visit_facts(transaction: Transaction, spans: Sequence[Span]) -> list[VisitFacts]:
    return await transaction.all(_queries.visit_facts, VisitFacts, **_spans(spans))


async def new_visitor_facts(transaction: Transaction, spans: Sequence[Span]) -> list[NewVisitorFacts]:
    return await transaction.all(_queries.new_visitor_facts, NewVisitorFacts, **_spans(spans))


async def page_facts(transaction: Transaction, spans: Sequence[Span]) -> list[PageFacts]:
    return await transaction.all(_queries.page_facts, PageFacts, **_spans(spans), **_reach(spans))


async def event_facts(transaction: Transaction, spans: Sequence[Span]) -> list[EventFacts]:
    return await transaction.all(_queries.event_facts, EventFacts, **_spans(spans), **_reach(spans))


async def loyalty_facts(transaction: Transaction, spans: Sequence[Span]) -> list[LoyaltyFacts]:
    return await transaction.all(_queries.loyalty_facts, LoyaltyFacts, **_spans(spans))


async def order_splits(
    transaction: Transaction, spans: Sequence[Span], dimensions: Collection[str]
) -> list[OrderSplit]:
    return await transaction.all(
        _queries.order_splits,
        OrderSplit,
        **_spans(spans),
        **_currencies(spans),
        **_time_zones(spans),
        dimensions=sorted(dimensions),
    )


async def item_splits(transaction: Transaction, spans: Sequence[Span]) -> list[ItemSplit]:
    return await transaction.all(_queries.item_splits, ItemSplit, **_spans(spans), **_currencies(spans))


async def visit_splits(
    transaction: Transaction, spans: Sequence[Span], dimensions: Collection[str]
) -> list[VisitSplit]:
    return await transaction.all(
        _queries.visit_splits, VisitSplit, **_spans(spans), **_time_zones(spans), dimensions=sorted(dimensions)
    )


async def product_sales(transaction: Transaction, spans: Sequence[Span]) -> list[ProductSales]:
    return await transaction.all(_queries.product_sales, ProductSales, **_spans(spans), **_currencies(spans))


async def product_carts(transaction: Transaction, spans: Sequence[Span]) -> list[ProductCarts]:
    return await transaction.all(_queries.product_carts, ProductCarts, **_spans(spans), **_reach(spans))


async def page_splits(transaction: Transaction, spans: Sequence[Span]) -> list[PageSplit]:
    return await transaction.all(_queries.page_splits, PageSplit, **_spans(spans), **_reach(spans))


async def active_customers(transaction: Transaction, spans: Sequence[Span]) -> list[ActiveCustomers]:
    return await transaction.all(_queries.active_customers, ActiveCustomers, **_spans(spans), **_currencies(spans))


async def active_orders(
    transaction: Transaction, restaurants: Collection[UUID], *, since: datetime
) -> list[ActiveOrders]:
    return await transaction.all(_queries.active_orders, ActiveOrders, restaurants=list(restaurants), since=since)


async def product_names(
    transaction: Transaction, restaurants: Collection[UUID], products: Collection[UUID]
) -> dict[UUID, str]:
    """The names of these products, by id."""
    rows = await transaction.all(
        _queries.product_names, ProductName, restaurants=list(restaurants), products=list(products)
    )
    return {row.id: row.name for row in rows}


def _spans(spans: Sequence[Span]) -> dict[str, object]:
    return {
        "restaurants": [span.restaurant_id for span in spans],
        "starts": [span.starts_at for span in spans],
        "ends": [span.ends_at for span in spans],
    }


def _currencies(spans: Sequence[Span]) -> dict[str, object]:
    return {"currencies": [span.currency for span in spans]}


def _time_zones(spans: Sequence[Span]) -> dict[str, object]:
    return {"time_zones": [span.time_zone for span in spans]}


def _reach(spans: Sequence[Span]) -> dict[str, object]:
    """The outermost bounds, so that the planner leaves out the partitions of other months."""
    return {"earliest": min(span.starts_at for span in spans), "latest": max(span.ends_at for span in spans)}
