"""The restaurant's people record consents, look them up and write the texts; only where their role says so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from flow.database.installation import Installation
from flow.kit.ids import new_id
from flow.privacy.subjects import pseudonym
from tests.connections import kept_connection
from tests.factories import make_restaurant
from tests.privacy.consents.conftest import EMAIL, PHONE
from tests.serving import PASSWORD, make_login, running_app


@dataclass
class Office:
    """Two restaurants, and what people of the first may ask."""

    installation: Installation
    http: httpx.AsyncClient
    napoli: UUID
    tivoli: UUID
    people: dict[str, dict[str, str]]

    async def record(self, who: str = "manager", **fields: object) -> httpx.Response:
        body = {"restaurant_id": str(self.napoli), "contact": "20 12 34 56", "granted": True, **fields}
        return await self.http.post("/api/consents", json=body, headers=self.people[who])

    async def look_up(self, who: str = "manager", **fields: object) -> httpx.Response:
        body = {"restaurant_id": str(self.napoli), "contact": PHONE, **fields}
        return await self.http.post("/api/consents/lookup", json=body, headers=self.people[who])

    async def add_text(self, who: str = "manager", **fields: object) -> httpx.Response:
        body = {
            "restaurant_id": str(self.napoli),
            "consent_type": "marketing",
            "channel": "any",
            "language": "da",
            "body": "Ja tak, send mig pizzanyheder på SMS og mail.",
            **fields,
        }
        return await self.http.post("/api/consents/texts", json=body, headers=self.people[who])

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with kept_connection(self.installation.owner_url) as connection:
            return connection.execute(sql.encode()).fetchall()


@pytest.fixture
async def office(installation: Installation, tmp_path: Path) -> AsyncIterator[Office]:
    url = installation.owner_url
    napoli, tivoli = make_restaurant(url, "Napoli"), make_restaurant(url, "Tivoli")
    async with running_app(installation, tmp_path) as app, app.client() as http:
        roles = ("manager", "employee", "compliance")
        people = {role: await _log_in(http, url, napoli, role) for role in roles}
        people["stranger"] = await _log_in(http, url, tivoli, "admin")
        yield Office(installation, http, napoli, tivoli, people)


async def test_a_colleague_records_a_yes_that_waits_and_a_no_that_holds(office: Office) -> None:
    recorded = await office.record()
    assert (201, "pending") == (recorded.status_code, recorded.json()["status"])
    withdrawn = await office.record(granted=False)
    assert (201, "confirmed") == (withdrawn.status_code, withdrawn.json()["status"])
    assert [("sms", True, True), ("sms", False, True)] == office.rows(
        "select channel, granted, recorded_by is not null and ip_address is null "
        "from public.user_consents order by number"
    )


async def test_what_a_colleague_records_is_in_the_audit_log_by_pseudonym(office: Office) -> None:
    await office.record(contact=EMAIL)
    [(action, subject, text)] = office.rows(
        "select action, subject, to_jsonb(l)::text from public.gdpr_audit_log l where action like 'consent%'"
    )
    assert ("consent_recorded", pseudonym(office.installation.secret, EMAIL)) == (action, subject)
    assert EMAIL not in text


@pytest.mark.parametrize("who", ["employee", "compliance", "stranger"])
async def test_others_may_not_record(office: Office, who: str) -> None:
    assert (await office.record(who)).status_code in (403, 404)
    assert [] == office.rows("select id from public.user_consents")


@pytest.mark.parametrize(
    ("who", "status"), [("manager", 200), ("compliance", 200), ("employee", 403), ("stranger", 404)]
)
async def test_who_may_look_up(office: Office, who: str, status: int) -> None:
    await office.record()
    answer = await office.look_up(who)
    assert status == answer.status_code
    if status == 200:
        [current] = answer.json()["current"]
        assert (False, True, "sms") == (current["is_on"], current["is_waiting"], current["channel"])
        assert 1 == len(answer.json()["history"])


async def test_the_consents_of_a_customer_are_those_of_phone_and_e_mail(office: Office) -> None:
    customer = new_id()
    with kept_connection(office.installation.owner_url) as connection:
        connection.execute(
            "insert into public.customers (restaurant_id, id, phone, email) values (%s, %s, %s, %s)",
            [office.napoli, customer, PHONE, EMAIL],
        )
    await office.record()
    await office.record(contact=EMAIL, granted=False)
    query = {"restaurant_id": str(office.napoli), "customer_id": str(customer)}
    answer = await office.http.get("/api/consents", params=query, headers=office.people["manager"])
    assert ["email", "sms"] == [each["channel"] for each in answer.json()["current"]]
    elsewhere = await office.http.get("/api/consents", params=query, headers=office.people["stranger"])
    assert 404 == elsewhere.status_code


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"contact": "123"}, "invalid_contact"),
        ({"contact": "anna@"}, "invalid_contact"),
        ({"text_version": "any-da-7"}, "unknown_consent_text"),
        ({"consent_type": "terms"}, "unknown_consent_text"),
        ({"channel": "email"}, "wrong_channel"),
    ],
)
async def test_bad_input_names_what_is_wrong(office: Office, fields: dict[str, Any], code: str) -> None:
    answer = await office.record(**fields)
    assert (422, code) == (answer.status_code, answer.json()["error"]["code"])


async def test_a_no_needs_no_text(office: Office) -> None:
    assert 201 == (await office.record(consent_type="terms", granted=False, text_version="any-da-7")).status_code


async def test_a_new_version_is_shown_from_then_on_and_the_old_ones_stay(office: Office) -> None:
    versions = [
        (await office.add_text(body=f"Ja tak til nyheder, udgave {number}")).json()["version"] for number in (1, 2)
    ]
    await office.record()
    await office.record(contact=EMAIL, text_version="any-da-1")
    query = {"restaurant_id": str(office.napoli)}
    listed = await office.http.get("/api/consents/texts", params=query, headers=office.people["compliance"])
    assert ([1, 2], [2, 1]) == (versions, [text["version"] for text in listed.json()["texts"]])
    assert [("any-da-2", "Ja tak til nyheder, udgave 2"), ("any-da-1", "Ja tak til nyheder, udgave 1")] == office.rows(
        "select consent_version, consent_text from public.user_consents order by number"
    )


@pytest.mark.parametrize("who", ["employee", "compliance", "stranger"])
async def test_others_may_not_write_texts(office: Office, who: str) -> None:
    assert (await office.add_text(who)).status_code in (403, 404)


async def test_nobody_asks_without_a_log_in(office: Office) -> None:
    office.people["nobody"] = {}
    assert [401, 401, 401] == [
        (await office.record("nobody")).status_code,
        (await office.look_up("nobody")).status_code,
        (await office.add_text("nobody")).status_code,
    ]


async def _log_in(http: httpx.AsyncClient, url: str, restaurant: UUID, role: str) -> dict[str, str]:
    """The header of somebody in that role."""
    email = f"{role}-{restaurant}@flow.example"
    make_login(url, email, restaurant=restaurant, role=role)
    answer = await http.post("/auth/v1/token?grant_type=password", json={"email": email, "password": PASSWORD})
    return {"Authorization": f"Bearer {answer.raise_for_status().json()['access_token']}"}
