"""The accounts' part of the timetable."""

from __future__ import annotations

from datetime import timedelta

from flow.access.people.store import forget_invitations
from flow.access.resets.answering import answer_wishes
from flow.access.resets.store import forget_resets
from flow.access.store import forget_sessions
from flow.jobs.types import Job, JobContext

KEPT = timedelta(days=30)
"""For how long a person can still see a log-in that is over, and an invitation or a reset that is over is known."""


async def _forget_sessions(context: JobContext) -> None:
    async with context.database.as_service() as transaction:
        await forget_sessions(transaction, before=context.clock.now() - KEPT)


async def _forget_links(context: JobContext) -> None:
    before = context.clock.now() - KEPT
    async with context.database.as_service() as transaction:
        await forget_invitations(transaction, before=before)
        await forget_resets(transaction, before=before)


JOBS = (
    Job("access.forget_sessions", _forget_sessions),
    Job("access.forget_links", _forget_links),
    Job("access.answer_resets", answer_wishes),
)
