"""What the worker does with the audit log."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from flow.database.installation import Installation
from flow.database.pool import Database
from flow.jobs.types import JobContext
from flow.kit.clock import SystemClock
from flow.privacy.audit.checkpoints import checkpoint_keys
from flow.privacy.audit.jobs import JOBS, AuditLogTouched
from tests.privacy.audit.conftest import Attack, checked, write
from tests.serving import settings_of

RUN = {job.name: job.run for job in JOBS}


@pytest.fixture
def context(installation: Installation, database: Database, tmp_path: Path) -> JobContext:
    settings = settings_of(installation, tmp_path)
    return JobContext(settings=settings, clock=SystemClock(), installation=installation, database=database)


async def test_it_is_signed_checked_and_kept(context: JobContext, database: Database) -> None:
    await write(database, 3)
    for name in ("audit.checkpoint", "audit.checkpoint", "audit.verify", "audit.expire"):
        await RUN[name](context)

    verdict = await checked(database, checkpoint_keys(context.installation))
    assert (True, 3, 1) == (verdict.holds, verdict.entries, verdict.checkpoints)


async def test_the_nightly_check_fails_aloud_and_says_nothing_personal(
    context: JobContext, database: Database, as_owner: Attack, caplog: pytest.LogCaptureFixture
) -> None:
    await write(database, 3)
    as_owner(
        "update gdpr_audit_log set description = 'anna@example.com' "
        "where id = (select entry_id from app.audit_chain where seq = 2)"
    )
    with pytest.raises(AuditLogTouched):
        await RUN["audit.verify"](context)
    assert "changed at link 2" in caplog.text
    assert "anna" not in caplog.text
    assert logging.ERROR == caplog.records[-1].levelno
