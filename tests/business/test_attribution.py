"""Which visits led to an order."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from flow.business.orders import OrderLine, PlaceOrder
from flow.kit.ids import new_id
from tests.business.conftest import NOON, Kitchen

COLUMNS = (
    "first_touch_channel, first_touch_source, first_touch_campaign, last_touch_channel, last_touch_source,"
    " touchpoint_count, days_to_conversion, sessions_to_conversion"
)


def _visit(
    kitchen: Kitchen, visitor: UUID, at: datetime, channel: str, source: str | None = None, campaign: str | None = None
) -> UUID:
    session = new_id()
    kitchen.run(
        "insert into public.sessions (restaurant_id, session_id, visitor_id, started_at, ended_at, channel, source,"
        " utm_campaign) values (%s, %s, %s, %s, %s, %s, %s, %s)",
        kitchen.id, session, visitor, at, at + timedelta(minutes=5), channel, source, campaign,
    )  # fmt: skip
    return session


async def _order(kitchen: Kitchen, **fields: object) -> None:
    await kitchen.place(PlaceOrder(lines=(OrderLine(product_id=kitchen.menu.cola),), **fields))  # type: ignore[arg-type]


async def test_the_path_of_a_visitor_with_a_lasting_id_goes_from_first_to_last_touch(kitchen: Kitchen) -> None:
    visitor, stranger = new_id(), new_id()
    _visit(kitchen, visitor, NOON - timedelta(days=91), "email")
    _visit(kitchen, visitor, NOON - timedelta(days=3, hours=1), "paid_search", "google", "pizza")
    now = _visit(kitchen, visitor, NOON - timedelta(minutes=20), "direct")
    _visit(kitchen, stranger, NOON - timedelta(minutes=1), "social")
    await _order(kitchen, visitor_id=visitor)

    assert [("paid_search", "google", "pizza", "direct", None, 2, 3, 2)] == kitchen.rows(
        f"select {COLUMNS} from public.channel_attribution"
    )
    assert [
        (
            [
                {"channel": "paid_search", "source": "google", "timestamp": "2026-11-18T10:00:00+00:00"},
                {"channel": "direct", "source": None, "timestamp": "2026-11-21T10:40:00+00:00"},
            ],
        )
    ] == kitchen.rows("select touchpoint_path from public.channel_attribution")
    assert [(now, visitor)] == kitchen.rows("select session_id, visitor_id from public.orders")
    assert [(now,)] == kitchen.rows("select session_id from public.sessions where orders_created = 1")


async def test_without_consent_the_visit_is_credited_but_the_order_does_not_lead_to_it(kitchen: Kitchen) -> None:
    daily = new_id()
    session = _visit(kitchen, daily, NOON - timedelta(minutes=10), "social", "instagram")
    await _order(kitchen, daily_visitor_ids=(daily,))

    assert [("social", "instagram", None, "social", "instagram", 1, 0, 1)] == kitchen.rows(
        f"select {COLUMNS} from public.channel_attribution"
    )
    assert [(None, None)] == kitchen.rows("select session_id, visitor_id from public.orders")
    assert [(session, 1)] == kitchen.rows("select session_id, orders_created from public.sessions")


async def test_a_visit_that_began_before_the_consent_counts_too(kitchen: Kitchen) -> None:
    daily, lasting = new_id(), new_id()
    _visit(kitchen, daily, NOON - timedelta(minutes=15), "organic", "google")
    _visit(kitchen, lasting, NOON - timedelta(minutes=9), "direct")
    await _order(kitchen, daily_visitor_ids=(daily,), visitor_id=lasting)

    assert [("organic", "google", None, "direct", None, 2, 0, 2)] == kitchen.rows(
        f"select {COLUMNS} from public.channel_attribution"
    )


async def test_a_visit_that_ended_long_ago_made_no_order(kitchen: Kitchen) -> None:
    visitor = new_id()
    _visit(kitchen, visitor, NOON - timedelta(hours=3), "organic")
    await _order(kitchen, visitor_id=visitor)

    assert [(0,)] == kitchen.rows("select orders_created from public.sessions")
    assert [(None,)] == kitchen.rows("select session_id from public.orders")


async def test_a_web_order_of_an_unknown_visitor_is_direct_and_a_phone_order_has_no_touch(kitchen: Kitchen) -> None:
    await _order(kitchen)
    await _order(kitchen, channel="phone")
    await _order(kitchen, channel="instagram")

    assert [
        ("web", "direct", None, 0),
        ("phone", None, None, None),
        ("instagram", "social", "instagram", 0),
    ] == kitchen.rows(
        "select o.channel, a.first_touch_channel, a.last_touch_source, a.touchpoint_count from public.orders o"
        " left join public.channel_attribution a on a.order_id = o.id order by o.order_number"
    )
