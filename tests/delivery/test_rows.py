"""The rows behind a number add up to the number, and a list shows each of them once."""

from __future__ import annotations

import re
from collections import Counter
from random import Random
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.analytics.random_world import fill
from tests.analytics.world import World
from tests.delivery.conftest import Reader
from tests.delivery.pages import links_of, rows_of, text_of, tiles_of

Rows = list[dict[str, str]]
TODAY = "2026-06-19"
WEEK = "period=custom&from=2026-06-13&to=2026-06-19"


@pytest.fixture
def fortnight(napoli: World) -> World:
    """Orders and visits of every kind, also cancelled, refunded, in another currency, and around the cut-off."""
    fill(napoli, Random(7), first_day=6, last_day=19)
    return napoli


def _counted(rows: Rows) -> Rows:
    return [row for row in rows if row["Status"] != "Cancelled" and row["Currency"] == "DKK"]


def _orders(rows: Rows) -> float:
    return len(_counted(rows))


def _revenue(rows: Rows) -> float:
    return round(sum(float(row["Total"]) - float(row["Refunded"]) for row in _counted(rows)) * 100)


@pytest.mark.parametrize("query", ["period=custom&from=2026-06-18&to=2026-06-18", WEEK, "period=today"])
async def test_the_orders_behind_a_tile_add_up_to_its_figure(fortnight: World, reader: Reader, query: str) -> None:
    http = reader(fortnight)
    tiles = await tiles_of(http, query)
    for key, figure in (("orders", _orders), ("revenue", _revenue), ("revenue_by_day", _revenue)):
        assert tiles[key]["value"] == figure(await rows_of(http, str(tiles[key]["rows_href"]))), key


@pytest.mark.parametrize("query", ["period=custom&from=2026-06-18&to=2026-06-18", WEEK])
@pytest.mark.parametrize(
    ("tile", "figure"),
    [("orders", _orders), ("revenue", _revenue), ("revenue_by_day", _revenue), ("channels", _orders)],
)
async def test_the_orders_behind_a_bar_a_slice_or_an_hour_add_up_to_it(
    fortnight: World, reader: Reader, query: str, tile: str, figure: object
) -> None:
    http = reader(fortnight)
    steps = (await tiles_of(http, query))[tile]["series"]
    assert isinstance(steps, list)
    assert callable(figure)
    for step in steps:
        assert (step["value"] or 0) == figure(await rows_of(http, step["href"])), step["long_label"]


async def test_a_month_cut_off_by_the_period_leads_to_the_days_within_it(fortnight: World, reader: Reader) -> None:
    http = reader(fortnight)
    steps = (await tiles_of(http, "period=12m"))["revenue_by_day"]["series"]
    assert isinstance(steps, list)

    assert ["2025-06-20", "2025-06-30"] == [
        parse_qs(urlsplit(steps[0]["href"]).query)[name][0] for name in ("from", "to")
    ]
    assert steps[-1]["value"] == _revenue(await rows_of(http, steps[-1]["href"]))


async def test_the_orders_behind_a_channel_come_to_its_second_figure(fortnight: World, reader: Reader) -> None:
    http = reader(fortnight)
    for step in (await tiles_of(http, WEEK))["channels"]["series"]:  # type: ignore[attr-defined]
        assert step["second"] == _revenue(await rows_of(http, step["href"])), step["label"]


async def test_the_orders_behind_a_product_hold_as_many_of_it_as_the_tile_says(napoli: World, reader: Reader) -> None:
    cake, tea = napoli.product("Cake"), napoli.product("Tea")
    for quantity, status in ((2, "completed"), (3, "pending"), (5, "cancelled")):
        napoli.order(f"{TODAY} 12:00", lines=[(cake, quantity, 1000), (tea, 1, 500)], status=status)
    http = reader(napoli)
    first, second = (await tiles_of(http))["top_products"]["series"]  # type: ignore[misc]
    rows = await rows_of(http, first["href"])  # type: ignore[index]

    assert ("Cake", 5, "Tea", 2) == (first["label"], first["value"], second["label"], second["value"])  # type: ignore[index]
    assert ["5 × Dish, 1 × Dish", "3 × Dish, 1 × Dish", "2 × Dish, 1 × Dish"] == [row["Products"] for row in rows]
    assert "Cake" in (await http.get(first["href"])).text  # type: ignore[index]


