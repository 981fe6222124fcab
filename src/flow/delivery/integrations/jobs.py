"""Watching the other systems: one that has gone quiet, and webhooks that wait for a person, become notifications."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from flow.analytics.health import store as health
from flow.analytics.health.types import Place
from flow.collect.webhooks import store
from flow.database.transaction import Transaction
from flow.delivery.integrations.labels import NAMES
from flow.jobs.types import Job, JobContext
from flow.web.i18n import N_

__all__ = ["JOBS", "watch"]

_PARKED_SINCE: Final = timedelta(hours=1)
_INBOX: Final = "/settings/integrations/inbox?status=parked&provider="
_QUIET: Final = N_("Nothing from %(system)s for three hours")
_USUALLY: Final = N_("At this hour it has sent something in each of the last three weeks. Test the connection.")
_PARKED: Final = N_("Not everything from %(system)s could be applied")
_KEPT: Final = N_("Parked: %(items)s. They are kept in the inbox with their reasons, and can be applied again.")


async def watch(context: JobContext) -> None:
    """Tells each restaurant what it should look at; the same thing at most twice a day."""
    now = context.clock.now()
    async with context.database.as_service() as transaction:
        places = [Place(*each) for each in enumerate(await health.watched_restaurants(transaction))]
        for heard in await health.heard_facts(transaction, places, "provider", now=now) if places else ():
            if heard.quiet_systems:
                await _tell_quiet(transaction, places[heard.cell].restaurant_id, heard.value, context)
        for parked in await store.find_parked(transaction, since=now - _PARKED_SINCE):
            await store.notify(
                transaction,
                parked.restaurant_id,
                kind="webhook_parked",
                title=_PARKED,
                body=_KEPT,
                facts={"items": parked.items, "system": NAMES.get(parked.provider, parked.provider)},
                link=_INBOX + parked.provider,
                now=now,
            )


async def _tell_quiet(transaction: Transaction, restaurant: UUID, provider: str, context: JobContext) -> None:
    await store.notify(
        transaction,
        restaurant,
        kind="integration_quiet",
        title=_QUIET,
        body=_USUALLY,
        facts={"system": NAMES.get(provider, provider)},
        link=f"/settings/integrations/{provider}",
        now=context.clock.now(),
    )


JOBS = (Job("webhooks.watch", watch),)
