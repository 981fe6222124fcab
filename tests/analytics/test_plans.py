"""Under row level security the tenant is a condition of an index; what is left to filter rows has a short cut.

Employees and guests see a part of the orders only. For those who see all, one setting of the transaction says so, and
it stands first in the filter: the rest is not evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from psycopg import AsyncRawCursor

from flow.database.installation import Installation
from flow.database.pool import Database
from flow.database.queries import Query, load_queries
from flow.kit.ids import new_id
from tests.analytics.world import World
from tests.factories import claims_of, give_access, make_user

FACTS = [query for query in load_queries("flow.analytics.facts") if query.name != "restaurants"]
HEALTH = [
    query
    for query in load_queries("flow.analytics.health")
    if query.name in {"call_facts", "incoming_facts", "outgoing_facts", "try_facts"}
]
READING = [
    query
    for query in load_queries("flow.analytics.rollups")
    if query.name in {"rolled_up_days", "rolled_up_splits", "rolled_up_products", "reaches", "waiting_days"}
]
# Either the setting, or, where a table has no such setting, the permission that those who see all of it hold.
_SHORT_CUT = re.compile(
    r"\(current_setting\('flow\.orders_in_full'::text, true\) = 'on'::text\) OR"
    r"|\(restaurant_id = ANY \(\(COALESCE\(NULLIF\(current_setting\('flow\.may\.customers\.read'"
)
START, END, DAY = datetime(2026, 6, 19, 2, tzinfo=UTC), datetime(2026, 6, 20, 2, tzinfo=UTC), date(2026, 6, 19)


def _parameters(query: Query, restaurant: UUID) -> list[object]:
    known: dict[str, object] = {
        "restaurants": [restaurant],
        "starts": [START],
        "ends": [END],
        "currencies": ["DKK"],
        "time_zones": ["Europe/Copenhagen"],
        "earliest": DAY if query.name == "waiting_days" else START,
        "latest": END,
        "dimensions": ["hour"],
        "since": [DAY] if query.name == "waiting_days" else START,
        "until": [DAY],
        "first_day": DAY,
        "last_day": DAY,
        "products": [new_id()],
        "cells": [0],
        "dimension": "provider",
        "slices": [0],
        "firsts": [DAY],
        "lasts": [DAY],
        "by_day": [True],
        "by_restaurant": [False],
        "values": [None],
    }
    return [known[name] for name in query.parameters]


@pytest.fixture(scope="module")
def installation(untouched: Installation) -> Installation:
    """Plans are made, nothing is read."""
    return untouched


@pytest.fixture(scope="module")
def world(installation: Installation) -> Iterator[World]:
    made = World(installation.owner_url)
    for table in ("events", "page_views"):
        made.need_month(table, made.at(f"{DAY} 12:00"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def owner(installation: Installation, world: World) -> UUID:
    user = make_user(installation.owner_url, "owner@example.com")
    give_access(installation.owner_url, user, world.restaurant)
    return user


@pytest.mark.parametrize("query", [*FACTS, *HEALTH, *READING], ids=lambda query: query.name)
async def test_the_policy_is_an_index_condition(world: World, database: Database, owner: UUID, query: Query) -> None:
    async with database.as_user(claims_of(owner)) as transaction:
        # The test's tables are nearly empty: what is asked is which conditions an index can take, not what is cheapest.
        await transaction.connection.execute("set local enable_seqscan = off")
        await transaction.connection.execute("set local enable_bitmapscan = off")
        async with AsyncRawCursor(transaction.connection) as cursor:
            await cursor.execute(b"explain " + query.sql, _parameters(query, world.restaurant))
            plan = [str(line) for (line,) in await cursor.fetchall()]

    with_policy = [line.strip() for line in plan if "request.jwt.claims" in line]
    filters = [line for line in with_policy if line.startswith("Filter:")]
    assert with_policy
    assert [] == [line for line in with_policy if not line.startswith(("Index Cond:", "Filter:"))]
    assert [] == [line for line in filters if not _SHORT_CUT.search(line)]
    assert [] == [line for line in plan if "Seq Scan on" in line and "Seq Scan on unnest" not in line]
