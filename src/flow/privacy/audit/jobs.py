"""What happens to the audit log by itself: checkpoints, and the end of the keeping time."""

from __future__ import annotations

from flow.jobs.types import Job, JobContext
from flow.privacy.audit.checkpoints import checkpoint_keys, make_checkpoint
from flow.privacy.audit.retention import expire


async def _checkpoint(context: JobContext) -> None:
    async with context.database.as_service() as transaction:
        await make_checkpoint(transaction, checkpoint_keys(context.installation), at=context.clock.now())


async def _expire(context: JobContext) -> None:
    await expire(context.database, clock=context.clock)


JOBS = (Job("audit.checkpoint", _checkpoint), Job("audit.expire", _expire))