async def test_the_kitchen_counts_what_its_list_shows_whatever_days_are_chosen(napoli: World, reader: Reader) -> None:
    for at, status in (
        (f"{TODAY} 18:00", "pending"),
        (f"{TODAY} 17:00", "preparing"),
        ("2026-06-18 23:00", "preparing"),
        ("2026-06-18 12:00", "preparing"),  # forgotten since yesterday noon
        (f"{TODAY} 12:00", "completed"),
    ):
        napoli.order(at, status=status)
    http = reader(napoli)
    for query in ("", "period=custom&from=2026-01-01&to=2026-01-02"):
        tile = (await tiles_of(http, query))["active"]
        listed = await rows_of(http, str(tile["rows_href"]))

        assert (3, 3) == (tile["value"], len(listed))
        for step in tile["series"]:  # type: ignore[attr-defined]
            assert step["value"] == len(await rows_of(http, step["href"])), step["label"]
    assert "Last 24 hours" in (await http.get("/orders?status=active")).text


async def test_the_share_of_visits_that_ordered_is_the_conversion_rate(fortnight: World, reader: Reader) -> None:
    http = reader(fortnight)
    tile = (await tiles_of(http, WEEK))["conversion"]
    rows = await rows_of(http, str(tile["rows_href"]))

    assert tile["value"] == sum(row["Ordered"] == "yes" for row in rows) / len(rows)
    assert f"{len(rows)} visits · {tile['value_text']} ordered".replace("\u00a0", " ") in text_of(
        (await http.get(str(tile["rows_href"]))).text
    )


async def test_a_list_says_what_its_rows_come_to(napoli: World, reader: Reader) -> None:
    napoli.order(f"{TODAY} 12:00", 100_000)
    napoli.order(f"{TODAY} 12:10", 50_000, status="refunded", refunded_amount=50_000)
    napoli.order(f"{TODAY} 12:20", 70_000, status="cancelled")
    napoli.order(f"{TODAY} 12:30", 70_000, currency="SEK")
    page = text_of((await reader(napoli).get("/orders")).text)

    assert "Napoli · 19 Jun 2026 · 2 orders · DKK 1,000.00 · 1 cancelled · 1 in a foreign currency" in page
    assert "DKK 0.00 refunded: DKK 500.00" in page


async def test_paging_shows_each_order_exactly_once_and_the_newest_first(napoli: World, reader: Reader) -> None:
    for number in range(120):
        napoli.order(f"{TODAY} 12:{number // 40:02}")  # forty at a time have the same moment
    http = reader(napoli)
    pages = [page async for page in _pages(http, "/orders")]
    listed = [link for page in pages for link in links_of(page, "/orders/0")]

    assert [50, 50, 20] == [len(links_of(page, "/orders/0")) for page in pages]
    assert {1} == set(Counter(listed).values())
    times = re.findall(r'<td><time datetime="([^"]+)"', "".join(pages))
    assert (120, sorted(times, reverse=True)) == (len(times), times)


async def test_an_order_that_comes_while_one_reads_moves_no_row_to_another_page(napoli: World, reader: Reader) -> None:
    for number in range(60):
        napoli.order(f"{TODAY} 12:{number:02}")
    http = reader(napoli)
    walk = _pages(http, "/orders")
    first = await anext(walk)
    napoli.order(f"{TODAY} 13:00")
    second = await anext(walk)

    assert 60 == len({*links_of(first, "/orders/0"), *links_of(second, "/orders/0")})


