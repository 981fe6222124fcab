"""The register and the page of retention, over HTTP as compliance and as others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from flow.privacy.catalogue import CATALOGUE
from tests.privacy.retention.conftest import GUEST, House
from tests.serving import PASSWORD, make_login, running_app

PAGE = "/settings/data/retention"


@pytest.fixture
async def officer(full_house: House, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of Napoli's compliance officer."""
    url = full_house.installation.owner_url
    make_login(url, "officer@example.com", restaurant=full_house.own, role="compliance")
    make_login(url, "admin@example.com", restaurant=full_house.own, role="admin")
    async with running_app(full_house.installation, tmp_path) as app, app.client() as http:
        http.headers["origin"] = "http://127.0.0.1:8010"
        await _log_in(http, "officer@example.com")
        yield http


async def _log_in(http: httpx.AsyncClient, email: str) -> None:
    http.cookies.clear()
    (await http.post("/auth/login", json={"email": email, "password": PASSWORD})).raise_for_status()


async def test_the_register_shows_every_table_in_the_readers_language(officer: httpx.AsyncClient) -> None:
    page = (await officer.get("/settings/data?lang=en")).text
    assert [] == [table for table in CATALOGUE if f">{table}</code>" not in page]
    assert "Fortegnelsen over behandling" in (await officer.get("/settings/data?lang=da")).text
    assert "Registret över behandling" in (await officer.get("/settings/data?lang=sv")).text


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("category=sales", "orders", "events"),
        ("sensitivity=critical", "gdpr_audit_log", "orders"),
        ("basis=a", "campaign_sends", "payments"),
        ("q=customer_phone", "ai_conversations", "sessions"),
    ],
)
async def test_the_register_can_be_narrowed(officer: httpx.AsyncClient, query: str, shown: str, hidden: str) -> None:
    page = (await officer.get(f"/settings/data?{query}")).text

    assert f">{shown}</code>" in page
    assert f">{hidden}</code>" not in page


async def test_the_dry_run_counts_what_would_go_of_the_own_restaurant(
    officer: httpx.AsyncClient, full_house: House
) -> None:
    full_house.rows("update public.messages set created_at = now() - interval '3 years'")
    assert ">messages</code>" not in (await officer.get(PAGE)).text

    page = (await officer.get(f"{PAGE}?preview=true&lang=en")).text

    assert ">messages</code>" in page
    assert 'class="amount">1</td>' in page
    assert 2 == full_house.count("public.messages")


async def test_a_hold_is_begun_and_ended_and_the_contact_is_kept_nowhere(
    officer: httpx.AsyncClient, full_house: House
) -> None:
    form = {"restaurant": str(full_house.own), "contact": "20 12 34 56", "reason": "Case 2026-17"}
    await officer.post("/settings/data/holds", data=form)
    assert [("Case 2026-17", None)] == full_house.rows("select reason, ended_at from public.legal_holds")

    [(hold,)] = full_house.rows("select id from public.legal_holds")
    await officer.post(f"/settings/data/holds/{hold}/end", data={"restaurant": str(full_house.own)})
    assert 1 == full_house.value("select count(*) from public.legal_holds where ended_at is not null")
    actions = full_house.rows(
        "select action from public.gdpr_audit_log where action like 'legal%%' order by created_at"
    )
    assert [("legal_hold_begun",), ("legal_hold_ended",)] == actions
    assert GUEST not in str(full_house.rows("select * from public.gdpr_audit_log"))
    assert GUEST not in str(full_house.rows("select * from public.legal_holds"))


async def test_a_hold_in_another_restaurant_is_refused(officer: httpx.AsyncClient, full_house: House) -> None:
    form = {"restaurant": str(full_house.other), "contact": GUEST, "reason": "Case"}

    assert 403 == (await officer.post("/settings/data/holds", data=form)).status_code
    assert 0 == full_house.count("public.legal_holds")


async def test_who_may_not_read_the_audit_log_sees_the_register_alone(
    officer: httpx.AsyncClient, full_house: House
) -> None:
    await _log_in(officer, "admin@example.com")
    may_read = full_house.value(
        "select exists (select from app.role_permissions where role = 'admin' and permission = 'audit.read')"
    )

    assert not may_read
    assert [200, 403] == [(await officer.get(path)).status_code for path in ("/settings/data", PAGE)]
    assert PAGE not in (await officer.get("/settings/data")).text
