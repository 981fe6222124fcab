"""The timetable's part: carrying requests out, reminding of deadlines, deleting files, keeping the erased erased."""

from __future__ import annotations

import logging

from flow.jobs.types import Job, JobContext
from flow.privacy.rights import store
from flow.privacy.rights.deadlines import delete_expired_files, remind
from flow.privacy.rights.means import Means
from flow.privacy.rights.service import carry_out
from flow.privacy.rights.tombstones import reapply

__all__ = ["JOBS"]

_log = logging.getLogger(__name__)


async def _carry_out(context: JobContext) -> None:
    """Each request by itself: one that fails is shown as such and does not stop the others."""
    means = _means(context)
    async with context.database.as_service() as transaction:
        running = await store.list_running(transaction)
    for request_id in running:
        try:
            await carry_out(means, request_id)
        except Exception:
            _log.exception("privacy request %s failed", request_id)
            async with context.database.as_service() as transaction:
                await store.set_status(transaction, request_id, "failed", now=context.clock.now())


async def _remind(context: JobContext) -> None:
    await remind(_means(context))


async def _delete_files(context: JobContext) -> None:
    await delete_expired_files(_means(context))


async def _reapply(context: JobContext) -> None:
    await reapply(_means(context))


def _means(context: JobContext) -> Means:
    return Means.of(context.settings, context.installation, context.database, context.clock)


JOBS = (
    Job("rights.carry_out", _carry_out),
    Job("rights.remind", _remind),
    Job("rights.delete_files", _delete_files),
    Job("rights.reapply", _reapply),
)
