"""The page of the audit log: who may see it, what it finds, and that it keeps contacts out of addresses and entries."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx
import psycopg
import pytest

from flow.access.tokens import issue
from flow.access.types import LiveSession
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.kit.ids import new_id
from flow.privacy.audit.checkpoints import checkpoint_keys, make_checkpoint
from flow.privacy.audit.store import record
from flow.privacy.subjects import pseudonym
from flow.web.issuer import Issuer
from tests.factories import give_access, make_restaurant, make_user
from tests.serving import App, running_app

PHONE = "+4520123456"


@dataclass
class Town:
    """Two restaurants, and people who open pages."""

    app: App
    database: Database
    napoli: UUID
    tivoli: UUID

    @property
    def url(self) -> str:
        return self.app.installation.owner_url

    def person(self, email: str, role: str | None = None, *, platform: str | None = None) -> UUID:
        user = make_user(self.url, email)
        if role:
            give_access(self.url, user, self.napoli, role)
        if platform:
            with psycopg.connect(self.url, autocommit=True) as connection:
                connection.execute("insert into user_roles (user_id, role) values (%s, %s)", [user, platform])
        return user

    def browser(self, user: UUID) -> httpx.AsyncClient:
        now = datetime.now(UTC)
        session = LiveSession(new_id(), user, "a@flow.example", "", now, now + timedelta(days=1))
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(
                "insert into app.login_sessions (id, user_id, expires_at) values (%s, %s, %s)",
                [session.id, user, session.expires_at],
            )
        issuer = Issuer("http://127.0.0.1:8010/auth/v1", self.app.installation.secret)
        headers = {"Authorization": f"Bearer {issue(issuer, session, now=now).text}", "Accept-Language": "en"}
        return self.app.client(headers=headers)

    async def note(self, action: str, told: str, restaurant: UUID | None, **more: object) -> None:
        async with self.database.as_service() as transaction:
            at = datetime.now(UTC)
            await record(transaction, action, told, **{"at": at, "restaurant_id": restaurant, **more})  # type: ignore[arg-type]


@pytest.fixture
async def town(installation: Installation, database: Database, tmp_path: Path) -> AsyncIterator[Town]:
    url = installation.owner_url
    async with running_app(installation, tmp_path) as app:
        yield Town(app, database, make_restaurant(url, "Napoli"), make_restaurant(url, "Tivoli"))


async def test_compliance_sees_who_did_what_to_whose_data_and_why(town: Town) -> None:
    officer, anna = town.person("officer@example.com", "compliance"), town.person("anna@example.com")
    await town.note(
        "export_made", "An export was made.", town.napoli, performed_by=anna, performed_by_role="user",
        subject="0123456789abcdef", reason="Case 4711", legal_basis="Art. 15 GDPR", facts={"rows": 12},
    )  # fmt: skip
    await town.note("secret_of_tivoli", "Something of Tivoli's.", town.tivoli)

    page = (await town.browser(officer).get("/settings/audit")).text

    for text in (
        "An export was made.",
        "anna@example.com",
        "0123456789ab…",
        "Case 4711",
        "Art. 15 GDPR",
        "&#34;rows&#34;",
    ):
        assert text.replace("&#34;", '"') in page.replace("&#34;", '"')
    assert "Tivoli" not in page


@pytest.mark.parametrize("role", ["employee", "manager", "admin", "analytics"])
async def test_no_other_role_of_a_restaurant_sees_it(town: Town, role: str) -> None:
    browser = town.browser(town.person("anna@example.com", role))
    assert 403 == (await browser.get("/settings/audit")).status_code
    assert "/settings/audit" not in (await browser.get("/settings/security")).text


async def test_another_restaurants_log_is_not_there(town: Town) -> None:
    browser = town.browser(town.person("officer@example.com", "compliance"))
    assert 404 == (await browser.get("/settings/audit", params={"restaurant": str(town.tivoli)})).status_code
    # Nor is the platform's: who may not see it gets no say in it.
    await town.note("platform_act", "Something of the platform.", None)
    assert 404 == (await browser.get("/settings/audit", params={"restaurant": "platform"})).status_code


async def test_compliance_of_the_platform_sees_its_entries_too(town: Town) -> None:
    await town.note("platform_act", "Something of the platform.", None)
    await town.note("act_of_tivoli", "Something of Tivoli.", town.tivoli)
    browser = town.browser(town.person("officer@example.com", platform="compliance"))

    platform = (await browser.get("/settings/audit", params={"restaurant": "platform"})).text
    tivoli = (await browser.get("/settings/audit", params={"restaurant": str(town.tivoli)})).text

    assert (True, False) == ("Something of the platform." in platform, "Something of Tivoli." in platform)
    assert (False, True) == ("Something of the platform." in tivoli, "Something of Tivoli." in tivoli)


async def test_it_narrows_by_kind_person_and_day(town: Town) -> None:
    officer, anna, bo = (town.person(f"{name}@example.com", "compliance") for name in ("officer", "anna", "bo"))
    for person, action, days in ((anna, "one", 0), (anna, "two", 0), (bo, "one", 0), (anna, "one", 10)):
        at = datetime.now(UTC) - timedelta(days=days)
        await town.note(action, f"{action} by {person} {days}", town.napoli, performed_by=person, at=at)
    browser = town.browser(officer)

    async def shown(**given: object) -> list[str]:
        page = (await browser.get("/settings/audit", params={name: str(value) for name, value in given.items()})).text
        every = [
            f"{a} by {p} {d}" for p, a, d in ((anna, "one", 0), (anna, "two", 0), (bo, "one", 0), (anna, "one", 10))
        ]
        return [text for text in every if text in page]

    today = datetime.now(UTC).date()
    assert 4 == len(await shown())
    assert [f"two by {anna} 0"] == await shown(action="two")
    assert [f"one by {bo} 0"] == await shown(person=bo)
    since, until = today - timedelta(days=12), today - timedelta(days=8)
    assert [f"one by {anna} 10"] == await shown(**{"from": since, "to": until})
    assert [f"one by {anna} 0", f"one by {anna} 10"] == await shown(action="one", person=anna)


async def test_a_guest_is_found_by_phone_which_no_address_and_no_entry_holds(town: Town) -> None:
    subject = pseudonym(town.app.installation.secret, PHONE)
    await town.note("consent_withdrawn", "A consent was withdrawn.", town.napoli, subject=subject)
    await town.note("other", "About somebody else.", town.napoli, subject="f" * 64)
    browser = town.browser(town.person("officer@example.com", "compliance"))

    answer = await browser.post(
        "/settings/audit/subject", data={"contact": "20 12 34 56", "restaurant": str(town.napoli)}
    )
    page = (await browser.get(answer.headers["location"])).text

    assert (303, False) == (answer.status_code, "2012" in answer.headers["location"])
    assert (True, False) == ("A consent was withdrawn." in page, "About somebody else." in page)
    assert "The audit log was searched for a person." in page
    with psycopg.connect(town.url) as connection:
        row = connection.execute("select count(*) from gdpr_audit_log l where l::text like '%2012%3456%'").fetchone()
    assert (0,) == row


async def test_what_is_no_contact_is_refused(town: Town) -> None:
    browser = town.browser(town.person("officer@example.com", "compliance"))
    assert 422 == (await browser.post("/settings/audit/subject", data={"contact": "Anna"})).status_code


async def test_it_turns_pages(town: Town) -> None:
    for number in range(53):
        await town.note("many", f"entry {number:02}.", town.napoli)
    browser = town.browser(town.person("officer@example.com", "compliance"))

    first = (await browser.get("/settings/audit")).text
    older = first.partition('class="older"')[2].partition('href="')[2].partition('"')[0].replace("&amp;", "&")
    second = (await browser.get(f"/settings/audit{older}")).text

    assert (True, False) == ("entry 52." in first, "entry 02." in first)
    assert (True, False) == ("entry 02." in second, "entry 52." in second)


async def test_it_says_when_the_chain_was_last_signed(town: Town) -> None:
    await town.note("act", "Something.", town.napoli)
    async with town.database.as_service() as transaction:
        await make_checkpoint(
            transaction, checkpoint_keys(town.app.installation), at=datetime(2026, 11, 1, 12, tzinfo=UTC)
        )
    page = (await town.browser(town.person("officer@example.com", "compliance")).get("/settings/audit")).text
    assert "1 entries are chained." in page
    assert "The chain was last signed" in page


@pytest.mark.parametrize(
    ("language", "title"), [("da", "Revisionslog"), ("sv", "Granskningslogg"), ("en", "Audit log")]
)
async def test_it_speaks_the_readers_language(town: Town, language: str, title: str) -> None:
    browser = town.browser(town.person("officer@example.com", "compliance"))
    assert f"<h1>{title}</h1>" in (await browser.get("/settings/audit", params={"lang": language})).text


@pytest.mark.parametrize("query", ["from=yesterday", "to=2026-13-01", "from=2026-11-02&to=2026-11-01", "before_at=x"])
async def test_days_that_are_none_are_refused(town: Town, query: str) -> None:
    browser = town.browser(town.person("officer@example.com", "compliance"))
    assert 422 == (await browser.get(f"/settings/audit?{query}")).status_code