async def test_paging_shows_each_visit_exactly_once(napoli: World, reader: Reader) -> None:
    for number in range(110):
        napoli.session(f"{TODAY} 12:{number // 40:02}", landing_page=f"/page-{number}")
    pages = [page async for page in _pages(reader(napoli), "/visits")]

    assert {f"/page-{number}": 1 for number in range(110)} == Counter(re.findall(r"/page-\d+", "".join(pages)))


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", {1, 2, 3, 4}),
        ("status=completed", {1, 3}),
        ("status=cancelled", {4}),
        ("status=active&from=2026-06-19", {2}),
        ("channel=wolt", {3}),
        ("channel=web&status=completed", {1}),
        ("touch=social", {1}),
        ("touch=unknown", {2, 3, 4}),
        ("hour=13", {2, 3}),
        ("from=2026-06-18&to=2026-06-18", {5}),
        ("from=2026-06-18&to=2026-06-19&status=completed", {1, 3, 5}),
        ("channel=pos", set()),
    ],
)
async def test_filters_narrow_the_list_and_the_file_alike(
    napoli: World, reader: Reader, query: str, numbers: set[int]
) -> None:
    napoli.order(f"{TODAY} 12:00", status="completed", touch=("email", "social"))
    napoli.order(f"{TODAY} 13:10", status="ready")
    napoli.order(f"{TODAY} 13:20", status="completed", channel="wolt")
    napoli.order(f"{TODAY} 14:00", status="cancelled")
    napoli.order("2026-06-18 13:00", status="completed")
    http = reader(napoli)
    page = (await http.get(f"/orders?{query}")).text

    assert numbers == {int(number) for number in re.findall(r">#(\d+)<", page)}
    assert numbers == {int(row["Order"]) for row in await rows_of(http, f"/orders?{query}")}


async def test_the_filters_are_shown_and_can_be_taken_off(napoli: World, reader: Reader) -> None:
    napoli.order(f"{TODAY} 12:00", touch=("email", "social"))
    http = reader(napoli)
    page = (await http.get(f"/orders?from={TODAY}&to={TODAY}&status=completed&touch=social&hour=12")).text

    assert f'<input type="date" id="from" name="from" value="{TODAY}">' in page
    assert '<option value="completed" selected>Completed</option>' in page
    assert ["Came by: Social media", "12:00–12:59"] == re.findall(r"<li><span>([^<]*)</span>", page)
    assert '<input type="hidden" name="touch" value="social">' in page
    without_hour = next(link for link in links_of(page, "?") if "hour=" not in link)
    assert 200 == (await http.get(f"/orders{without_hour}")).status_code


@pytest.mark.parametrize(
    "query",
    [
        "from=2026-06-31",
        "from=soon",
        "from=2026-06-19&to=2026-06-01",
        "from=2020-01-01&to=2026-01-01",
        "status=eaten",
        "hour=24",
        "product=cake",
        "before_at=2026-06-19T12:00:00Z",
        "before_at=2026-06-19T12:00:00&before_id=01930000-0000-7000-8000-000000000000",
        "hour=12&from=2026-06-01&to=2026-06-02",
    ],
)
async def test_what_cannot_be_listed_is_refused_in_words(napoli: World, reader: Reader, query: str) -> None:
    answer = await reader(napoli).get(f"/orders?{query}")

    assert (422, True) == (answer.status_code, "This request cannot be answered" in answer.text)


async def test_a_file_of_too_many_rows_is_refused_before_it_is_read(
    napoli: World, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flow.delivery.rows.listing.ROWS_AT_MOST", 2)
    for _ in range(3):
        napoli.order(f"{TODAY} 12:00")
    answer = await reader(napoli).get("/orders/export.csv", headers={"accept": "text/csv"})

    assert 422 == answer.status_code
    assert "A file holds 2 rows at most, and these are 3; choose fewer days." == answer.json()["error"]["message"]


async def test_text_of_guests_is_shown_as_text(napoli: World, reader: Reader) -> None:
    evil = "<script>alert(1)</script>"
    order = napoli.order(f"{TODAY} 12:00", customer_name=evil, notes=evil, channel="web")
    napoli.connection.execute("update public.restaurants set name = %s where id = %s", [evil, napoli.restaurant])
    http = reader(napoli)
    for path in ("/dashboard", "/orders", "/visits", f"/orders/{order}?restaurant={napoli.restaurant}"):
        page = (await http.get(path)).text
        assert (False, True) == (evil in page, "&lt;script&gt;alert(1)" in page), path


async def _pages(http: httpx.AsyncClient, path: str):  # type: ignore[no-untyped-def]
    """The pages of a list, following `Older rows`."""
    query: str | None = "?"
    while query:
        page = (await http.get(f"{path}{query}")).text
        yield page
        query = next((link for link in links_of(page, "?") if "before_at" in link), None)
