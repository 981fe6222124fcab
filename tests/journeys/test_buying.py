"""A newcomer connects the simulated providers, buys a pizza, sees what came of it everywhere, and pays it back."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import httpx
import psycopg
import pytest
from bench.ledger_books import compare

from flow.database.installation import Installation
from flow.jobs.schema import install_queue
from flow.kit.ids import new_id
from tests.business.menus import SITE_KEY, Menu, make_menu, make_site_key
from tests.conftest import new_database
from tests.demo.providers.processes import running_simulator
from tests.factories import make_restaurant
from tests.parity.databases import Server as Postgres
from tests.serving import Server, log_in, make_login, running_server

OWNER = "anna@napoli.example"
SETTINGS = "/settings/integrations"
_PATIENCE_SECONDS = 90.0  # a few seconds where nothing else runs


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_simulator(tmp_path_factory.mktemp("simulator")) as address:
        yield address


@pytest.fixture(scope="module")
def server(postgres: Postgres, simulator: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("flow")
    for installation in new_database(postgres):
        install_queue(installation.owner_url)
        with (
            running_server(installation, home, FLOW_PROVIDER_SIMULATOR=simulator) as running,
            _worker(installation, home, running.url),
        ):
            yield running


@contextmanager
def _worker(installation: Installation, home: Path, url: str) -> Iterator[None]:
    environment = {
        **os.environ,
        "FLOW_HOME": str(home),
        "DATABASE_URL": installation.admin_url,
        "FLOW_API_DATABASE_URL": installation.api_url,
        "FLOW_WORKER_DATABASE_URL": installation.worker_url,
        "FLOW_SECRET": installation.secret.decode(),
        "FLOW_PUBLIC_URL": url,
    }
    process = subprocess.Popen([sys.executable, "-m", "flow", "work"], env=environment)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


@pytest.fixture(scope="module")
def napoli(server: Server) -> UUID:
    url = server.installation.owner_url
    restaurant = make_restaurant(url)
    make_site_key(url, restaurant)
    make_login(url, OWNER, restaurant=restaurant)
    return restaurant


@pytest.fixture(scope="module")
def menu(server: Server, napoli: UUID) -> Menu:
    return make_menu(server.installation.owner_url, napoli)


@pytest.fixture
def owner(server: Server, napoli: UUID) -> Iterator[httpx.Client]:
    with server.client(headers={"accept": "text/html", "accept-language": "en"}) as http:
        log_in(http, OWNER)
        yield http


def test_a_newcomer_connects_buys_sees_and_refunds(
    server: Server, owner: httpx.Client, napoli: UUID, menu: Menu, simulator: str
) -> None:
    _connect(owner, simulator, napoli, "stripe")
    _connect(owner, simulator, napoli, "economic", customer_number="101")

    placed = _order(server, napoli, menu)
    page = httpx.get(server.url + placed["payment_url"]).headers["location"]
    back = httpx.post(page, data={"choice": "pay"})
    assert 200 == httpx.get(back.headers["location"]).status_code

    _wait(server, "the order is confirmed", "select o.status = 'confirmed' from orders o")
    for status in ("preparing", "ready", "completed"):
        _move(owner, napoli, placed["id"], status=status)
    _wait(server, "the payment is captured", "select p.captured_amount = o.total from payments p, orders o")
    _wait(server, "there is a draft invoice", "select d.gross = o.total from invoice_drafts d, orders o")

    _move(owner, napoli, placed["id"], status="refunded", refund_amount=2000, reason="cold")
    _wait(server, "the refund has come back as a webhook", "select p.refunded_amount = 2000 from payments p")
    _wait(server, "there is a draft credit note", "select c.gross = -2000 from invoice_credits c")

    books = httpx.get(f"{simulator}/control/books").json()
    [charge] = books["stripe.charge"].values()
    drafts = [row for name, table in books.items() if "invoices/drafts" in name for row in table.values()]
    credit, draft = sorted(drafts, key=lambda row: float(row["grossAmount"]))
    assert (placed["total"], 2000) == (charge["amount_captured"], charge["amount_refunded"])
    assert (placed["total"], -2000) == (round(draft["grossAmount"] * 100), round(credit["grossAmount"] * 100))
    shown = owner.get(f"/orders/{placed['id']}", params={"restaurant": str(napoli)})
    assert 200 == shown.status_code

    owner_url = server.installation.owner_url
    assert [] == compare(owner_url, books)[1]
    charge["amount_refunded"] += 1
    draft["grossAmount"] += 0.01
    differing = compare(owner_url, books)[1]
    assert ["invoice", "stripe", "stripe"] == sorted(line.partition(":")[0] for line in differing)


def _connect(owner: httpx.Client, simulator: str, restaurant: UUID, provider: str, **more: str) -> None:
    """As the guide says: an account there, its credentials here, the address that FLOW shows there."""
    account = httpx.post(f"{simulator}/control/accounts/{provider}", json={"name": "napoli"}).json()
    credentials = {**account["credentials"], "webhook_secret": account["webhook_secret"], **more}
    made = owner.post(f"{SETTINGS}/{provider}", data={"restaurant": str(restaurant), **credentials})
    shown = owner.get(made.headers["location"]).text
    address = re.search(r'id="address">([^<]+)<', shown)
    assert address is not None, shown
    place = {"provider": provider, "number": account["number"], "webhook_url": address[1]}
    assert 303 == httpx.post(f"{simulator}/deliver", data=place).status_code


def _order(server: Server, restaurant: UUID, menu: Menu) -> dict[str, object]:
    body = {
        "restaurant_id": str(restaurant),
        "key": SITE_KEY,
        "fulfillment_type": "pickup",
        "payment_method": "card",
        "customer": {"name": "Anna Hansen", "phone": "20123456"},
        "items": [{"product_id": str(menu.margherita), "option_ids": [str(menu.family)]}],
    }
    answer = httpx.post(f"{server.url}/api/orders", json=body, headers={"Idempotency-Key": str(new_id())}, timeout=30)
    return dict(answer.raise_for_status().json())


def _move(owner: httpx.Client, restaurant: UUID, order: object, **body: object) -> None:
    query = {"restaurant_id": str(restaurant)}
    owner.patch(f"/api/orders/{order}", params=query, json=body).raise_for_status()


def _wait(server: Server, what: str, question: str) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    with psycopg.connect(server.installation.owner_url, autocommit=True) as connection:
        while time.monotonic() < deadline:
            if (row := connection.execute(question.encode()).fetchone()) and row[0]:
                return
            time.sleep(0.2)
    raise AssertionError(f"waited in vain: {what}")
