"""A restaurant is connected to all simulated providers, as in the demonstration."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import psycopg
import pytest

from flow.database.installation import Installation
from flow.demo.providers.connecting import connect_restaurants
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
    with psycopg.connect(installation.owner_url) as connection:
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
