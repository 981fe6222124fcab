"""The roll-ups' part of the timetable."""

from __future__ import annotations

from flow.analytics.rollups.service import mark_finished_days, recompute_stale
from flow.jobs.types import Job, JobContext


async def _recompute_stale(context: JobContext) -> None:
    await recompute_stale(context.database, clock=context.clock)


async def _finish_days(context: JobContext) -> None:
    await mark_finished_days(context.database, clock=context.clock)


JOBS = (Job("rollups.recompute_stale", _recompute_stale), Job("rollups.finish_days", _finish_days))
