"""Watching the inbox: a provider that has gone silent, and items that wait for a person, become notifications."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flow.collect.webhooks import store
from flow.jobs.types import Job, JobContext

_PARKED_SINCE: Final = timedelta(hours=1)
_INBOX: Final = "/settings/integrations/inbox?status=parked&provider="


async def watch(context: JobContext) -> None:
    """Tells each restaurant what it should look at; the same thing at most twice a day."""
    now = context.clock.now()
    async with context.database.as_service() as transaction:
        for quiet in await store.find_quiet(transaction, now=now):
            await store.notify(
                transaction,
                quiet.restaurant_id,
                kind="integration_quiet",
                title=f"Nothing from {quiet.provider} for three hours",
                body="At this hour it has sent something in each of the last three weeks. Test the connection.",
                link=f"/settings/integrations/{quiet.provider}",
                now=now,
            )
        for parked in await store.find_parked(transaction, since=now - _PARKED_SINCE):
            await store.notify(
                transaction,
                parked.restaurant_id,
                kind="webhook_parked",
                title=f"{parked.items} from {parked.provider} could not be applied",
                body="They are kept in the inbox with their reasons, and can be applied again.",
                link=_INBOX + parked.provider,
                now=now,
            )


JOBS = (Job("webhooks.watch", watch),)
