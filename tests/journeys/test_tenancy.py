"""Two restaurants over HTTP: what is the other's is neither shown nor changed, by any route; one's own is.

The routes are read from the application, so a new one is tried from its first day.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from tests.connections import kept_connection
from tests.contracts.matrix.world import fill
from tests.contracts.test_tenancy import TENANT_TABLES
from tests.document import ApiDocument
from tests.factories import make_restaurant, make_user
from tests.routes import RouteOf, application, routes_of
from tests.serving import Server, make_login, session_token

_APP = application(Path(tempfile.gettempdir()))
_DOCUMENT = ApiDocument(_APP)
_CLOSED = [route for route in routes_of(_APP) if route.needs_log_in]
_WRITING = [route for route in _CLOSED if route.method != "GET"]
# The live stream has no end to wait for, and shows what the dashboard shows.
_READING = [route for route in _CLOSED if route.method == "GET" and route.path != "/dashboard/live"]
_WISHES: dict[str, object] = {"status": "cancelled", "reason": "to see what it does", "price": 1}
_NOT_FOR_ADMINISTRATORS = {
    "/dashboard/live",  # has no end
    "/auth/v1/user",
    "/settings",  # leads on to its first section, the next one to where the second factor is set up
    "/settings/security/second-factor",
    "/settings/audit",  # for compliance, as is the next one
    "/settings/data/retention",
    "/settings/requests/{request_id}/file",  # nothing was carried out yet
    "/settings/requests/{request_id}/certificate",
    "/settings/requests/{request_id}/certificate.json",
    "/api/me/orders/{order_id}",  # the guest's own
    "/conversations/{conversation_id}",  # the one there is was held on the web, and is not answered here
    "/settings/integrations/wolt/authorise",  # leads to Wolt, and back from there
    "/settings/integrations/wolt/authorised",
}
_ID_TABLES = {
    "order_id": "orders",
    "product_id": "products",
    "customer_id": "customers",
    "import_id": "imports",
    "payment_id": "payments",
    "access_id": "support_accesses",
    "request_id": "privacy_requests",
    "endpoint_id": "webhook_endpoints",
    "delivery_id": "webhook_deliveries",
}
_SECRETS = ("Tivoli", "Berta Beck", "Secret Calzone")


@dataclass(frozen=True)
class Two:
    """Tivoli and Napoli, each with a row in every table; and what each administrator sends along."""

    tivoli: UUID
    ids: dict[str, str]
    as_tivoli: dict[str, str]
    as_napoli: dict[str, str]

    def ask(self, http: httpx.Client, route: RouteOf, headers: dict[str, str]) -> httpx.Response:
        """A request that names Tivoli and its rows wherever it can."""
        path = route.path.replace("{kind}", "csv").replace("{tile}", "revenue").replace("{behind}", "calls")
        for name, value in self.ids.items():
            path = path.replace(f"{{{name}}}", value)
        query = {**self.ids, "restaurant": str(self.tivoli), "from": "2026-01-01", "to": "2026-01-31"}
        headers = {**headers, "idempotency-key": str(uuid4())}
        if route.method == "GET":
            return http.get(path, params=query, headers=headers)
        body = self._body(route) if _DOCUMENT.takes_json(route) else None
        form = None if _DOCUMENT.takes_json(route) else _WISHES
        return http.request(route.method, path, params=query, json=body, data=form, headers=headers)

    def _body(self, route: RouteOf) -> dict[str, object]:
        wishes = {name: wish for name, wish in _WISHES.items() if name in _DOCUMENT.fields(route)}
        if route.path.startswith("/api/webhook-endpoints/") and "status" in wishes:
            wishes = {"description": "to see what it does"}
        return {**_DOCUMENT.plausible(route, self.ids), **wishes}


@pytest.fixture(scope="module")
def two(server: Server) -> Two:
    url = server.installation.owner_url
    tivoli, napoli = make_restaurant(url, "Tivoli"), make_restaurant(url, "Napoli")
    berta = make_login(url, "berta@tivoli.example", restaurant=tivoli)
    anna = make_login(url, "anna@napoli.example", restaurant=napoli)
    for restaurant in (tivoli, napoli):
        fill(url, restaurant, guest=make_user(url, f"guest@{restaurant}.example"))
    with kept_connection(url) as connection:
        connection.execute("update public.orders set customer_name = 'Berta Beck' where restaurant_id = %s", [tivoli])
        connection.execute("update public.products set name = 'Secret Calzone' where restaurant_id = %s", [tivoli])
        connection.execute(
            "update public.order_items set product_name = 'Secret Calzone' where restaurant_id = %s", [tivoli]
        )
    ids = _ids_of(url, tivoli)
    return Two(tivoli, ids, session_token(server, berta), session_token(server, anna))


@pytest.fixture
def browser(server: Server) -> Iterator[httpx.Client]:
    with server.client() as client:
        yield client


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
@pytest.mark.parametrize("route", _READING, ids=lambda route: route.name)
def test_nothing_of_another_restaurant_is_shown(browser: httpx.Client, two: Two, route: RouteOf, accept: str) -> None:
    answer = two.ask(browser, route, {**two.as_napoli, "accept": accept})

    assert answer.status_code < 500
    for secret in _SECRETS:
        assert secret not in answer.text
    if "order_id" in route.path or "product_id" in route.path:
        assert answer.status_code in (403, 404)


@pytest.mark.parametrize("route", _WRITING, ids=lambda route: route.name)
def test_nothing_of_another_restaurant_is_changed(
    browser: httpx.Client, two: Two, server: Server, route: RouteOf
) -> None:
    before = _rows_of(server.installation.owner_url, two.tivoli)
    answer = two.ask(browser, route, two.as_napoli)

    assert before == _rows_of(server.installation.owner_url, two.tivoli)
    if route.path.startswith("/api/"):
        assert answer.status_code in (403, 404)


def test_the_same_requests_of_its_own_administrator_are_answered(browser: httpx.Client, two: Two) -> None:
    """Else the tests above would be content with routes that answer nobody."""
    answers = {route.name: two.ask(browser, route, {**two.as_tivoli, "accept": "text/html"}) for route in _shown()}
    shown = {name for name, answer in answers.items() if any(secret in answer.text for secret in _SECRETS)}

    assert dict.fromkeys(answers, 200) == {name: answer.status_code for name, answer in answers.items()}
    assert {"GET /api/orders/{order_id}", "GET /orders/{order_id}", "GET /dashboard"} <= shown


def test_its_own_administrator_changes_it(browser: httpx.Client, two: Two, server: Server) -> None:
    before = _rows_of(server.installation.owner_url, two.tivoli)
    statuses = {route.name: two.ask(browser, route, two.as_tivoli).status_code for route in _WRITING}

    assert 200 == statuses["PATCH /api/orders/{order_id}"] == statuses["PATCH /api/products/{product_id}"]
    assert before != _rows_of(server.installation.owner_url, two.tivoli)


def _shown() -> list[RouteOf]:
    return [route for route in _READING if route.path not in _NOT_FOR_ADMINISTRATORS and "{kind}" not in route.path]


def _ids_of(url: str, restaurant: UUID) -> dict[str, str]:
    """One id for every name that routes use, of a row that can still be moved where there is one."""
    with kept_connection(url) as connection:
        ids = {
            name: connection.execute(
                f"select id from public.{table} t where restaurant_id = %s "
                "order by to_jsonb(t) ->> 'status' = 'pending' desc nulls last limit 1".encode(),
                [restaurant],
            ).fetchone()
            for name, table in _ID_TABLES.items()
        }
        session = connection.execute(
            "select session_id from public.sessions where restaurant_id = %s limit 1", [restaurant]
        ).fetchone()
    found = {**ids, "session_id": session}
    return {
        "restaurant_id": str(restaurant),
        "contact": "+4520123456",
        "conversation_id": "chat-1",
        "name": "stripe",
    } | {name: str(row[0]) for name, row in found.items() if row}


def _rows_of(url: str, restaurant: UUID) -> dict[str, str]:
    """A fingerprint of every table's rows of the restaurant."""
    with kept_connection(url) as connection:
        tables = [str(row[0]) for row in connection.execute(TENANT_TABLES.encode()).fetchall()]
        return {
            table: str(
                connection.execute(
                    f"select md5(string_agg(t::text, '|' order by t::text)) from public.{table} t "
                    "where restaurant_id = %s".encode(),
                    [restaurant],
                ).fetchone()
            )
            for table in tables
        }
