"""Tiles say what the answer says: figures, fair comparisons, honest blanks, and where they come from."""

from __future__ import annotations

from datetime import date

import httpx

from flow.analytics.rollups.service import recompute
from flow.database.pool import Database
from flow.kit.clock import FixedClock
from tests.analytics.world import World
from tests.delivery.conftest import Reader
from tests.delivery.pages import text_of, tiles_of

TODAY, LAST_WEEK, LAST_YEAR = "2026-06-19", "2026-06-12", "2025-06-20"


async def _roll_up(database: Database, world: World, first: str, last: str, clock: FixedClock) -> None:
    async with database.as_service() as transaction:
        days = date.fromisoformat(first), date.fromisoformat(last)
        await recompute(transaction, world.restaurant, *days, clock=clock)


async def test_a_figure_of_today_is_held_against_the_same_time_of_day(
    napoli: World, reader: Reader, database: Database, clock: FixedClock
) -> None:
    napoli.order(f"{LAST_WEEK} 12:00", 10000)
    napoli.order(f"{LAST_WEEK} 20:00", 90000)
    napoli.order(f"{TODAY} 12:00", 15000)
    await _roll_up(database, napoli, LAST_WEEK, "2026-06-18", clock)

    revenue = (await tiles_of(reader(napoli)))["revenue"]

    assert (15000, "DKK\u00a0150.00") == (revenue["value"], revenue["value_text"])
    assert {
        "value": 10000,
        "value_text": "DKK\u00a0100.00",
        "change": 0.5,
        "label": "Friday the week before, so far",
    } == revenue["comparison"]
    assert ("Live", True, None) == (revenue["freshness_text"], revenue["live"], revenue["empty"])


async def test_a_blank_comparison_says_why(
    napoli: World, reader: Reader, database: Database, clock: FixedClock
) -> None:
    napoli.order("2026-06-17 12:00")
    napoli.order(f"{TODAY} 12:00")
    await _roll_up(database, napoli, "2026-06-17", "2026-06-18", clock)

    blank = {query: (await tiles_of(reader(napoli), query))["orders"] for query in ("", "compare=last_year")}
    began_within = (await tiles_of(reader(napoli), "period=7d&compare=previous"))["orders"]
    without = (await tiles_of(reader(napoli), "compare=none"))["orders"]

    assert [None, None] == [tile["comparison"] for tile in blank.values()]
    assert "Friday the week before: Nothing was recorded then" == blank[""]["comparison_blank"]
    assert "Last year: Nothing was recorded then" == blank["compare=last_year"]["comparison_blank"]
    assert "Period before: Nothing was recorded then" == began_within["comparison_blank"]
    assert (None, None) == (without["comparison"], without["comparison_blank"])


async def test_a_change_too_small_to_be_seen_is_no_change(napoli: World, reader: Reader) -> None:
    napoli.order(f"{LAST_WEEK} 12:00", 1_000_000)
    napoli.order(f"{TODAY} 12:00", 1_000_100)
    http = reader(napoli)

    tile = (await tiles_of(http))["revenue"]
    page = (await http.get("/dashboard")).text

    assert 0 == tile["comparison"]["change"]  # type: ignore[index]
    assert 'class="change flat"' in page


async def test_a_new_restaurant_says_what_will_appear_and_how_to_begin(napoli: World, reader: Reader) -> None:
    napoli.connection.execute(
        "insert into public.site_keys (restaurant_id, key) values (%s, 'fk_0123456789abcdef')", [napoli.restaurant]
    )
    admin, analyst = reader(napoli), reader(napoli, role="analytics")
    page = (await admin.get("/dashboard")).text
    tiles = await tiles_of(admin)

    assert "Nothing has happened here yet" in page
    assert f"data-restaurant=&#34;{napoli.restaurant}&#34;" in page.replace('"', "&#34;")
    assert 'href="/shop/napoli"' in page
    assert "Shows from the first order on." == tiles["revenue"]["empty"] == tiles["top_products"]["empty"]
    assert "Shows from the first visit on." == tiles["conversion"]["empty"]
    assert "fk_0123456789abcdef" not in (await analyst.get("/dashboard")).text
    napoli.order(f"{TODAY} 12:00")
    assert "Nothing has happened here yet" not in (await admin.get("/dashboard")).text


async def test_days_before_the_data_say_when_they_begin(napoli: World, reader: Reader) -> None:
    napoli.order(f"{TODAY} 12:00")

    tile = (await tiles_of(reader(napoli), "period=custom&from=2025-01-01&to=2025-01-01"))["revenue"]

    assert "Nothing was recorded then. The data begin on 19 Jun 2026." == tile["empty"]


