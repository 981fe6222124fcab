"""What goes, what stays, and what the audit log is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from flow.kit.personal import Erasure
from flow.privacy.catalogue import AtEnd, Category, TableEntry, tables
from flow.privacy.retention.service import preview
from tests.privacy.retention.conftest import GUEST, House

TODAY = datetime.now(UTC)
LATER = TODAY + timedelta(days=365 * 12)
OURS = [entry for entry in tables() if entry.tenant and entry.retention.is_ours]
DELETED = [e for e in OURS if e.retention.at_end in (AtEnd.DELETE, AtEnd.DROP_PARTITIONS)]
ANONYMISED = [e for e in OURS if e.retention.at_end is AtEnd.ANONYMISE]
BOOKS = "select sum(subtotal), sum(discount_amount), sum(tax_amount), sum(total), count(*) from public.orders"
LINES = "select sum(line_total), sum(quantity), count(*) from public.order_items"
PAID = "select sum(amount), sum(refunded_amount), count(*) from public.payments"


async def test_nothing_goes_before_its_time(full_house: House) -> None:
    before = {entry.table: full_house.count(entry.name) for entry in tables()}

    soon = await full_house.retain(at=TODAY + timedelta(days=6))
    after_soon = {entry.table: full_house.count(entry.name) for entry in tables()}
    later = await full_house.retain(at=TODAY + timedelta(days=29))

    assert ({}, before) == (soon.rows, after_soon)
    assert {"spent_forms"} == set(later.rows)


async def test_everything_goes_after_its_time_and_the_audit_log_is_told_how_much(full_house: House) -> None:
    full_house.rows("update public.legal_holds set ended_at = now()")
    run = await full_house.retain(at=LATER)

    left = {entry.table: full_house.count(entry.name) for entry in DELETED}
    assert {entry.table: 0 for entry in DELETED} == left
    assert [] == [column for entry in ANONYMISED for column in _left_of(full_house, entry)]
    assert run.rows == full_house.told()
    assert 0 == full_house.count("app.retention_tallies")


async def test_books_keep_their_sums_to_the_last_oere(full_house: House) -> None:
    before = [full_house.rows(sql) for sql in (BOOKS, LINES, PAID)]

    await full_house.retain(Category.SALES, at=LATER)

    assert before == [full_house.rows(sql) for sql in (BOOKS, LINES, PAID)]
    assert [(None, None)] == full_house.rows("select distinct customer_name, customer_id from public.orders")


async def test_each_restaurant_has_its_own_financial_year(full_house: House) -> None:
    full_house.rows("update public.restaurants set financial_year_first_month = 7 where id = %s", [full_house.other])
    full_house.rows("update public.orders set created_at = '2020-09-15T12:00:00Z'")

    # The calendar year of September 2020 ended with 2020; a year from July ended in June 2021.
    await full_house.retain(Category.SALES, at=datetime(2026, 6, 1, tzinfo=UTC))
    names = "select customer_name from public.orders where restaurant_id = %s"
    assert None is full_house.value(names, [full_house.own])
    assert "Anna Hansen" == full_house.value(names, [full_house.other])

    await full_house.retain(Category.SALES, at=datetime(2026, 7, 2, tzinfo=UTC))
    assert None is full_house.value(names, [full_house.other])


async def test_the_dry_run_says_what_then_goes_and_touches_nothing(full_house: House) -> None:
    async with full_house.database.as_service() as transaction:
        due = await preview(transaction, secrets=[full_house.installation.secret], now=LATER)
    foretold: dict[str, int] = {}
    for each in due:
        foretold[each.table] = foretold.get(each.table, 0) + each.rows
    assert 2 == full_house.count("public.messages")

    run = await full_house.retain(at=LATER)

    assert {table: rows for table, rows in foretold.items() if rows} == run.rows


async def test_a_second_run_finds_nothing_to_do(full_house: House) -> None:
    await full_house.retain(at=LATER)

    assert {} == (await full_house.retain(at=LATER)).rows


async def test_the_audit_log_names_no_person(full_house: House) -> None:
    await full_house.retain(at=LATER)

    texts = str(full_house.rows("select description, after from public.gdpr_audit_log"))
    assert GUEST not in texts
    assert "Hansen" not in texts


@pytest.mark.parametrize("category", Category)
def test_what_others_refer_to_goes_after_them(category: Category) -> None:
    from flow.privacy.retention.service import entries_of

    order = [entry.table for entry in entries_of(category)]
    for entry in entries_of(category):
        assert all(order.index(child) < order.index(entry.table) for child, _ in entry.retention.children)


async def test_a_campaign_stays_while_a_send_of_it_does(full_house: House) -> None:
    full_house.rows("update public.marketing_campaigns set created_at = now() - interval '3 years'")

    await full_house.retain(Category.MARKETING, at=TODAY)

    assert 2 == full_house.count("public.marketing_campaigns")


def _left_of(house: House, entry: TableEntry) -> list[str]:
    """Columns that still say something about a person."""
    found = []
    for column in entry.personal:
        gone = f"= '{column.replacement}'" if column.erasure is Erasure.REPLACE else "is null"
        if house.value(f'select count(*) from {entry.name} where not coalesce("{column.column}" {gone}, false)'):
            found.append(f"{entry.table}.{column.column}")
    return found
