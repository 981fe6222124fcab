"""A restaurant leaves: its export, its time of grace, its books without persons, and nothing else of it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from flow.kit.clock import FixedClock
from flow.privacy.rights import offboarding, service
from flow.privacy.rights.errors import NameDiffers, RequestClosed, SecondFactorNeeded, UnderLegalHold
from tests.privacy.rights.conftest import OPERATOR, House
from tests.privacy.rights.test_erasing import SUMS

# An erasure searches these for its person; when all persons go at once, nobody is known to search for.
CODES_ARE_CODES = (
    "update public.orders set discount_code = null, source = 'flow', external_id = null",
    "update public.order_items set product_sku = null, product_category = null, options = '[]'",
    "update public.order_status_changes set from_status = null, to_status = 'pending'",
    "update public.payments set provider_transaction_id = null, checkout_id = null",
    "update public.payment_refunds set provider_refund_id = null, failure_code = null",
)
BOOKS = {
    *(
        "orders",
        "order_items",
        "order_status_changes",
        "payments",
        "payment_refunds",
        "invoice_drafts",
        "invoice_credits",
    ),
    *("products", "imports"),
}


async def _leave(house: House, *, name: str = "Napoli", sure: bool = True, at_once: bool = True) -> UUID:
    async with house.means.database.as_service() as transaction:
        return await offboarding.offboard(
            house.means,
            transaction,
            house.napoli,
            typed_name=name,
            has_second_factor=sure,
            at_once=at_once,
            actor=OPERATOR,
        )


async def test_the_books_stay_to_the_oere_and_name_nobody(house: House, found_in: Callable[[str], list[str]]) -> None:
    for statement in CODES_ARE_CODES:
        house.execute(statement)
    sums = house.rows(SUMS, house.napoli)
    await service.carry_out(house.means, await _leave(house))

    assert sums == house.rows(SUMS, house.napoli)
    assert [] == found_in(house.dump())


async def test_nothing_else_of_it_is_left(house: House) -> None:
    await service.carry_out(house.means, await _leave(house))
    tables = house.rows(
        "select c.relname, format('%%I.%%I', n.nspname, c.relname) from pg_class c "
        "join pg_namespace n on n.oid = c.relnamespace "
        "where c.relkind in ('r', 'p') and not c.relispartition and obj_description(c.oid, 'pg_class') like 'tenant:%%'"
    )
    left = {name for name, path in tables if house.rows(f"select from {path} where restaurant_id = %s", house.napoli)}

    assert BOOKS | {"consent_texts"} == left  # what was asked is part of the proof


async def test_the_restaurant_itself_has_no_name_and_no_invented_number(house: House) -> None:
    house.execute("update public.restaurants set cvr = '12345678', phone = '+4511111111', email = 'x@napoli.example'")
    await service.carry_out(house.means, await _leave(house))

    assert [("Offboarded restaurant", None, None, None, "closed", True)] == house.rows(
        "select name, cvr, phone, email, status, offboarded_at is not null from public.restaurants where id = %s",
        house.napoli,
    )
    assert [("Tivoli", "12345678")] == house.rows(
        "select name, cvr from public.restaurants where id = %s", house.tivoli
    )


async def test_another_restaurant_is_not_touched(house: House) -> None:
    counts = house.rows("select count(*) from public.messages where restaurant_id = %s", house.tivoli)
    await service.carry_out(house.means, await _leave(house))

    assert counts == house.rows("select count(*) from public.messages where restaurant_id = %s", house.tivoli)


async def test_everything_is_in_the_export(house: House) -> None:
    request_id = await _leave(house)
    await service.carry_out(house.means, request_id)
    done = await house.find(request_id)
    assert done.file_name is not None
    names = zipfile.ZipFile(house.means.exports / done.file_name).namelist()

    assert {f"json/{table}.json" for table in (*BOOKS, "customers", "messages", "daily_metrics")} <= set(names)


async def test_for_thirty_days_it_may_stay_after_all(house: House) -> None:
    request_id = await _leave(house, at_once=False)
    await service.carry_out(house.means, request_id)
    assert "running" == (await house.find(request_id)).status
    assert [("closed",)] == house.rows("select status from public.restaurants where id = %s", house.napoli)
    assert (await house.find(request_id)).file_name is not None
    async with house.means.database.as_service() as transaction:
        await offboarding.cancel(house.means, transaction, request_id, actor=OPERATOR)

    assert [("active",)] == house.rows("select status from public.restaurants where id = %s", house.napoli)
    assert [("Anna Hansen",)] == house.rows("select name from public.customers where restaurant_id = %s", house.napoli)


async def test_after_them_it_goes(house: House) -> None:
    request_id = await _leave(house, at_once=False)
    later = replace(house.means, clock=FixedClock(house.means.clock.now() + timedelta(days=31)))
    await service.carry_out(later, request_id)

    assert "completed" == (await house.find(request_id)).status
    async with later.database.as_service() as transaction:
        with pytest.raises(RequestClosed):
            await offboarding.cancel(later, transaction, request_id, actor=OPERATOR)


async def test_running_it_again_changes_nothing(house: House) -> None:
    request_id = await _leave(house)
    await service.carry_out(house.means, request_id)
    before = (await house.find(request_id), house.rows("select * from public.orders order by id"))
    await service.carry_out(house.means, request_id)

    assert before == (await house.find(request_id), house.rows("select * from public.orders order by id"))


async def test_it_needs_a_second_factor_the_name_in_full_and_no_legal_hold(house: House) -> None:
    with pytest.raises(SecondFactorNeeded):
        await _leave(house, sure=False)
    with pytest.raises(NameDiffers):
        await _leave(house, name="napoli")
    house.execute(
        "insert into public.legal_holds (restaurant_id, id, subject, reason) "
        "values (%s, gen_random_uuid(), repeat('0', 64), 'A case')",
        house.napoli,
    )
    with pytest.raises(UnderLegalHold):
        await _leave(house)

    assert [("active",)] == house.rows("select status from public.restaurants where id = %s", house.napoli)
