"""The catalogue: every metric once. Tiles, API, exports and mails show these words and these figures.

`orders` in the definitions are orders that were not cancelled, in the restaurant's currency. Times are those of the
business day: an order at 01:30 belongs to the evening before.
"""

from __future__ import annotations

from collections.abc import Iterable

from flow.analytics.facts.types import (
    GROUP_OF,
    ItemSplit,
    OrderSplit,
    ProductCarts,
    ProductSales,
    VisitSplit,
    fact_names,
)
from flow.analytics.health.types import DIMENSIONS, HEALTH_FACTS, NOW_FACTS
from flow.analytics.health.types import TABLES as HEALTH_TABLES
from flow.analytics.health.types import fact_names as health_names
from flow.analytics.metrics.connections import CONNECTIONS
from flow.analytics.metrics.formulas import SPECIAL_FACTS, Formula, Ratio, Share, Sum, Uncollected
from flow.analytics.metrics.reference import render
from flow.analytics.metrics.types import BREAKDOWNS, Better, Breakdown, Metric, Source, Unit
from flow.web.i18n import N_

_OF_ORDERS = frozenset(fact_names(OrderSplit))
_OF_VISITS = frozenset(fact_names(VisitSplit))
FACTS_BY: dict[str, frozenset[str]] = {
    **dict.fromkeys(("order_channel", "fulfillment", "first_touch", "last_touch"), _OF_ORDERS),
    **dict.fromkeys(("traffic_channel", "device", "country"), _OF_VISITS),
    "hour": _OF_ORDERS | _OF_VISITS,
    "category": frozenset(fact_names(ItemSplit)),
    "product": frozenset(fact_names(ProductSales)) | frozenset(fact_names(ProductCarts)),
    **{
        dimension: frozenset(name for table in tables for name in health_names(HEALTH_TABLES[table]))
        for dimension, tables in DIMENSIONS.items()
    },
}
"""The facts that each dimension splits."""
TIMES: frozenset[Breakdown] = frozenset({"day", "week", "month"})


def _breakdowns(formula: Formula) -> frozenset[Breakdown]:
    """Every breakdown for which the facts of the formula are known."""
    needs = frozenset(formula.needs)
    if not needs:
        return frozenset(name for name in BREAKDOWNS if name not in DIMENSIONS)
    if isinstance(formula, Share):
        return frozenset(name for name in BREAKDOWNS if needs <= FACTS_BY.get(name, frozenset()))
    if needs <= HEALTH_FACTS:
        split: set[Breakdown] = {name for name in BREAKDOWNS if needs <= FACTS_BY.get(name, frozenset())}
        by_time: frozenset[Breakdown] = frozenset() if needs & NOW_FACTS else TIMES
        return frozenset({*split, *by_time, "restaurant"})
    special = needs & SPECIAL_FACTS
    by_time = TIMES if special <= {"active_customers"} else frozenset()
    found = {name for name in BREAKDOWNS if not special and needs <= FACTS_BY.get(name, frozenset())}
    whole = needs <= GROUP_OF.keys() | SPECIAL_FACTS
    return frozenset(found | (by_time | {"restaurant"} if whole else set()))


def _metric(
    key: str,
    unit: Unit,
    source: Source,
    formula: Formula,
    title: str,
    definition: str,
    *,
    better: Better | None = "up",
) -> Metric:
    return Metric(key, unit, title, definition, better, source, formula, _breakdowns(formula))


