"""Retention's part of the timetable: a job per category, so that one that takes long holds up no other."""

from __future__ import annotations

from functools import partial

from flow.jobs.types import Job, JobContext
from flow.privacy.catalogue import Category
from flow.privacy.retention.service import carry_out, entries_of


async def _carry_out(context: JobContext, *, category: Category) -> None:
    place = context.installation
    await carry_out(context.database, category, secrets=[place.secret, *place.old_secrets], clock=context.clock)


JOBS = tuple(
    Job(f"retention.{category}", partial(_carry_out, category=category))
    for category in Category
    if entries_of(category)
)
