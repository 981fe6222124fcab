"""The means of carrying a request out, a restaurant with the guest in it, and another one that knows her too."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
import pytest_asyncio

from flow.database.embedded import program_folder
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.kit.clock import SystemClock
from flow.privacy.rights import service, store
from flow.privacy.rights.means import Means
from flow.privacy.rights.types import Actor, Kind, Person, PrivacyRequest
from tests.connections import kept_connection
from tests.factories import make_restaurant
from tests.privacy.rights.subject import EMAIL, PHONE, fill

OPERATOR = Actor()


@dataclass(frozen=True)
class House:
    """`napoli` knows the guest from every table; so does `tivoli`, which she asks for nothing."""

    means: Means
    installation: Installation
    napoli: UUID
    tivoli: UUID

    @property
    def anna(self) -> Person:
        """As she introduces herself."""
        return Person(restaurant_id=self.napoli, phones=(PHONE,))

    def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """Of the owner."""
        with kept_connection(self.installation.owner_url) as connection:
            return connection.execute(sql.encode(), values).fetchall()

    def execute(self, sql: str, *values: object) -> None:
        with kept_connection(self.installation.owner_url) as connection:
            connection.execute(sql.encode(), values)

    async def request(self, kind: Kind, person: Person | None = None, *, approved: bool = True) -> UUID:
        """A request whose identity was checked."""
        async with self.means.database.as_service() as transaction:
            request_id = await service.receive(self.means, transaction, person or self.anna, kind=kind, actor=OPERATOR)
            await service.check_identity(self.means, transaction, request_id, method="in_person", actor=OPERATOR)
            if approved:
                await service.approve(self.means, transaction, request_id, actor=OPERATOR)
        return request_id

    async def done(self, kind: Kind, person: Person | None = None) -> PrivacyRequest:
        """A request that was carried out."""
        request_id = await self.request(kind, person)
        await service.carry_out(self.means, request_id)
        return await self.find(request_id)

    async def find(self, request_id: UUID) -> PrivacyRequest:
        async with self.means.database.as_service() as transaction:
            return await store.find_request(transaction, request_id)

    def dump(self, restaurant: UUID | None = None) -> str:
        """All that the database holds, as pg_dump tells it."""
        command = [
            str(program_folder() / "pg_dump"),
            "--data-only",
            "--inserts",
            f"--dbname={self.installation.admin_url}",
        ]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        other = str(self.tivoli)
        return "\n".join(line for line in text.splitlines() if other not in line)


@pytest_asyncio.fixture
async def house(installation: Installation, database: Database, tmp_path: Path) -> AsyncIterator[House]:
    url = installation.owner_url
    napoli, tivoli = make_restaurant(url, "Napoli"), make_restaurant(url, "Tivoli")
    fill(url, napoli)
    fill(url, tivoli)
    with kept_connection(url) as connection:
        connection.execute("delete from public.legal_holds")
    means = Means(database, SystemClock(), [installation.secret], installation.secret_box, tmp_path)
    yield House(means, installation, napoli, tivoli)


@pytest.fixture
def found_in() -> Callable[[str], list[str]]:
    """The lines of a text that hold her, in any spelling that a search would try."""

    def lines(text: str) -> list[str]:
        spellings = (PHONE, PHONE[3:], "20 12 34 56", EMAIL, "Anna", "Hansen", "Annavej")
        return [
            line[:200] for line in text.splitlines() if any(spelling.lower() in line.lower() for spelling in spellings)
        ]

    return lines
