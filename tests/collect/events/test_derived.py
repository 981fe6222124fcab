"""What events cause: their session, their page views, the heatmap, and days to be counted anew."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from flow.kit.days import BusinessCalendar
from tests.collect.events.sending import NOON, PAGE, Shop, View, event

pytestmark = pytest.mark.usefixtures("asking_and_assuming")

CAMPAIGN = PAGE + "?utm_source=google&utm_medium=cpc&utm_campaign=november&gclid=abc"


def _visit() -> list[dict[str, object]]:
    """Six events on one page within a minute."""
    view = View(url=CAMPAIGN)
    return [
        view.opens(),
        view.scrolls(25, 5),
        view.clicks(10),
        view.scrolls(75, 20),
        view.exits(30, 25_000),
        view.exits(60, 40_000),
    ]


async def test_an_event_is_stored_as_it_was_sent(shop: Shop) -> None:
    sent = View().clicks(element_id="add", element_class="button")
    assert ["accepted"] == await shop.send(sent)

    assert shop.row(
        "select restaurant_id, timestamp, id, created_at, page_view_id, seq, viewport_x, viewport_y, page_x, page_y, "
        "event_name, event_category, page_url, element_id, element_class, element_text, event_data from public.events"
    ) == (
        shop.restaurant,
        NOON,
        UUID(sent["id"]),
        NOON,
        UUID(sent["page_view_id"]),
        1,
        100,
        200,
        100,
        1200,
        "element_click",
        "engagement",
        PAGE,
        "add",
        "button",
        "Margherita",
        {"element_tag": "a", "element_selector": "main > a"},
    )


async def test_a_session_says_who_came_from_where_and_did_what(shop: Shop) -> None:
    await shop.send(
        *_visit(), screen_resolution="390x844", language="da-DK", referrer="https://www.google.com/search?q=pizza"
    )

    assert shop.row(
        "select is_consented, started_at, ended_at, duration_seconds, device_type, browser, os, screen_resolution, "
        "language, channel, source, utm_source, utm_medium, utm_campaign, utm_term, click_id_type, referrer, "
        "landing_page, exit_page, page_views, events_count, interactions, is_bounce from public.sessions"
    ) == (
        False,
        NOON,
        NOON + timedelta(seconds=60),
        60,
        "mobile",
        "Mobile Safari",
        "iOS",
        "390x844",
        "da-DK",
        "paid_search",
        "google",
        "google",
        "cpc",
        "november",
        None,
        "gclid",
        "https://www.google.com/search",
        CAMPAIGN,
        CAMPAIGN,
        1,
        6,
        1,
        False,
    )


async def test_a_session_grows_with_later_batches(shop: Shop) -> None:
    first, second = View(), View(NOON + timedelta(minutes=3), url=PAGE + "/pizza")
    await shop.send(first.opens())
    await shop.send(second.opens(), second.clicks(5))
    await shop.send(first.scrolls(50, 30))

    assert shop.row(
        "select started_at, ended_at, landing_page, exit_page, page_views, events_count, interactions, is_bounce "
        "from public.sessions"
    ) == (NOON, NOON + timedelta(minutes=3, seconds=5), PAGE, PAGE + "/pizza", 2, 4, 1, False)


async def test_the_landing_page_is_that_of_the_earliest_event_whenever_it_arrives(shop: Shop) -> None:
    later, earlier = View(NOON + timedelta(minutes=3), url=PAGE + "/pizza"), View()
    await shop.send(later.opens())
    await shop.send(earlier.opens())

    assert shop.row("select landing_page, exit_page from public.sessions") == (PAGE, PAGE + "/pizza")


async def test_looking_on_is_a_bounce_and_one_click_is_not(shop: Shop) -> None:
    view = View()
    await shop.send(view.opens(), view.scrolls(100, 5), view.exits(9, 9_000))
    assert shop.row("select interactions, is_bounce from public.sessions") == (0, True)

    await shop.send(view.clicks(10))
    assert shop.row("select interactions, is_bounce from public.sessions") == (1, False)


async def test_a_page_view_sums_its_events_up(shop: Shop) -> None:
    await shop.send(*_visit())

    assert shop.row(
        "select entered_at, exited_at, time_on_page_ms, max_scroll_depth_percent, clicks_count, events_received, "
        "max_seq, page_url, page_path, page_title from public.page_views"
    ) == (NOON, NOON + timedelta(seconds=60), 40_000, 75, 1, 6, 6, CAMPAIGN, "/menu", "Menu")


async def test_a_page_view_is_the_same_in_whatever_pieces_and_order_its_events_arrive(shop: Shop) -> None:
    figures = (
        "select exited_at, time_on_page_ms, max_scroll_depth_percent, clicks_count, events_received, max_seq, "
        "page_url, page_path, page_title from public.page_views order by entered_at, id"
    )
    together, apart = _visit(), _visit()
    await shop.send(*together)
    for sent in reversed(apart):
        await shop.send(sent)

    whole, pieces = shop.rows(figures)
    assert whole == pieces


async def test_a_page_view_without_its_opening_event_has_no_address_yet(shop: Shop) -> None:
    view = View()
    opening = view.opens()
    await shop.send(view.clicks(3))
    assert shop.row("select page_path, events_received, max_seq from public.page_views") == (None, 1, 2)

    await shop.send(opening)
    assert shop.row("select page_path, events_received, max_seq from public.page_views") == ("/menu", 2, 2)


async def test_an_event_of_a_page_view_without_a_time_in_its_id_is_stored_all_the_same(shop: Shop) -> None:
    old = str(UUID(int=4 << 76 | 2 << 62))

    assert ["accepted"] == await shop.send(event("element_click", page_view_id=old))
    assert shop.row("select page_view_id from public.events") == (UUID(old),)
    assert [] == shop.rows("select 1 from public.page_views")


async def test_clicks_and_scrolls_are_places_on_the_heatmap(shop: Shop) -> None:
    await shop.send(*_visit())

    assert shop.rows(
        "select event_type, viewport_width, viewport_height, x_percent, y_percent, x_px, y_px, page_path, "
        "element_selector from public.heatmap_events order by timestamp"
    ) == [
        ("scroll", 400, 800, None, 0.25, None, None, "/menu", None),
        ("click", 400, 800, 0.25, 0.25, 100, 1200, "/menu", "main > a"),
        ("scroll", 400, 800, None, 0.75, None, None, "/menu", None),
    ]


async def test_a_click_by_keyboard_or_without_a_viewport_is_no_place(shop: Shop) -> None:
    view = View()
    by_keyboard = view.event("element_click", event_data={"element_tag": "a"})
    await shop.send(by_keyboard)
    await shop.send(view.clicks(), view.scrolls(25), viewport_width=None, viewport_height=0)

    assert [] == shop.rows("select 1 from public.heatmap_events")
    assert 3 == shop.stored


async def test_a_click_beside_the_viewport_counts_at_its_edge(shop: Shop) -> None:
    await shop.send(View().clicks(x=-5.4, y=900.6))

    assert shop.row("select x_percent, y_percent, x_px from public.heatmap_events") == (0.0, 1.0, -5)


async def test_the_title_is_kept_with_the_page_view_alone(shop: Shop) -> None:
    view = View()
    await shop.send(view.opens(), view.clicks(), event("element_click", page_title="Alone"))

    assert shop.rows("select page_title from public.events order by timestamp, page_view_id nulls first, seq") == [
        ("Alone",),
        ("Menu",),
        (None,),
    ]


async def test_events_of_earlier_business_days_ask_for_these_days_to_be_counted_anew(shop: Shop) -> None:
    two_days_ago = NOON - timedelta(days=2)
    await shop.send(event(), event(at=two_days_ago), event(at=two_days_ago), event(at=NOON - timedelta(hours=9)))

    assert shop.rows("select restaurant_id, date, reason from public.stale_days order by date") == [
        (shop.restaurant, two_days_ago.date(), "late events"),
        (shop.restaurant, NOON.date() - timedelta(days=1), "late events"),
    ]


async def test_an_event_belongs_to_the_business_day_that_its_instant_lies_in(shop: Shop) -> None:
    calendar = BusinessCalendar("Europe/Copenhagen", 4)
    today, yesterday = calendar.start(NOON.date()), calendar.start(NOON.date() - timedelta(days=1))
    await shop.send(event(at=today), event(at=yesterday - timedelta(milliseconds=1)))

    assert shop.rows("select date from public.stale_days") == [(NOON.date() - timedelta(days=2),)]

    await shop.send(event(at=today - timedelta(milliseconds=1)))

    assert (NOON.date() - timedelta(days=1),) in shop.rows("select date from public.stale_days")


async def test_a_long_path_is_cut_where_it_is_a_key(shop: Shop) -> None:
    long = "https://napoli.example/" + "ø" * 1500
    view = View(url=long)
    await shop.send(view.opens(), view.clicks())

    assert shop.row("select page_url, length(page_path) from public.page_views") == (long, 512)
    assert shop.row("select length(page_path) from public.heatmap_events") == (512,)
