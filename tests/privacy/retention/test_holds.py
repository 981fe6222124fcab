"""A legal hold keeps a person's rows, and nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flow.privacy.catalogue import Category
from flow.privacy.retention import store
from flow.privacy.subjects import pseudonym
from tests.privacy.retention.conftest import GUEST, House

LATER = datetime.now(UTC) + timedelta(days=365 * 12)
OF_THE_GUEST = (
    *("customers", "orders", "order_items", "payments", "loyalty_points", "loyalty_transactions", "messages"),
    *("campaign_sends", "ai_conversations", "ai_messages", "sessions", "page_views", "events"),
)


def _link(house: House) -> None:
    """Leads from the guest's contact to visit and conversation."""
    house.rows(
        "update public.orders o set session_id = (select s.session_id from public.sessions s "
        "where s.restaurant_id = o.restaurant_id)"
    )
    house.rows("update public.order_items set notes = 'no onions'")
    house.rows("update public.payments set card_brand = 'visa'")
    house.rows(
        "update public.ai_conversations c set customer_id = (select g.id from public.customers g "
        "where g.restaurant_id = c.restaurant_id)"
    )


def _snapshot(house: House, table: str) -> list[tuple[object, ...]]:
    return house.rows(f"select * from public.{table} where restaurant_id = %s order by 2", [house.own])


async def test_the_rows_of_a_held_person_stay_as_they_are_in_every_table(full_house: House) -> None:
    _link(full_house)
    full_house.hold(GUEST)
    before = {table: _snapshot(full_house, table) for table in OF_THE_GUEST}

    await full_house.retain(at=LATER)

    assert before == {table: _snapshot(full_house, table) for table in OF_THE_GUEST}


async def test_another_restaurant_may_let_the_same_person_go(full_house: House) -> None:
    _link(full_house)
    full_house.hold(GUEST)

    await full_house.retain(at=LATER)

    other = [full_house.other]
    assert 0 == full_house.value("select count(*) from public.messages where restaurant_id = %s", other)
    assert 0 == full_house.value("select count(*) from public.events where restaurant_id = %s", other)
    assert None is full_house.value("select customer_name from public.orders where restaurant_id = %s", other)


async def test_other_rows_of_a_month_with_a_held_person_go_one_by_one(full_house: House) -> None:
    _link(full_house)
    full_house.rows(
        "insert into public.events (restaurant_id, timestamp, id, session_id, event_name, event_category) "
        "select %s, now(), gen_random_uuid(), gen_random_uuid(), 'page_view', 'navigation' from generate_series(1, 7)",
        [full_house.own],
    )
    full_house.hold(GUEST)

    run = await full_house.retain(Category.BEHAVIOUR, at=LATER)

    assert 1 == full_house.count("public.events")
    assert 8 == run.rows["events"]
    assert 8 == full_house.told()["events"]


async def test_when_the_hold_has_ended_the_rows_go(full_house: House) -> None:
    _link(full_house)
    full_house.hold(GUEST)
    await full_house.retain(at=LATER)
    full_house.rows("update public.legal_holds set ended_at = now()")

    await full_house.retain(at=LATER)

    assert 0 == full_house.count("public.messages")
    assert 0 == full_house.count("public.events")


async def test_others_can_ask_whether_a_person_is_held(full_house: House) -> None:
    full_house.hold(GUEST)
    subject = pseudonym(full_house.installation.secret, GUEST)
    async with full_house.database.as_service() as transaction:
        assert await store.is_held(transaction, full_house.own, [subject])
        assert not await store.is_held(transaction, full_house.other, [subject])
        assert await store.is_held(transaction, None, [subject])
