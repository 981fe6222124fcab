"""Two restaurants, a clock that stands, and short ways to answer and to ask."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from flow.database.installation import Installation
from flow.database.pool import Database
from flow.privacy.consents import service
from flow.privacy.consents.types import (
    Channel,
    Collection,
    ConsentText,
    ConsentType,
    Method,
    Person,
    Question,
    Standing,
    Status,
)
from tests.connections import kept_connection
from tests.factories import make_restaurant

PHONE = "+4520123456"
EMAIL = "anna@example.dk"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TEXT = ConsentText(version="any-da-1", body="Ja tak til nyheder på SMS og mail.", language="da")


@dataclass
class Desk:
    """Records answers as the application does; every call is one transaction."""

    installation: Installation
    database: Database
    napoli: UUID
    tivoli: UUID
    now: datetime = field(default=NOW)

    def guest(self, contact: str = PHONE) -> Person:
        return service.guest(self.installation, contact)

    async def answer(
        self,
        granted: bool,
        *,
        restaurant: UUID | None = None,
        contact: str = PHONE,
        person: Person | None = None,
        consent_type: ConsentType = "marketing",
        channel: Channel = "sms",
        method: Method = "preference_page",
        text: ConsentText = TEXT,
    ) -> tuple[UUID, Status]:
        self.now += timedelta(seconds=1)
        async with self.database.as_service() as transaction:
            return await service.record(
                transaction,
                person or self.guest(contact),
                Question(restaurant_id=restaurant or self.napoli, consent_type=consent_type, channel=channel),
                granted=granted,
                text=text,
                collection=Collection(method=method, ip_address="192.0.2.0/24", user_agent="test"),
                at=self.now,
            )

    async def withdraw_all(self, contact: str = PHONE, restaurant: UUID | None = None) -> int:
        self.now += timedelta(seconds=1)
        async with self.database.as_service() as transaction:
            return await service.withdraw_all(
                transaction,
                self.guest(contact),
                restaurant,
                language="da",
                collection=Collection(method="unsubscribe"),
                at=self.now,
            )

    async def confirm(self, consent_id: UUID) -> UUID:
        async with self.database.as_service() as transaction:
            confirmed = await service.confirm(
                transaction,
                consent_id,
                installation=self.installation,
                collection=Collection(method="confirmation"),
                at=self.now,
            )
        return confirmed.id

    async def standing(self, contact: str = PHONE, restaurant: UUID | None = None) -> list[Standing]:
        async with self.database.as_service() as transaction:
            known, _ = await service.standing_of(transaction, self.guest(contact), restaurant, at=self.now)
        return known

    async def is_on(self, *, restaurant: UUID | None = None, contact: str = PHONE, channel: Channel = "sms") -> bool:
        """What a send asks: by the SQL function."""
        async with self.database.as_service() as transaction:
            found = await service.may_send(
                transaction, self.installation, restaurant or self.napoli, contact, channel, at=self.now
            )
        return found is not None

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with kept_connection(self.installation.owner_url) as connection:
            return connection.execute(sql.encode(), values).fetchall()


@pytest.fixture
async def desk(installation: Installation, database: Database) -> AsyncIterator[Desk]:
    napoli = make_restaurant(installation.owner_url, "Napoli")
    tivoli = make_restaurant(installation.owner_url, "Tivoli")
    yield Desk(installation, database, napoli, tivoli)
