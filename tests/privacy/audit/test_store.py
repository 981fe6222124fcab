"""The audit log."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg
import pytest

from flow.database.installation import Installation
from flow.database.pool import Database
from flow.privacy.audit.store import record
from tests.factories import claims_of, give_access, make_restaurant, make_user

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


async def _actions(database: Database, claims: dict[str, object]) -> list[str]:
    async with database.as_user(claims) as transaction:
        cursor = await transaction.connection.execute("select action from public.gdpr_audit_log")
        return [str(row[0]) for row in await cursor.fetchall()]


async def test_compliance_reads_the_entries_of_its_restaurant_and_an_employee_none(
    installation: Installation, database: Database
) -> None:
    url = installation.owner_url
    restaurant, other = make_restaurant(url, "Napoli"), make_restaurant(url, "Tivoli")
    officer, employee = make_user(url, "officer@example.com"), make_user(url, "employee@example.com")
    give_access(url, officer, restaurant, "compliance")
    give_access(url, employee, restaurant, "employee")
    async with database.as_service() as transaction:
        await record(transaction, "import_undone", "An import was undone.", at=NOW, restaurant_id=restaurant)
        await record(transaction, "import_undone", "An import was undone.", at=NOW, restaurant_id=other)

    assert ["import_undone"] == await _actions(database, claims_of(officer))
    assert [] == await _actions(database, claims_of(employee))


async def test_a_person_cannot_write_into_the_log(installation: Installation, database: Database) -> None:
    admin = make_user(installation.owner_url, "admin@example.com")
    give_access(installation.owner_url, admin, make_restaurant(installation.owner_url), "admin")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with database.as_user(claims_of(admin)) as transaction:
            await record(transaction, "forged", "Nothing happened.", at=NOW)
