"""A restaurant that is connected to Acme, and the application that receives its deliveries."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from flow.collect.integrations import store
from flow.collect.integrations.service import keep_credentials
from flow.collect.integrations.types import Integration
from flow.collect.webhooks.address import Address, Addresses
from flow.collect.webhooks.receiving import Receiving
from flow.collect.webhooks.working import working
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.jobs.types import JobContext
from flow.kit.clock import FixedClock
from tests.collect.webhooks.acme import SECRET, Acme, signed
from tests.factories import make_restaurant
from tests.serving import running_app, settings_of

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass
class Desk:
    """What a test of incoming webhooks works with."""

    installation: Installation
    database: Database
    clock: FixedClock
    acme: Acme
    restaurant: UUID
    integration: Integration
    http: httpx.AsyncClient
    context: JobContext
    receiving: Receiving

    @property
    def path(self) -> str:
        place = self.installation
        return Addresses([place.secret]).path("acme", Address(self.restaurant, self.integration.id))

    async def deliver(self, body: bytes, path: str | None = None, **headers: str) -> httpx.Response:
        return await self.http.post(path or self.path, content=body, headers={**signed(body), **headers})

    async def work(self) -> None:
        await working([self.acme]).run(self.context, once=True)


async def connected(
    database: Database,
    installation: Installation,
    restaurant: UUID,
    *,
    account: str | None = None,
    secret: str = SECRET,
) -> Integration:
    """The restaurant's connection to Acme."""
    async with database.as_service() as transaction:
        integration_id = await store.connect(
            transaction, restaurant, kind="payment", name="acme", config={}, account=account, by=None, now=NOW
        )
        integration = await store.integration_by_id(transaction, restaurant, integration_id)
        assert integration is not None
        await keep_credentials(transaction, installation.secret_box, integration, {"secret": secret}, now=NOW)
    return integration


@pytest.fixture
async def desk(installation: Installation, database: Database, tmp_path: Path) -> AsyncIterator[Desk]:
    clock, acme = FixedClock(NOW), Acme()
    restaurant = make_restaurant(installation.owner_url)
    integration = await connected(database, installation, restaurant, account="acme-17")
    settings = settings_of(installation, tmp_path)
    receiving = Receiving(database, installation, clock, [acme])
    receiving.start()
    async with running_app(installation, tmp_path, clock=clock) as app, app.client() as http:
        app.asgi.incoming.receiving = receiving
        context = JobContext(settings=settings, clock=clock, installation=installation, database=database)
        yield Desk(installation, database, clock, acme, restaurant, integration, http, context, receiving)
    await receiving.stop()
