"""The events' part of the timetable."""

from __future__ import annotations

from flow.collect.events.upkeep import forget_salts, make_partitions
from flow.jobs.types import Job, JobContext


async def _make_partitions(context: JobContext) -> None:
    await make_partitions(context.database, now=context.clock.now())


async def _forget_salts(context: JobContext) -> None:
    await forget_salts(context.database, now=context.clock.now())


JOBS = (
    Job("events.make_partitions", _make_partitions),
    Job("events.forget_salts", _forget_salts),
)
