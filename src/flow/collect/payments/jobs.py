"""What happens to payments by itself."""

from __future__ import annotations

from flow.collect.integrations.calling import calls_of
from flow.collect.payments.following import follow, give_up
from flow.collect.payments.reconciling import compare_all
from flow.collect.providers import mobilepay, stripe
from flow.jobs.types import Job, JobContext

__all__ = ["JOBS"]


async def reconcile(context: JobContext) -> None:
    """Compares the books of every payment provider with FLOW's."""
    async with calls_of(context, (stripe.PROVIDER, mobilepay.PROVIDER)) as calls:
        await compare_all(calls)


JOBS = (Job("payments.follow", follow), Job("payments.give_up", give_up), Job("payments.reconcile", reconcile))
