"""The walk over HTTP: every page and route that reads, as each actor, about the own restaurant and a foreign one.

Rows get a mark of their own in one of their texts. An answer that holds a mark shows that row, whatever the route is
called, so a new route is walked from its first day; and those that are meant to show a table must show all of it.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx
import psycopg

from flow.access.tokens import issue
from flow.access.types import LiveSession
from flow.kit.clock import FixedClock
from flow.web.issuer import Issuer
from tests.contracts.matrix.actors import Actor, Side
from tests.contracts.matrix.walk import SIDES, Expectation, Findings
from tests.routes import AN_ID, RouteOf, application, routes_of
from tests.serving import running_app

MARKED = {
    "ai_conversations": "customer_name",
    "ai_messages": "content",
    "api_keys": "name",
    "builder_configs": "name",
    "consent_contacts": "contact",
    "customers": "name",
    "error_logs": "error_message",
    "imports": "message",
    "interactions": "svar",
    "invitations": "email",
    "legal_holds": "reason",
    "marketing_campaigns": "name",
    "messages": "body",
    "notifications": "title",
    "order_items": "product_name",
    "order_status_changes": "reason",
    "orders": "notes",
    "payments": "refund_reason",
    "products": "description",
    "rejected_events": "message",
    "sessions": "landing_page",
    "support_accesses": "reason",
    "system_logs": "message",
}
"""Table → the column that takes the mark."""
_OF_ORDERS = {"order_items", "order_status_changes", "payments"}

SHOWN: dict[str, tuple[str, ...]] = {
    "GET /api/orders": ("orders",),
    "GET /api/orders/{order_id}": ("orders", "order_items", "order_status_changes", "payments"),
    "GET /orders": ("order_items",),
    "GET /orders/{order_id}": ("orders", "order_items"),
    "GET /orders/export.{kind}": ("order_items",),
    "GET /visits": ("sessions",),
    "GET /api/quality/rejected": ("rejected_events",),
    "GET /settings/keys": ("api_keys",),
    "GET /settings/support": ("support_accesses",),
    "GET /api/support/accesses": ("support_accesses",),
    "GET /api/me/orders": ("orders",),
    "GET /api/me/orders/{order_id}": ("orders", "order_items", "order_status_changes", "payments"),
    "GET /api/me/profile": ("customers",),
}
"""Route → the tables whose rows it shows to those who may see them."""
_ENDLESS = "/dashboard/live"
_OF_GUESTS = "/api/me/"
_MARK = re.compile(r"MARK[0-9A-F]{6}")


@dataclass(frozen=True)
class Marked:
    """A row with a mark, and the order that it belongs to, if any."""

    table: str
    key: str
    restaurant: str | None
    order: str | None


@dataclass(frozen=True)
class Marks:
    """Every marked row by its mark, and the orders of each restaurant."""

    rows: dict[str, Marked]
    orders: dict[UUID, list[UUID]]


def walk_routes(expected: Expectation, home: Path, *, superuser_url: str) -> Findings:
    """Every cell over HTTP; the superuser marks rows past the triggers of the audit log and its like."""
    return asyncio.run(_walk(expected, home, mark_rows(expected, superuser_url)))


def reading_routes() -> list[RouteOf]:
    """The routes that read and ask for a log-in."""
    routes = routes_of(application(Path(tempfile.gettempdir())))
    return [each for each in routes if each.needs_log_in and each.method == "GET" and each.path != _ENDLESS]


def mark_rows(expected: Expectation, superuser_url: str) -> Marks:
    """Puts the marks in, past the triggers of tables that nobody changes."""
    rows: dict[str, Marked] = {}
    with psycopg.connect(superuser_url) as connection:
        connection.execute("set local session_replication_role = replica")
        for name, column in MARKED.items():
            table = expected.tables[name]
            order = "t.id::text" if name == "orders" else "t.order_id::text" if name in _OF_ORDERS else "null"
            for found in connection.execute(f"select {table.row}, {order} from {table.place} t".encode()).fetchall():
                mark = f"MARK{len(rows) + 1:06X}"
                rows[mark] = Marked(name, *found)
                change = f"update {table.place} t set {column} = %s where {table.key} = %s"
                connection.execute(change.encode(), [mark, found[0]])
        orders = connection.execute("select restaurant_id, array_agg(id) from public.orders group by 1").fetchall()
    return Marks(rows, dict(orders))


async def _walk(expected: Expectation, home: Path, marks: Marks) -> Findings:
    findings = Findings()
    routes = reading_routes()
    clock = FixedClock(expected.world.made_at)
    async with running_app(expected.world.installation, home, clock=clock) as app:
        issuer: Issuer = app.asgi.state.flow.issuer
        for actor in expected.world.actors:
            async with app.client(headers=_headers(issuer, actor)) as http:
                walker = _Walker(http, expected, marks, actor, findings)
                for route in routes:
                    for side in SIDES:
                        await walker.walk(route, side)
    return findings


@dataclass(frozen=True)
class _Walker:
    http: httpx.AsyncClient
    expected: Expectation
    marks: Marks
    actor: Actor
    findings: Findings

    async def walk(self, route: RouteOf, side: Side) -> None:
        """One route; for each order of the side where it is about one."""
        restaurant = self.expected.world.restaurant(side)
        for order in self.marks.orders[restaurant] if "{order_id}" in route.path else (None,):
            await self._ask(route, side, order)

    async def _ask(self, route: RouteOf, side: Side, order: UUID | None) -> None:
        cell = f"{self.actor.kind.name} × {route.name} × {side}"
        accept = "application/json" if route.path.startswith("/api/") else "text/html"
        answer = await self.http.get(self._address(route, side, order), headers={"accept": accept})
        seen = set(_MARK.findall(answer.text))
        self.findings.note(f"{cell} × fails", False, answer.status_code >= 500)
        self.findings.note(f"{cell} × shows what is not for them", set(), {m for m in seen if not self._may_see(m)})
        for table in SHOWN.get(route.name, ()):
            shown = {mark for mark in seen if self.marks.rows[mark].table == table}
            self.findings.note(f"{cell} × {table}", set(self._meant(route, table, side, order)), shown)

    def _address(self, route: RouteOf, side: Side, order: UUID | None) -> str:
        restaurant = self.expected.world.restaurant(side)
        path = route.path.replace("{kind}", "csv").replace("{tile}", "revenue").replace("{order_id}", str(order))
        path = re.sub(r"\{[^}]*\}", AN_ID, path)
        return f"{path}?restaurant={restaurant}&restaurant_id={restaurant}"

    def _may_see(self, mark: str) -> bool:
        row = self.marks.rows[mark]
        return (row.key, row.restaurant) in self.expected.rows(self.actor, self.expected.tables[row.table], "select")

    def _meant(self, route: RouteOf, table: str, side: Side, order: UUID | None) -> Iterator[str]:
        restaurant = str(self.expected.world.restaurant(side))
        for mark, row in self.marks.rows.items():
            asked = (row.restaurant == restaurant or _is_about_all(route)) and order in (None, _id(row.order))
            if row.table == table and asked and self._is_for(route, side) and self._may_see(mark):
                yield mark

    def _is_for(self, route: RouteOf, side: Side) -> bool:
        """Guests have routes of their own; the others are for those who work in the restaurant."""
        if route.path.startswith(_OF_GUESTS):
            return self.actor.kind.role == "customer"
        works_there = side == "own" or self.actor.kind.on_platform or _is_about_all(route)
        return self.actor.kind.role != "customer" and works_there


def _is_about_all(route: RouteOf) -> bool:
    """Some routes show what is one's own wherever it is, and ask for no restaurant."""
    return route.path.startswith((_OF_GUESTS, "/settings/support"))


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _headers(issuer: Issuer, actor: Actor) -> dict[str, str]:
    now = datetime.now(UTC)
    session = LiveSession(actor.session, actor.user, "actor@flow.example", "", now, now + timedelta(hours=1))
    return {"Authorization": f"Bearer {issue(issuer, session, now=now).text}"}
