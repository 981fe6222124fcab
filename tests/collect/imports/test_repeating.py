"""Running again, stopping in the middle, undoing: nothing is lost, doubled or left over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from flow.collect.imports.errors import ImportNotFound, ImportRunning
from flow.collect.imports.service import Wish, import_orders, undo_import
from flow.collect.imports.store import guard_import
from flow.collect.imports.types import Progress
from flow.collect.imports.writing import BATCH_ORDERS
from flow.kit.ids import new_id
from tests.collect.imports.conftest import FLAT, FLAT_MAPPING, Till, written
from tests.factories import make_restaurant

MANY = 2 * BATCH_ORDERS + 300
KILLED = """
import asyncio, os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from flow.collect.imports.service import Wish, import_orders
from flow.database.pool import Database
from flow.kit.clock import FixedClock

def report(at):
    if at.step == "Writing orders" and at.rows >= int(sys.argv[5]):
        os.kill(os.getpid(), signal.SIGKILL)

async def main():
    wish = Wish(paths=[Path(sys.argv[3])], restaurant_slug="napoli", mapping_name=sys.argv[4])
    async with Database(api_url=sys.argv[1], worker_url=sys.argv[2]) as database:
        await import_orders(database, wish, clock=FixedClock(datetime(2026, 11, 21, tzinfo=UTC)), report=report)

asyncio.run(main())
"""


def _many(till: Till, count: int = MANY) -> Path:
    rows = (f"{n},2026-10-{1 + n % 28:02d} 12:00:00,Kaffe {n % 7},1,30" for n in range(count))
    return till.write("sales.csv", FLAT, *rows)


def _everything(till: Till) -> list[tuple[object, ...]]:
    """What an import may touch, but for days that wait and the import's own record."""
    return till.rows(
        "select 'orders', to_jsonb(o)::text from orders o "
        "union all select 'items', to_jsonb(i)::text from order_items i "
        "union all select 'payments', to_jsonb(p)::text from payments p order by 1, 2"
    )


async def test_running_again_changes_nothing(till: Till) -> None:
    path = _many(till)
    await till.run(path, mapping=FLAT_MAPPING)
    before = _everything(till)
    again = written(await till.run(path, mapping=FLAT_MAPPING))

    assert (0, MANY) == (again.orders_created, again.orders_known)
    assert before == _everything(till)


async def test_a_file_that_has_grown_adds_what_is_new(till: Till) -> None:
    await till.run(_many(till, 10), mapping=FLAT_MAPPING)
    grown = written(await till.run(_many(till, 15), mapping=FLAT_MAPPING))

    assert (5, 10) == (grown.orders_created, grown.orders_known)
    assert [(15, 1, 15)] == till.rows("select count(*), min(order_number), max(order_number) from orders")


async def test_a_mended_row_comes_with_the_next_run(till: Till) -> None:
    await till.flat("1,2026-10-01 12:00:00,Kaffe,1,30", "2,2026-10-01 12:00:00,Kaffe,one,30")
    mended = written(await till.flat("1,2026-10-01 12:00:00,Kaffe,1,30", "2,2026-10-01 12:00:00,Kaffe,1,30"))

    assert (1, 1, 0) == (mended.orders_created, mended.orders_known, mended.rows_rejected)


async def test_killed_in_the_middle_it_goes_on_where_it_stopped(till: Till) -> None:
    path, mapping = _many(till), till.write("mapping.toml", FLAT_MAPPING)
    urls = [till.installation.api_url, till.installation.worker_url]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, *urls, str(path), str(mapping), str(BATCH_ORDERS)], check=False, env=os.environ
    )

    assert -signal.SIGKILL == killed.returncode
    assert [(BATCH_ORDERS,)] == till.rows("select count(*) from orders")

    rest = written(await till.run(path, mapping=FLAT_MAPPING))

    assert (MANY - BATCH_ORDERS, BATCH_ORDERS) == (rest.orders_created, rest.orders_known)
    assert [(MANY, MANY, MANY)] == till.rows(
        "select count(*), count(distinct external_id), count(distinct order_number) from orders"
    )
    assert [(MANY,)] == till.rows("select count(*) from order_items")
    assert [("completed", MANY - BATCH_ORDERS), ("failed", BATCH_ORDERS)] == till.rows(
        "select status, orders_created from imports order by 1"
    )


