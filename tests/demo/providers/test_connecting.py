"""A restaurant is connected to all simulated providers, as in the demonstration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from flow.database.installation import Installation
from flow.demo.providers.connecting import connect_restaurants, follow_simulator
from tests.connections import kept_connection
from tests.demo.providers.processes import running_simulator
from tests.factories import make_restaurant

BASE_URL = "http://127.0.0.1:8010"
ALL = {"stripe", "mobilepay", "inmobile", "instagram", "facebook", "wolt", "wolt-drive", "economic"}


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_simulator(tmp_path_factory.mktemp("simulator")) as address:
        yield address


async def test_all_connections_are_good_and_deliver_to_flow(installation: Installation, simulator: str) -> None:
    make_restaurant(installation.owner_url)
    problems = await connect_restaurants(installation, simulator, BASE_URL, slugs=["napoli"])
    with kept_connection(installation.owner_url) as connection:
        found = dict(connection.execute("select integration_name, status from integration_configs").fetchall())
    stripe = httpx.get(f"{simulator}/control/accounts/stripe").json()

    assert [] == problems
    assert dict.fromkeys(ALL, "active") == found
    assert [f"{BASE_URL}/api/webhooks/stripe/"] == [account["webhook_url"][: len(BASE_URL) + 21] for account in stripe]


async def test_a_second_start_finds_them_and_makes_none(installation: Installation, simulator: str) -> None:
    make_restaurant(installation.owner_url, "Fjord Sushi")
    for _ in range(2):
        assert [] == await connect_restaurants(installation, simulator, BASE_URL, slugs=["fjord-sushi"])
    names = [account["name"] for account in httpx.get(f"{simulator}/control/accounts/mobilepay").json()]

    assert 1 == names.count("fjord-sushi")


async def test_a_simulator_at_another_port_is_followed(installation: Installation, simulator: str) -> None:
    make_restaurant(installation.owner_url, "Madam Mad")
    assert [] == await connect_restaurants(installation, simulator, BASE_URL, slugs=["madam-mad"])
    with kept_connection(installation.owner_url) as connection:
        connection.execute(
            "update integration_configs set config = jsonb_set(config, '{base_url}', "
            "to_jsonb('http://127.0.0.1:9/' || integration_name))"
        )
        await follow_simulator(installation, simulator)
        found = dict(
            connection.execute("select integration_name, config ->> 'base_url' from integration_configs").fetchall()
        )
    assert {name: f"{simulator}/{name}" for name in ALL} == found
    assert [] == await connect_restaurants(installation, simulator, "http://127.0.0.1:8111", slugs=["madam-mad"])

    books = httpx.get(f"{simulator}/control/books").json()
    [account] = _accounts(simulator, "mobilepay", "madam-mad")
    urls = [hook["url"] for hook in books["mobilepay.webhooks"].values() if hook["msn"] == account["number"]]
    assert ["http://127.0.0.1:8111"] == [url[:21] for url in urls]


async def test_what_flow_registers_and_subscribes_is_told_there(installation: Installation, simulator: str) -> None:
    make_restaurant(installation.owner_url, "Lund Kaffebar")
    for _ in range(2):
        assert [] == await connect_restaurants(installation, simulator, BASE_URL, slugs=["lund-kaffebar"])
    books = httpx.get(f"{simulator}/control/books").json()
    [drive] = _accounts(simulator, "wolt-drive", "lund-kaffebar")
    [page] = _accounts(simulator, "facebook", "lund-kaffebar")
    hooks = [hook for hook in books["wolt_drive.webhooks"].values() if hook["venue"] == drive["number"]]
    with kept_connection(installation.owner_url) as connection:
        found = connection.execute(
            "select integration_name, registration_error from integration_configs where registered_at is not null"
        ).fetchall()

    assert [f"{BASE_URL}/api/webhooks/wolt-drive/"] == [hook["callback_url"][: len(BASE_URL) + 25] for hook in hooks]
    assert ["messages", "messaging_postbacks", "message_echoes"] == page["subscribed_fields"]
    assert {(name, None) for name in ("mobilepay", "inmobile", "instagram", "facebook", "wolt-drive")} == set(found)


def _accounts(simulator: str, provider: str, name: str) -> list[dict[str, Any]]:
    known = httpx.get(f"{simulator}/control/accounts/{provider}").json()
    return [account for account in known if account["name"] == name]
