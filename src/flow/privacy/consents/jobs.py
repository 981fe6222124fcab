"""The consents' part of the timetable."""

from __future__ import annotations

from flow.jobs.types import Job, JobContext
from flow.privacy.consents.confirmations import send_questions


async def _send_questions(context: JobContext) -> None:
    await send_questions(context)


JOBS = (Job("consents.send_questions", _send_questions),)
