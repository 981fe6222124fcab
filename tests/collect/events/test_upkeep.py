"""What the timetable does for events."""

from __future__ import annotations

from datetime import UTC, datetime

from flow.collect.events.jobs import JOBS
from flow.collect.events.upkeep import make_partitions
from flow.database.pool import Database
from flow.jobs.timetable import TIMETABLE
from tests.collect.events.sending import NOON, Shop, event

PARTS = "select c.relname from pg_class c where c.relnamespace = 'parts'::regnamespace and c.relkind = 'r' order by 1"
NEW_YEAR = datetime(2031, 1, 31, 23, 30, tzinfo=UTC)


def _parts(shop: Shop) -> set[str]:
    return {row[0] for row in shop.rows(PARTS)}


async def test_months_are_made_two_ahead_and_two_back_over_the_turn_of_the_year(shop: Shop, database: Database) -> None:
    before = _parts(shop)

    assert 15 == await make_partitions(database, now=NEW_YEAR)
    months = ("203011", "203012", "203101", "203102", "203103")
    made = {f"{parent}_{month}" for parent in ("events", "page_views", "heatmap_events") for month in months}
    assert made == _parts(shop) - before


async def test_what_is_there_already_is_left_alone(shop: Shop, database: Database) -> None:
    await shop.send(event())

    assert 0 == await make_partitions(database, now=NOON)
    assert 1 == shop.stored


async def test_a_new_partition_is_closed_to_all_but_its_parent(shop: Shop, database: Database) -> None:
    await make_partitions(database, now=NEW_YEAR)

    assert [] == shop.rows(
        "select c.relname from pg_class c where c.relnamespace = 'parts'::regnamespace and c.relkind = 'r' and "
        "(not c.relrowsecurity or has_table_privilege('authenticated', c.oid, 'select') "
        "or has_table_privilege('service_role', c.oid, 'select'))"
    )


def test_the_timetable_runs_every_job_of_events() -> None:
    assert {job.name for job in JOBS} == {entry.job for entry in TIMETABLE if entry.job.startswith("events.")}
