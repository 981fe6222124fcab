"""The consents' part of the timetable."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from flow.jobs.types import Job, JobContext
from flow.privacy.consents.confirmations import send_questions
from flow.privacy.consents.sms import SmsCarrier

__all__ = ["Gateway", "jobs"]

Gateway = Callable[[JobContext], AbstractAsyncContextManager[SmsCarrier]]
"""Opens a carrier for the length of a job."""


def jobs(gateway: Gateway) -> tuple[Job, ...]:
    """The jobs; SMS leave by `gateway`, which lies above this floor."""

    async def send(context: JobContext) -> None:
        async with gateway(context) as carrier:
            await send_questions(context, carrier=carrier)

    return (Job("consents.send_questions", send),)