async def test_undoing_removes_exactly_what_the_import_made(till: Till) -> None:
    await till.run(_many(till, 10), mapping=FLAT_MAPPING)
    before, menu = _everything(till), till.rows("select name from products where is_active order by 1")
    second = written(
        await till.run(_many(till), mapping=FLAT_MAPPING + '[line.option]\nname = "Slags"\nvalue = "name"')
    )
    removed = await undo_import(till.database, second.id, clock=till.clock)

    assert MANY - 10 == removed
    assert before == _everything(till)
    assert menu == till.rows("select name from products where is_active order by 1")
    assert [("undone",)] == till.rows(f"select status from imports where id = '{second.id}'")


async def test_undoing_retires_the_products_that_came_along_and_importing_again_revives_them(till: Till) -> None:
    first = written(await till.run(_many(till, 10), mapping=FLAT_MAPPING))
    await undo_import(till.database, first.id, clock=till.clock)

    assert [(7, 0)] == till.rows("select count(*), count(*) filter (where is_active) from products")

    await till.run(_many(till, 10), mapping=FLAT_MAPPING)

    assert [(7, 7)] == till.rows("select count(*), count(*) filter (where is_active) from products")


async def test_a_product_that_people_retired_stays_retired(till: Till) -> None:
    await till.run(_many(till, 3), mapping=FLAT_MAPPING)
    till.rows("update products set is_active = false where name = 'Kaffe 1' returning 1")
    await till.run(_many(till, 9), mapping=FLAT_MAPPING)

    assert [("Kaffe 1",)] == till.rows("select name from products where not is_active")


async def test_both_ways_mark_the_days(till: Till) -> None:
    made = written(await till.run(_many(till, 10), mapping=FLAT_MAPPING))
    await undo_import(till.database, made.id, clock=till.clock)

    assert [("import undone", 10), ("orders imported", 10)] == till.rows(
        "select reason, count(distinct date) from stale_days group by 1 order by 1"
    )


async def test_both_ways_are_in_the_audit_log(till: Till) -> None:
    made = written(await till.run(_many(till, 10), mapping=FLAT_MAPPING))
    await undo_import(till.database, made.id, clock=till.clock)

    assert [("import_undone", 10), ("orders_imported", 10)] == till.rows(
        "select action, coalesce(after ->> 'orders_removed', after ->> 'orders_created')::int "
        f"from gdpr_audit_log where after ->> 'import_id' = '{made.id}' order by 1"
    )


async def test_only_one_import_into_a_restaurant_runs_at_a_time(till: Till) -> None:
    path, refused = _many(till, 10), []

    class _Tried(Exception):
        pass

    def report(at: Progress) -> None:
        if at.step == "Writing orders":
            refused.append(at)
            raise _Tried

    with pytest.raises(_Tried):
        await till.run(path, mapping=FLAT_MAPPING, report=report)
    async with till.database.as_service() as guard:
        [(napoli,)] = till.rows("select id from restaurants")
        assert isinstance(napoli, UUID)
        assert await guard_import(guard, napoli)
        with pytest.raises(ImportRunning):
            await till.run(path, mapping=FLAT_MAPPING)
    assert 1 == len(refused)


async def test_another_restaurant_does_not_share_numbers_or_products(till: Till) -> None:
    await till.run(_many(till, 3), mapping=FLAT_MAPPING)
    make_restaurant(till.installation.owner_url, "Tivoli")
    mapping = till.folder / "mapping.toml"
    wish = Wish(paths=[_many(till, 3)], restaurant_slug="tivoli", mapping_name=str(mapping))
    outcome = await import_orders(till.database, wish, clock=till.clock)

    assert 3 == written(outcome).orders_created


async def test_an_unknown_import_cannot_be_undone(till: Till) -> None:
    with pytest.raises(ImportNotFound):
        await undo_import(till.database, new_id(), clock=till.clock)
