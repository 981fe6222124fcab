"""The accounts' part of the timetable."""

from __future__ import annotations

from datetime import timedelta

from flow.access.resets.answering import answer_wishes
from flow.access.store import forget_sessions
from flow.jobs.types import Job, JobContext

KEPT = timedelta(days=30)
"""For how long a person can still see a log-in that is over."""


async def _forget_sessions(context: JobContext) -> None:
    async with context.database.as_service() as transaction:
        await forget_sessions(transaction, before=context.clock.now() - KEPT)


JOBS = (
    Job("access.forget_sessions", _forget_sessions),
    Job("access.answer_resets", answer_wishes),
)
