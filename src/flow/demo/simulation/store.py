"""Writes the simulation, mostly by COPY."""

from __future__ import annotations

from collections.abc import Mapping

from flow.database.queries import Query, load_queries
from flow.database.transaction import Transaction

assert __package__
queries = load_queries(__package__)

# In an order that foreign keys allow.
TABLES = (
    "customers",
    "orders",
    "order_items",
    "payments",
    "order_status_changes",
    "channel_attribution",
    "loyalty_transactions",
    "loyalty_points",
    "sessions",
    "events",
    "page_views",
    "heatmap_events",
    "rejected_events",
    "dropped_events",
    "page_view_aggregates",
)
Tables = Mapping[str, bytes]
"""Text for COPY by table."""


async def copy(transaction: Transaction, tables: Tables) -> None:
    """Copies rows into their tables."""
    for table in TABLES:
        if text := tables.get(table):
            await _copy(transaction, getattr(queries, f"copy_{table}"), text)


async def _copy(transaction: Transaction, query: Query, text: bytes) -> None:
    async with transaction.connection.cursor() as cursor, cursor.copy(query.sql) as stream:
        await stream.write(text)
