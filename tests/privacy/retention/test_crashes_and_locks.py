"""Retention is killed, meets locks, fails in one table: nothing is lost, nobody waits, and the next run goes on."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from flow.database.pool import Database
from flow.kit.clock import FixedClock
from flow.privacy.catalogue import Category
from flow.privacy.retention import months
from flow.privacy.retention.service import carry_out
from tests.privacy.retention.conftest import House

TODAY = datetime.now(UTC)
LATER = TODAY + timedelta(days=365 * 3)
MESSAGES = 40_000
# The night's job in a process of its own, as the worker would run it.
NIGHT = """
import asyncio, sys
from flow.database.pool import Database
from flow.kit.clock import SystemClock
from flow.privacy.catalogue import Category
from flow.privacy.retention.service import carry_out

async def main():
    async with Database(api_url=sys.argv[1], worker_url=sys.argv[2]) as database:
        await carry_out(database, Category.MARKETING, secrets=[b"s" * 32], clock=SystemClock())

asyncio.run(main())
"""
# Notes, for each statement on two tables, whether its commit will wait; in sessions that wait unless told otherwise.
SEEN = """
do $$ begin execute format('alter database %I set synchronous_commit = on', current_database()); end $$;
create table app.seen (name text, waits text);
grant select on app.seen to public;
create function app.see() returns trigger language plpgsql security definer as $$ begin
    insert into app.seen values (tg_table_name, current_setting('synchronous_commit'));
    return null;
end $$;
create trigger see after delete on public.messages for each statement execute function app.see();
create trigger see after insert on public.gdpr_audit_log for each statement execute function app.see();
"""


def _add_old_messages(house: House, count: int = MESSAGES) -> None:
    house.rows(
        "insert into public.messages (restaurant_id, id, direction, channel, body, created_at) "
        "select %s, gen_random_uuid(), 'outgoing', 'sms', 'Hello', now() - interval '3 years' + n * interval '1 min' "
        "from generate_series(1, %s) n",
        [house.own, count],
    )


async def test_killed_in_the_middle_the_next_run_finishes_and_tells_of_both(house: House) -> None:
    _add_old_messages(house)
    urls = [house.installation.api_url, house.installation.worker_url]
    night = subprocess.Popen([sys.executable, "-c", NIGHT, *urls], env=dict(os.environ))
    deadline = time.monotonic() + 30
    while house.count("app.retention_tallies") == 0 and time.monotonic() < deadline:
        time.sleep(0.005)
    night.send_signal(signal.SIGKILL)
    night.wait()
    done = MESSAGES - house.count("public.messages")
    assert 0 < done < MESSAGES
    assert done == house.value("select rows from app.retention_tallies where table_name = 'messages'")
    assert {} == house.told()

    await house.retain(Category.MARKETING, at=TODAY)

    assert 0 == house.count("public.messages")
    assert {"messages": MESSAGES} == house.told()


async def test_only_telling_the_audit_log_waits_for_the_disk(house: House) -> None:
    _add_old_messages(house, 10)
    with psycopg.connect(house.installation.admin_url, autocommit=True) as admin:
        admin.execute(SEEN)
    night = house.installation
    async with Database(api_url=night.api_url, worker_url=night.worker_url) as database:  # its sessions are new
        await carry_out(database, Category.MARKETING, secrets=[night.secret], clock=FixedClock(TODAY))

    assert [("messages", "off"), ("gdpr_audit_log", "on")] == house.rows("select * from app.seen")


async def test_a_batch_never_waits_for_a_row_that_somebody_has_locked(house: House) -> None:
    _add_old_messages(house, 1_200)
    with psycopg.connect(house.installation.owner_url) as other:
        other.execute("select from public.messages order by created_at limit 700 for update")
        async with asyncio.timeout(10):
            run = await house.retain(Category.MARKETING, at=TODAY)
        assert {"messages": 500} == run.rows
        other.rollback()

    assert {"messages": 700} == (await house.retain(Category.MARKETING, at=TODAY)).rows


async def test_a_month_in_use_gives_way_and_goes_the_next_night(
    full_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(months, "_TRIES", 2)
    monkeypatch.setattr(months, "_PAUSE_SECONDS", 0.01)
    with psycopg.connect(full_house.installation.owner_url) as other:
        other.execute("select from public.events limit 1")
        run = await full_house.retain(Category.BEHAVIOUR, at=LATER)
        assert [] == [part for part in run.dropped if part.startswith("events")]
        assert any(part.startswith("events") for part in run.waiting)
        assert 2 == full_house.count("public.events")

    assert 2 == (await full_house.retain(Category.BEHAVIOUR, at=LATER)).rows["events"]
    assert 2 == full_house.told()["events"]


async def test_dropping_fails_at_once_rather_than_queue_writers_behind_it(full_house: House) -> None:
    part = full_house.value(
        "select relname from pg_class where starts_with(relname, 'events_2') and relkind = 'r' order by relname limit 1"
    )
    with psycopg.connect(full_house.installation.owner_url) as other:
        other.execute("select from public.events limit 1")
        began = time.monotonic()
        with pytest.raises(psycopg.errors.LockNotAvailable):
            full_house.rows("select app.drop_partition(%s)", [part])
        assert time.monotonic() - began < 5  # connecting included, on a busy machine


async def test_only_months_of_the_partitioned_tables_can_be_dropped(house: House) -> None:
    for name in ("orders", "gdpr_audit_log", "nonsense"):
        with pytest.raises(psycopg.errors.InvalidParameterValue):
            house.rows("select app.drop_partition(%s)", [name])


async def test_what_figures_are_made_of_waits_for_the_roll_up(full_house: House) -> None:
    full_house.rows(
        "insert into public.stale_days (restaurant_id, date, reason) values (%s, %s, 'late order')",
        [full_house.own, TODAY.date() - timedelta(days=1)],
    )
    run = await full_house.retain(Category.BEHAVIOUR, at=LATER)
    assert {"events", "page_views"} <= {part.rpartition("_")[0] for part in run.waiting}
    assert 2 == full_house.count("public.events")
    assert 1 == full_house.count("public.sessions")  # the other restaurant's figures are made

    full_house.rows("delete from public.stale_days")
    await full_house.retain(Category.BEHAVIOUR, at=LATER)
    assert (0, 0) == (full_house.count("public.events"), full_house.count("public.sessions"))


async def test_a_table_that_fails_does_not_hold_up_the_others(full_house: House) -> None:
    full_house.rows("revoke delete on public.messages from service_role")

    run = await full_house.retain(Category.MARKETING, at=LATER)

    assert "messages" not in run.rows
    assert 2 == run.rows["campaign_sends"]
    assert 2 == full_house.told()["campaign_sends"]
