"""What happens to the audit log by itself: checkpoints, a check each night, and the end of the keeping time."""

from __future__ import annotations

import logging

from flow.errors import FlowError
from flow.jobs.types import Job, JobContext
from flow.privacy.audit.checkpoints import checkpoint_keys, make_checkpoint
from flow.privacy.audit.retention import expire
from flow.privacy.audit.verification import verify

_log = logging.getLogger("flow.privacy.audit")


class AuditLogTouched(FlowError):
    """The audit log is not what was written: run `flow audit verify` and keep the database as it is."""

    code = "audit_log_touched"


async def _checkpoint(context: JobContext) -> None:
    async with context.database.as_service() as transaction:
        await make_checkpoint(transaction, checkpoint_keys(context.installation), at=context.clock.now())


async def _verify(context: JobContext) -> None:
    async with context.database.as_service() as transaction:
        verdict = await verify(transaction, checkpoint_keys(context.installation), now=context.clock.now())
    for finding in verdict.findings:
        _log.error("audit log: %s at link %s: %s", finding.fault, finding.seq, finding.says)
    if not verdict.holds:
        raise AuditLogTouched


async def _expire(context: JobContext) -> None:
    await expire(context.database, clock=context.clock)


JOBS = (Job("audit.checkpoint", _checkpoint), Job("audit.verify", _verify), Job("audit.expire", _expire))
