"""A restaurant whose orders are told to receivers, and the sender that a test sets off by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from flow.business.customers import Contact
from flow.business.orders import Order, OrderLine, PlaceOrder, move
from flow.business.orders.types import Status
from flow.business.outbox import EVENT_TYPES
from flow.business.restaurants.store import find_restaurant
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.database.transaction import Caller
from flow.delivery.webhooks import service
from flow.delivery.webhooks.calling import ATTEMPT_SECONDS
from flow.delivery.webhooks.sending import sending
from flow.delivery.webhooks.service import EndpointWish
from flow.delivery.webhooks.types import PayloadForm
from flow.jobs.types import JobContext
from flow.kit.clock import FixedClock
from flow.web.services import Services
from tests.business.conftest import NOON, Kitchen
from tests.business.menus import make_menu
from tests.connections import kept_connection
from tests.delivery.webhooks.receiver import Receiver, receiving
from tests.factories import make_restaurant
from tests.serving import App, running_app, settings_of

ANNA = Contact(name="Anna Hansen", phone="+4520123456", email="anna@example.com")
HERE = "127.0.0.0/8"


@dataclass(frozen=True)
class Hooks:
    """The restaurant, its administrator, and the doors to endpoints and sender."""

    kitchen: Kitchen
    services: Services
    caller: Caller
    context: JobContext

    @property
    def id(self) -> UUID:
        return self.kitchen.id

    async def endpoint(self, url: str, *types: str, payload: PayloadForm = "full") -> tuple[UUID, str]:
        """A new endpoint for these types of event, by default for all; its id and its secret."""
        names = list(types or EVENT_TYPES)
        wish = EndpointWish(url=url, description="Till", event_types=names, payload=payload)
        made = await service.create(self.services, self.caller, self.id, wish)
        assert made.secret is not None
        return made.id, made.secret

    async def order(self, **changes: object) -> Order:
        """A margherita, placed."""
        line = OrderLine(product_id=self.kitchen.menu.margherita, option_ids=(self.kitchen.menu.normal,))
        wish = replace(PlaceOrder(lines=(line,), contact=ANNA, notes="ring twice"), **changes)  # type: ignore[arg-type]
        return (await self.kitchen.place(wish)).order

    async def move(self, order: Order, *way: Status) -> None:
        for status in way:
            async with self.kitchen.database.as_service() as transaction:
                await move(
                    transaction, self.kitchen.restaurant, order.id, status, clock=self.kitchen.clock, reason="no cheese"
                )

    async def send(self, *, later: timedelta = timedelta()) -> None:
        """Lets time pass, and the sender do what is due."""
        self.kitchen.clock.advance(later)
        await sending().run(self.context, once=True)

    def rows(self, sql: str, *parameters: object) -> list[tuple[object, ...]]:
        return self.kitchen.rows(sql, *parameters)

    def run(self, sql: str, *parameters: object) -> None:
        self.kitchen.run(sql, *parameters)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
async def kitchen(installation: Installation, database: Database, clock: FixedClock) -> Kitchen:
    """Napoli, simulated, so that cards are paid at once."""
    restaurant = make_restaurant(installation.owner_url, "Napoli")
    with kept_connection(installation.owner_url) as connection:
        connection.execute("update public.restaurants set is_simulated = true")
    menu = make_menu(installation.owner_url, restaurant)
    async with database.as_service() as transaction:
        return Kitchen(await find_restaurant(transaction, restaurant), menu, installation, database, clock)


@pytest.fixture
async def app(installation: Installation, tmp_path: Path, clock: FixedClock) -> AsyncIterator[App]:
    async with running_app(installation, tmp_path, clock=clock, webhook_networks=HERE) as running:
        yield running


@pytest.fixture
def hooks(app: App, kitchen: Kitchen, database: Database, tmp_path: Path) -> Hooks:
    services = app.asgi.state.flow
    grants = {name: frozenset({kitchen.id}) for name in ("integrations.read", "integrations.write")}
    caller = Caller(user_id=kitchen.employ("admin"), session_id=None, grants=grants)
    settings = settings_of(kitchen.installation, tmp_path, webhook_networks=HERE)
    context = JobContext(settings=settings, clock=kitchen.clock, installation=kitchen.installation, database=database)
    return Hooks(kitchen, services, caller, context)


@pytest.fixture
async def till() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> float:
    """Attempts that give up after a fifth of a second instead of 15 s."""
    assert ATTEMPT_SECONDS == 15
    monkeypatch.setattr("flow.delivery.webhooks.calling.ATTEMPT_SECONDS", 0.2)
    return 0.2
