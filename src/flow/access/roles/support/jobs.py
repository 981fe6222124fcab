"""What happens to the doors of support by itself."""

from __future__ import annotations

from flow.access.roles.support import store
from flow.jobs.types import Job, JobContext


async def _expire(context: JobContext) -> None:
    async with context.database.as_service() as transaction:
        await store.expire(transaction)


JOBS = (Job("support.expire", _expire),)