_CATALOGUE = (
    # --- money ---
    _metric(
        "revenue", "money", "orders", Sum(("revenue",)), N_("Revenue"),
        N_("What guests paid: totals of orders that were not cancelled, VAT and delivery included, less refunds. "
           "An order counts when it was placed, and a refund on the day of its order."),
    ),
    _metric(
        "gmv", "money", "orders", Sum(("revenue", "refunds")), N_("Gross order value"),
        N_("Totals of orders that were not cancelled, VAT and delivery included, before refunds."),
    ),
    _metric(
        "gross_sales", "money", "orders", Sum(("subtotals",)), N_("Gross sales"),
        N_("Items at menu price: subtotals of orders that were not cancelled, before discounts, delivery and refunds."),
    ),
    _metric(
        "discounts", "money", "orders", Sum(("discounts",)), N_("Discounts"),
        N_("Discounts given on orders that were not cancelled."), better="down",
    ),
    _metric(
        "discount_share", "ratio", "orders", Ratio(("discounts",), ("subtotals",)), N_("Discount share"),
        N_("Discounts divided by gross sales."), better="down",
    ),
    _metric(
        "delivery_fees", "money", "orders", Sum(("delivery_fees",)), N_("Delivery fees"),
        N_("Delivery fees of orders that were not cancelled."), better=None,
    ),
    _metric(
        "refunds", "money", "orders", Sum(("refunds",)), N_("Refunds"),
        N_("What was paid back of orders that were not cancelled, on the day of the order."), better="down",
    ),
    _metric(
        "refund_rate", "ratio", "orders", Ratio(("refunds",), ("revenue", "refunds")), N_("Refund rate"),
        N_("Refunds divided by gross order value."), better="down",
    ),
    _metric(
        "vat", "money", "orders", Sum(("tax",)), N_("VAT"),
        N_("VAT contained in the totals of orders that were not cancelled, before refunds."), better=None,
    ),
    _metric(
        "item_revenue", "money", "orders", Sum(("item_revenue",)), N_("Item sales"),
        N_("Lines of orders that were not cancelled, options included, less the lines' own discounts. "
           "Delivery and refunds are left out, so it differs from revenue."),
    ),
    # --- orders ---
    _metric(
        "orders", "count", "orders", Sum(("orders",)), N_("Orders"),
        N_("Orders placed that were not cancelled, from every channel, refunded ones included."),
    ),
    _metric(
        "aov", "money", "orders", Ratio(("revenue",), ("orders",)), N_("Average order value"),
        N_("Revenue divided by orders."),
    ),
    _metric(
        "active_orders", "count", "orders", Sum(("orders_underway",)), N_("Orders underway"),
        N_("Orders of the last 24 hours that are pending, confirmed, preparing, ready or delivering at this moment, "
           "whatever period is chosen."),
        better=None,
    ),
    _metric(
        "cancelled_orders", "count", "orders", Sum(("cancelled_orders",)), N_("Cancelled orders"),
        N_("Orders placed in the period that have been cancelled, whenever that was."), better="down",
    ),
    _metric(
        "cancellation_rate", "ratio", "orders", Ratio(("cancelled_orders",), ("orders", "cancelled_orders")),
        N_("Cancellation rate"), N_("Cancelled orders divided by all orders placed, cancelled ones included."),
        better="down",
    ),
    _metric(
        "items_sold", "count", "orders", Sum(("items",)), N_("Items sold"),
        N_("Pieces in orders that were not cancelled."),
    ),
    _metric(
        "items_per_order", "number", "orders", Ratio(("items",), ("orders",)), N_("Items per order"),
        N_("Items sold divided by orders."),
    ),
    _metric(
        "orders_containing", "count", "orders", Sum(("orders_containing",)), N_("Orders with it"),
        N_("Orders that were not cancelled and have at least one line of the product or category. "
           "An order with several counts for each, so rows do not add up to orders."),
    ),
    _metric(
        "channel_mix", "ratio", "orders", Share("orders"), N_("Channel mix"),
        N_("Each channel's share of orders. By touch, the channel of the guest's first or last visit before the order; "
           "orders without a known visit are shown as unknown."),
        better=None,
    ),
    _metric(
        "attribution_coverage", "ratio", "orders", Ratio(("attributed_orders",), ("orders",)),
        N_("Attribution coverage"), N_("Share of orders for which the guest's last visit before the order is known."),
    ),
    _metric(
        "foreign_currency_orders", "count", "orders", Sum(("foreign_orders",)), N_("Orders in a foreign currency"),
        N_("Orders in another currency than the restaurant's. "
           "They are in no other figure, for currencies do not add up."),
        better=None,
    ),
    # --- guests ---
    _metric(
        "active_customers", "count", "orders", Sum(("active_customers",)), N_("Active customers"),
        N_("Different known customers with at least one order in the period that was not cancelled; over a month, MAU. "
           "Guests who left neither phone nor e-mail cannot be counted."),
    ),
    _metric(
        "new_customers", "count", "orders", Sum(("first_orders",)), N_("New customers"),
        N_("Known customers whose first order, cancelled ones aside, was placed in the period."),
    ),
    _metric(
        "first_order_rate", "ratio", "orders", Ratio(("first_orders",), ("known_orders",)), N_("First-order rate"),
        N_("Share of known customers' orders that were the customer's first."), better=None,
    ),
    _metric(
        "repeat_order_rate", "ratio", "orders", Ratio(("known_orders",), ("known_orders",), less=("first_orders",)),
        N_("Repeat-order rate"),
        N_("Share of known customers' orders placed by someone who had ordered before."),
    ),
    _metric(
        "known_customer_rate", "ratio", "orders", Ratio(("known_orders",), ("orders",)), N_("Known customers' share"),
        N_("Share of orders whose guest is known by phone or e-mail."),
    ),
    _metric(
        "revenue_per_customer", "money", "orders", Ratio(("known_revenue",), ("active_customers",)),
        N_("Revenue per customer"), N_("Revenue of known customers' orders in the period divided by active customers."),
    ),
    _metric(
        "customer_value", "money", "orders", Ratio(("revenue_to_date",), ("customers_to_date",)),
        N_("Customer value to date"),
        N_("Revenue of all known customers' orders from the first day of data to the end of the period, divided by the "
           "number of customers who have ever ordered. What has been earned, not a forecast."),
    ),
    # --- visits ---
    _metric(
        "visitors", "count", "visits", Sum(("visitors",)), N_("Visitors"),
        N_("Different visitors per business day, added up over days: without consent a visitor's id changes every day, "
           "so who comes on two days counts twice."),
    ),
    _metric(
        "new_visitors", "count", "visits", Sum(("new_visitors",)), N_("New visitors"),
        N_("Visitors with a lasting id, given by consent, who are in no earlier visit that is still kept. "
           "Visitors without consent cannot be told new from returning and are left out."),
    ),
    _metric(
        "sessions", "count", "visits", Sum(("sessions",)), N_("Sessions"),
        N_("Visits that began in the period; 30 minutes of silence end one. Known robots are left out."),
    ),
    _metric(
        "traffic_sources", "ratio", "visits", Share("sessions"), N_("Traffic sources"),
        N_("Each source's share of sessions, by the channel that brought the visitor."), better=None,
    ),
    _metric(
        "sessions_per_visitor", "number", "visits", Ratio(("sessions",), ("visitors",)), N_("Sessions per visitor"),
        N_("Sessions divided by visitors, so visits per visitor and day."),
    ),
    _metric(
        "page_views", "count", "visits", Sum(("page_views",)), N_("Page views"),
        N_("Pages opened in the period, changes of page within a single-page app included."),
    ),
    _metric(
        "pages_per_session", "number", "visits", Ratio(("session_page_views",), ("sessions",)), N_("Pages per session"),
        N_("Page views of the sessions that began in the period, divided by those sessions."),
    ),
    _metric(
        "avg_session_duration", "seconds", "visits", Ratio(("session_seconds",), ("sessions",)),
        N_("Average session duration"),
        N_("Time from first to last event of a session, averaged over all sessions; a single event lasts 0 s."),
    ),
    _metric(
        "bounce_rate", "ratio", "visits", Ratio(("bounced_sessions",), ("sessions",)), N_("Bounce rate"),
        N_("Share of sessions with one page view at most and no interaction."), better="down",
    ),
    _metric(
        "conversion_rate", "ratio", "visits", Ratio(("converted_sessions",), ("sessions",)), N_("Conversion rate"),
        N_("Share of sessions in which at least one order was placed."),
    ),
    _metric(
        "cart_adds", "count", "visits", Sum(("cart_adds",)), N_("Added to cart"),
        N_("How often a product of the menu was put into a cart."),
    ),
    _metric(
        "cart_removals", "count", "visits", Sum(("cart_removals",)), N_("Removed from cart"),
        N_("How often a product of the menu was taken out of a cart."), better="down",
    ),
    _metric(
        "cart_to_purchase_rate", "ratio", "visits", Ratio(("orders_containing",), ("cart_adds",)),
        N_("Cart to purchase"),
        N_("Orders with the product divided by the times it was put into a cart. "
           "Orders by phone or at the till have no cart, so there can be more of them than carts."),
    ),
    # --- how far the figures can be trusted ---
    _metric(
        "events", "count", "visits", Sum(("events",)), N_("Events"),
        N_("Events stored, by the visitor's own time; duplicates, robots and rejected events are left out."),
        better=None,
    ),
    _metric(
        "capture_rate", "ratio", "visits", Ratio(("events_captured",), ("events_expected",)), N_("Capture rate"),
        N_("Events received divided by events that pages say they sent, by the sequence numbers of each page view. "
           "A page of which nothing arrived cannot be counted."),
    ),
    _metric(
        "order_capture_rate", "ratio", "visits", Ratio(("web_orders_captured",), ("web_orders",)),
        N_("Order capture rate"),
        N_("Share of orders that FLOW itself took on the web and that were not cancelled for which the page's "
           "checkout_completed event arrived as well."),
    ),
    # --- loyalty ---
    _metric(
        "points_earned", "count", "loyalty", Sum(("points_earned",)), N_("Points earned"),
        N_("Loyalty points booked to customers in the period."), better=None,
    ),
    _metric(
        "points_redeemed", "count", "loyalty", Sum(("points_redeemed",)), N_("Points redeemed"),
        N_("Loyalty points used by customers in the period."), better=None,
    ),
    _metric(
        "new_members", "count", "loyalty", Sum(("new_members",)), N_("New members"),
        N_("Customers who joined the loyalty programme in the period."),
    ),
    # --- conversations ---
    _metric(
        "ai_orders", "count", "orders", Sum(("ai_orders",)), N_("Orders by the agent"),
        N_("Orders that were placed through the ordering agent and not cancelled."),
    ),
    _metric(
        "ai_conversations", "count", "conversations", Uncollected(), N_("Conversations"),
        N_("Conversations with the ordering agent. FLOW does not keep conversations yet, so there is no figure."),
    ),
    _metric(
        "ai_conversion_rate", "ratio", "conversations", Uncollected(), N_("Orders per conversation"),
        N_("Orders by the agent divided by conversations. "
           "FLOW does not keep conversations yet, so there is no figure."),
    ),
    # --- other systems ---
    *(_metric(each.key, each.unit, each.source, each.formula, each.title, each.definition, better=each.better)
      for each in CONNECTIONS),
)  # fmt: skip

METRICS: dict[str, Metric] = {metric.key: metric for metric in _CATALOGUE}

NOT_YET: dict[str, str] = {
    "CAC": "needs what marketing costs",
    "Churn rate": "needs a model of when a guest is gone",
    "Customer lifetime value": "is a forecast; customer_value says what has been earned",
    "Signup rate": "needs sign-ups",
    "Time to first order": "needs a lasting id before the first order",
    "Menu views per product": "needs an event for a product that is seen",
    "Intent accuracy, order completion, escalation rate": "need conversations",
}
"""Metrics of the spec that today's tables cannot answer, and what they need."""


def facts_of(metrics: Iterable[Metric]) -> frozenset[str]:
    """Every fact that these metrics are made of."""
    return frozenset(name for metric in metrics for name in metric.formula.needs)


def reference_markdown() -> str:
    """The text of docs/reference/metrics.md."""
    return render(_CATALOGUE, NOT_YET)