async def test_the_gauge_is_honest_about_having_no_data(napoli: World, reader: Reader) -> None:
    napoli.order(f"{TODAY} 12:00", channel="ai_chat")

    gauge = (await tiles_of(reader(napoli)))["ai"]

    assert (None, []) == (gauge["value"], gauge["series"])
    assert str(gauge["empty"]).startswith("No conversations yet.")


async def test_an_old_day_that_changed_and_is_not_counted_yet_is_told(
    napoli: World, reader: Reader, database: Database, clock: FixedClock
) -> None:
    napoli.order("2026-02-01 12:00")
    await _roll_up(database, napoli, "2026-02-01", "2026-02-02", clock)
    napoli.order("2026-02-01 13:00")
    napoli.mark("2026-02-01")
    http = reader(napoli)

    tile = (await tiles_of(http, "period=custom&from=2026-02-01&to=2026-02-02"))["orders"]

    assert (1, "Changes of 1 day are being counted.") == (tile["value"], tile["stale"])
    page = text_of((await http.get("/dashboard?period=custom&from=2026-02-01&to=2026-02-02")).text)
    assert "Changes of 1 day are being counted." in page


async def test_the_smallest_parts_of_a_ring_are_one_with_both_figures(napoli: World, reader: Reader) -> None:
    touches = ("direct", "social", "email", "sms", "qr", "display", "referral", "affiliate")
    for place, touch in enumerate(touches):
        for _ in range(len(touches) - place):
            napoli.order(f"{TODAY} 12:00", 10000, touch=(touch, touch))

    tile = (await tiles_of(reader(napoli)))["channels"]
    steps = tile["series"]
    assert isinstance(steps, list)

    assert ["Direct", "Social media", "E-mail", "SMS", "QR code", "Others"] == [step["label"] for step in steps]
    assert (6, 60000) == (steps[-1]["value"], steps[-1]["second"])
    assert ("Orders", "Revenue") == (tile["measure"], tile["second_label"])
    assert 36 == sum(step["value"] for step in steps)


async def test_money_in_a_column_has_ore_everywhere_or_nowhere(napoli: World, reader: Reader) -> None:
    large, small = napoli.product("Cake", price=150_000), napoli.product("Coffee", price=3_550)
    napoli.order(f"{TODAY} 12:00", lines=[(large, 1, 150_000), (small, 1, 3_550)])

    steps = (await tiles_of(reader(napoli)))["top_products"]["series"]
    assert isinstance(steps, list)

    assert {"DKK\u00a01,500", "DKK\u00a036"} == {step["second_text"] for step in steps}


async def test_several_restaurants_of_one_currency_are_shown_as_one(
    napoli: World, aarhus: World, malmo: World, reader: Reader
) -> None:
    napoli.order(f"{TODAY} 12:00", 10000)
    aarhus.order(f"{TODAY} 13:00", 20000)
    malmo.order(f"{TODAY} 13:00", 40000)
    of_one_country, of_two = reader(napoli, aarhus), reader(napoli, aarhus, malmo)

    shown = {name: (await http.get("/api/dashboards/executive?restaurant=all")).json() for name, http in
             {"one": of_one_country, "two": of_two}.items()}  # fmt: skip

    assert [("all", "All my restaurants", 30000), ("all-DKK", "All in DKK", 30000)] == [
        (data["restaurant"]["id"], data["restaurant"]["name"], data["tiles"]["revenue"]["value"])
        for data in shown.values()
    ]
    assert shown["two"] == (await of_two.get("/api/dashboards/executive")).json()
    alone = (await of_two.get(f"/api/dashboards/executive?restaurant={malmo.restaurant}")).json()
    assert ("Malmo", 40000) == (alone["restaurant"]["name"], alone["tiles"]["revenue"]["value"])
    assert 404 == (await of_two.get("/api/dashboards/executive?restaurant=all-SEK")).status_code


async def test_who_reads_figures_of_one_of_two_restaurants_gets_no_sum_of_both(
    napoli: World, aarhus: World, reader: Reader
) -> None:
    napoli.order(f"{TODAY} 12:00", 10000)
    employee: httpx.AsyncClient = reader(napoli, aarhus, role="employee")

    page = (await employee.get("/dashboard")).text

    assert "All my restaurants" not in page
    assert "Your role does not show this restaurant’s figures." in page


async def test_a_query_that_takes_too_long_leaves_the_rest_of_the_page(napoli: World, reader: Reader) -> None:
    napoli.order(f"{TODAY} 12:00", status="pending")
    http = reader(napoli)
    with napoli.connection.transaction():
        napoli.connection.execute("lock table public.daily_metrics in access exclusive mode")
        page = await http.get("/dashboard")

    words = text_of(page.text)
    assert 200 == page.status_code
    assert 10 == words.count("This number could not be computed. It took too long.")
    assert '<span data-part="value">1</span>' in page.text
