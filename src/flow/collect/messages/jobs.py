"""What happens to messages by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flow.collect.messages import store
from flow.jobs.types import Job, JobContext

_LOOKS_BACK: Final = timedelta(days=1)


async def give_up(context: JobContext) -> None:
    """Messages whose call failed for good are failed; applying the call again sends them after all."""
    async with context.database.as_service() as transaction:
        await store.give_up(transaction, since=context.clock.now() - _LOOKS_BACK)


JOBS = (Job("messages.give_up", give_up),)
