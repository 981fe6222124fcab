"""Fetches from InMobile what it has not delivered: guests' messages every minute, reports every hour.

InMobile gives each out once. So a page goes into the inbox, committed, before the next is asked for; and one worker
at a time asks.
"""

from __future__ import annotations

import logging
from typing import Final

from flow.collect.integrations import store as integrations
from flow.collect.integrations.calling import calls_of
from flow.collect.integrations.errors import NotConnected, ProviderAway
from flow.collect.integrations.types import Caller, Integration
from flow.collect.providers.inmobile import PROVIDER
from flow.collect.providers.inmobile.calls import fetch
from flow.collect.providers.inmobile.payload import read
from flow.collect.webhooks import store as inbox
from flow.collect.webhooks.rows import Sealing
from flow.jobs.types import Job, JobContext

_INCOMING, _REPORTS = "/v4/sms/incoming/messages", "/v4/sms/outgoing/reports"
_MOST_PAGES: Final = 40
_log = logging.getLogger("flow.collect.inmobile")


async def fetch_messages(context: JobContext) -> None:
    """Guests' messages of every connected restaurant."""
    await _fetch_all(context, _INCOMING)


async def fetch_reports(context: JobContext) -> None:
    """Reports that did not come by themselves."""
    await _fetch_all(context, _REPORTS)


async def _fetch_all(context: JobContext, path: str) -> None:
    async with context.database.as_service() as transaction:
        connected = await integrations.connected(transaction, PROVIDER.name)
    async with calls_of(context, (PROVIDER,)) as calls:
        for integration in connected:
            try:
                connection = await calls.connect(integration.restaurant_id, PROVIDER.name)
                await _fetch(context, connection.caller, integration, path)
            except (ProviderAway, NotConnected) as error:
                if integration.last_error is not None:
                    continue  # said when it began; the connection's page shows that it lasts
                fields = {"restaurant": str(integration.restaurant_id), "path": path, "error": error.code}
                _log.warning("nothing could be fetched", extra={"fields": fields})


async def _fetch(context: JobContext, caller: Caller, integration: Integration, path: str) -> None:
    sealing = Sealing(context.installation.secret_box, context.installation.secret)
    for _ in range(_MOST_PAGES):
        page = await fetch(caller, path)
        if page is None:
            return
        rows = [sealing.row(integration, arrival, now=context.clock.now()) for arrival in read(page)]
        async with context.database.as_service() as transaction:
            await inbox.insert_items(transaction, rows)
            await inbox.ring_inbox(transaction)


JOBS = (
    Job("inmobile.fetch_messages", fetch_messages),
    Job("inmobile.fetch_reports", fetch_reports),
)
