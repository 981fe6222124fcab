"""Two restaurants with a row in every table, and a service that lets go."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Any
from uuid import UUID, uuid4

import pytest

from flow.database.installation import Installation
from flow.database.pool import Database
from flow.kit.clock import FixedClock
from flow.privacy.catalogue import Category
from flow.privacy.retention.service import carry_out
from flow.privacy.retention.types import Run
from flow.privacy.subjects import pseudonym
from tests.connections import kept_connection
from tests.factories import make_restaurant

GUEST = "+4520123456"


@dataclass(frozen=True)
class House:
    """A database with two restaurants, and what tests do to it."""

    installation: Installation
    database: Database
    own: UUID
    other: UUID

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with kept_connection(self.installation.owner_url) as connection:
            cursor = connection.execute(sql.encode(), parameters)
            return cursor.fetchall() if cursor.description else []

    def value(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        return self.rows(sql, parameters)[0][0]

    def count(self, table: str) -> int:
        return int(self.value(f"select count(*) from {table}"))

    def hold(self, contact: str, restaurant: UUID | None = None) -> None:
        self.rows(
            "insert into public.legal_holds (restaurant_id, id, subject, reason) values (%s, %s, %s, 'Case 1')",
            [restaurant or self.own, uuid4(), pseudonym(self.installation.secret, contact)],
        )

    async def retain(self, *categories: Category, at: datetime) -> Run:
        """Carries retention out as the night of `at` would; of all categories if none is given."""
        whole = Run()
        for category in categories or tuple(Category):
            run = await carry_out(self.database, category, secrets=[self.installation.secret], clock=FixedClock(at))
            whole.rows |= run.rows
            whole.dropped += run.dropped
            whole.waiting += run.waiting
        return whole

    def told(self) -> dict[str, int]:
        """What the audit log was told, summed by table."""
        sums: dict[str, int] = {}
        for (facts,) in self.rows("select after from public.gdpr_audit_log where action = 'retention'"):
            for table, rows in facts["rows"].items():
                sums[table] = sums.get(table, 0) + rows
        return sums


@pytest.fixture
def house(installation: Installation, database: Database) -> House:
    url = installation.owner_url
    return House(installation, database, make_restaurant(url, "Napoli"), make_restaurant(url, "Tivoli"))


@pytest.fixture
def full_house(house: House) -> House:
    """With a row in every tenant table of both restaurants."""
    for restaurant in (house.own, house.other):
        _fill(house.installation.owner_url, restaurant)
    house.rows("delete from public.legal_holds")
    house.rows("delete from public.stale_days")
    return house


def _fill(url: str, restaurant: UUID) -> None:
    text = resources.files("tests.contracts").joinpath("world.sql").read_text()
    ids: dict[str, UUID] = {"restaurant": restaurant}

    def literal(match: re.Match[str]) -> str:
        return f"'{ids.setdefault(match[1], uuid4())}'::uuid"

    with kept_connection(url) as connection:
        connection.execute(re.sub(r"(?<!:):([a-z]+)", literal, text).encode())
