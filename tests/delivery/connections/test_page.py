"""The page about other systems: who may see it, its figures, its rows, and that a tenant sees its own alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from psycopg.errors import QueryCanceled

from flow.database.installation import Installation
from tests.analytics.health.signs import Signs, made
from tests.analytics.world import World
from tests.delivery.conftest import NOW, Reader
from tests.delivery.pages import links_of, read_csv, text_of

HOUR = timedelta(hours=1)
DATA = "/api/dashboards/integrations"
PATHS = (
    *("/integrations", DATA, "/integrations/tiles/provider_calls.csv", "/integrations/tiles/provider_calls.png"),
    *("/integrations/calls", "/integrations/incoming", "/integrations/outgoing"),
)


def _texts(line: dict[str, Any]) -> list[str]:
    return [text.replace("\u00a0", " ") for text, _ in line["cells"]]


@pytest.fixture
def signs(installation: Installation, napoli: World) -> Iterator[Signs]:
    yield from made(installation.owner_url, napoli.restaurant)


@pytest.mark.parametrize("role", ["manager", "employee", "analytics"])
async def test_a_role_without_integrations_is_refused(napoli: World, reader: Reader, role: str) -> None:
    http = reader(napoli, role=role)

    assert dict.fromkeys(PATHS, 403) == {path: (await http.get(path)).status_code for path in PATHS}


async def test_another_tenants_restaurant_is_not_there(napoli: World, aarhus: World, reader: Reader) -> None:
    http, elsewhere = reader(napoli), {"restaurant": str(aarhus.restaurant)}

    assert dict.fromkeys(PATHS, 404) == {path: (await http.get(path, params=elsewhere)).status_code for path in PATHS}


async def test_the_figures_are_those_of_the_metrics(napoli: World, signs: Signs, reader: Reader) -> None:
    signs.connection("stripe", heard_at=NOW - HOUR)
    for number in range(1, 11):
        signs.call(NOW - HOUR, number * 100, ok=number > 1)
    signs.arrival(NOW - HOUR, status="parked")
    signs.arrival(NOW - HOUR, took_ms=80)
    signs.delivery(signs.endpoint("Till"), NOW - HOUR, took_ms=250)

    found = (await reader(napoli).get(DATA)).json()
    tiles = {key: tile["value"] for key, tile in found["tiles"].items()}
    [stripe] = found["tables"]["systems"]["lines"]
    [till] = found["tables"]["endpoints"]["lines"]

    assert {
        "queue_waiting": 0,
        "queue_lag": 0.0,
        "quiet_systems": 0,
        "provider_calls": 10,
        "provider_call_success_rate": 0.9,
        "provider_call_p95": 1_000.0,
        "incoming_webhooks": 2,
        "incoming_applied_rate": 0.5,
        "incoming_p95": 100.0,
        "outgoing_webhooks": 1,
        "outgoing_delivery_rate": 1.0,
        "outgoing_p95": 250.0,
    } == tiles
    assert ("Stripe", "10", "90.0%", "500 ms") == (stripe["name"], *_texts(stripe)[:3])
    assert ("Till", "1", "100.0%", "250 ms") == (till["name"], *_texts(till)[:3])


async def test_a_restaurant_that_is_connected_to_nothing_is_told_what_will_show(napoli: World, reader: Reader) -> None:
    text = text_of((await reader(napoli).get("/integrations")).text)

    assert "Shows from the first call to another system on." in text
    assert "A system shows here when it is connected, called or heard." in text


async def test_every_number_leads_to_as_many_rows(napoli: World, signs: Signs, reader: Reader) -> None:
    signs.call(NOW - HOUR, 120)
    signs.call(NOW - HOUR, 340, ok=False, path="/v1/intents")
    signs.call(NOW - timedelta(days=2), 9_999, path="/v1/old")
    signs.arrival(NOW - HOUR, status="parked")
    signs.delivery(signs.endpoint("Till"), NOW - HOUR)
    anna = reader(napoli)
    page = (await anna.get("/integrations")).text

    rows = {}
    for behind in ("calls", "incoming", "outgoing"):
        [href] = {link for link in links_of(page, f"/integrations/{behind}") if "party" not in link and "out" not in
                  link.partition("?")[2]}  # fmt: skip
        rows[behind] = (await anna.get(href)).text

    assert {"calls": 2, "incoming": 1, "outgoing": 1} == {key: text.count("<time") for key, text in rows.items()}
    assert ("120 ms" in text_of(rows["calls"]).replace("\u00a0", " "), "/v1/old" in rows["calls"]) == (True, False)
    assert "Parked" in text_of(rows["incoming"]) and "order.created" in rows["outgoing"]


async def test_a_reason_is_told_in_the_reader_s_language(napoli: World, signs: Signs, reader: Reader) -> None:
    told = "The provider says 120.00 DKK, the order 100.00 DKK."
    signs.arrival(NOW - HOUR, status="parked", reason=told)
    signs.arrival(NOW - HOUR, status="received")  # waits, and has taken no time

    page = (await reader(napoli).get("/integrations/incoming", headers={"accept-language": "sv"})).text

    assert "Leverantören säger" in text_of(page)
    assert "120,00" in page and told not in page


async def test_rows_are_narrowed_and_paged(napoli: World, signs: Signs, reader: Reader) -> None:
    for second in range(130):
        signs.call(NOW - timedelta(seconds=second), second, ok=second % 2 == 0)
    anna = reader(napoli)
    first = (await anna.get("/integrations/calls")).text
    [older] = links_of(first, "?")
    second_page = (await anna.get(f"/integrations/calls{older}")).text
    refused = (await anna.get("/integrations/calls?outcome=refused")).text

    assert (100, 30, 65) == (first.count("<time"), second_page.count("<time"), refused.count("<time"))


@pytest.mark.parametrize(
    "query", ["?outcome=maybe", "?from=yesterday", "?from=2026-06-19&to=2026-06-01", "?before_at=then"]
)
async def test_what_makes_no_sense_is_refused_in_words(napoli: World, reader: Reader, query: str) -> None:
    answer = await reader(napoli).get(f"/integrations/calls{query}", headers={"accept": "application/json"})

    assert (422, True) == (answer.status_code, bool(answer.json()["error"]["message"]))


async def test_a_list_that_is_none_is_not_found_and_says_so(napoli: World, reader: Reader) -> None:
    assert (await reader(napoli).get("/integrations/elsewhere")).status_code in (404, 422)


async def test_figures_that_take_too_long_say_so(
    napoli: World, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def too_long(*_: object, **__: object) -> None:
        raise QueryCanceled

    monkeypatch.setattr("flow.delivery.connections.figures.ask_many", too_long)
    page = await reader(napoli).get("/integrations?period=30d")

    assert 200 == page.status_code
    assert 12 == text_of(page.text).count("This number could not be computed.")


async def test_a_tile_is_a_file(napoli: World, signs: Signs, reader: Reader) -> None:
    signs.call(NOW, 120)
    anna = reader(napoli)
    [row] = read_csv((await anna.get("/integrations/tiles/provider_calls.csv")).content)
    picture = await anna.get("/integrations/tiles/provider_call_p95.png?period=7d")

    assert "1" == row["Calls to other systems"]
    assert picture.content.startswith(b"\x89PNG")
