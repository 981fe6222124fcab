"""The part of the timetable that counts calls to other systems."""

from __future__ import annotations

from flow.analytics.health.service import count_finished_days
from flow.jobs.types import Job, JobContext


async def _count_calls(context: JobContext) -> None:
    await count_finished_days(context.database, clock=context.clock)


JOBS = (Job("health.count_calls", _count_calls),)
