"""Who may see and do what with requests, over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from flow.access.tokens import issue
from flow.access.types import LiveSession
from flow.kit.ids import new_id
from tests.privacy.rights.conftest import House
from tests.serving import App, make_login, running_app

PAGE = "/settings/requests"


@pytest_asyncio.fixture
async def app(house: House, tmp_path: Path) -> AsyncIterator[App]:
    async with running_app(house.installation, tmp_path) as running:
        yield running


async def _as(app: App, house: House, role: str, restaurant: UUID) -> httpx.AsyncClient:
    """A browser of somebody in this role."""
    now = house.means.clock.now()
    email = f"{role}.{new_id().hex[-6:]}@example.com"
    user = make_login(house.installation.owner_url, email, restaurant=restaurant, role=role)
    session = LiveSession(new_id(), user, email, "", now, now.replace(year=now.year + 1))
    house.execute(
        "insert into app.login_sessions (id, user_id, expires_at) values (%s, %s, %s)",
        session.id,
        user,
        session.expires_at,
    )
    token = issue(app.asgi.state.flow.issuer, session, now=now)
    return app.client(headers={"Authorization": f"Bearer {token.text}", "accept": "text/html"})


@pytest.mark.parametrize(
    ("role", "status"),
    [("admin", 200), ("compliance", 200), ("manager", 403), ("employee", 403), ("analytics", 403)],
)
async def test_compliance_and_administrators_see_requests(app: App, house: House, role: str, status: int) -> None:
    async with await _as(app, house, role, house.napoli) as http:
        assert status == (await http.get(PAGE)).status_code


async def test_another_restaurants_request_is_not_there(app: App, house: House) -> None:
    request_id = (await house.done("access")).id
    async with await _as(app, house, "compliance", house.tivoli) as http:
        answers = {
            path: (await http.get(f"{PAGE}/{request_id}{path}")).status_code
            for path in ("", "/file", "/certificate", "/certificate.json")
        }
        acts = {
            act: (await http.post(f"{PAGE}/{request_id}/{act}", data=data)).status_code
            for act, data in (
                ("approve", {}),
                ("refuse", {"reason": "x"}),
                ("identity", {"method": "other"}),
                ("extend", {"days": "1", "reason": "x"}),
                ("cancel", {}),
            )
        }

    assert {404} == {*answers.values(), *acts.values()}


async def test_a_request_cannot_be_written_down_for_another_restaurant(app: App, house: House) -> None:
    async with await _as(app, house, "compliance", house.tivoli) as http:
        form = {"restaurant": str(house.napoli), "kind": "erasure", "contact": "20123456"}
        refused = await http.post(PAGE, data=form)

    assert 403 == refused.status_code
    assert [] == house.rows("select from public.privacy_requests")


async def test_a_certificate_names_tables_and_nobody(app: App, house: House) -> None:
    done = await house.done("erasure")
    async with await _as(app, house, "compliance", house.napoli) as http:
        page = await http.get(f"{PAGE}/{done.id}/certificate")
        facts = (await http.get(f"{PAGE}/{done.id}/certificate.json")).json()

    assert "Anna" not in page.text and "20123456" not in page.text
    assert "<td" in page.text and "customers" in page.text
    assert (0, {}) == (facts["outcome"]["difference_ore"], facts["outcome"]["left"])


async def test_a_file_whose_time_is_over_is_not_handed_out(app: App, house: House) -> None:
    done = await house.done("access")
    async with await _as(app, house, "admin", house.napoli) as http:
        there = await http.get(f"{PAGE}/{done.id}/file")
        house.execute("update public.privacy_requests set file_expires_at = now()")
        gone = await http.get(f"{PAGE}/{done.id}/file")

    assert ((200, "application/zip"), 404) == ((there.status_code, there.headers["content-type"]), gone.status_code)


async def test_every_act_is_in_the_audit_log_and_names_nobody(app: App, house: House) -> None:
    await house.done("erasure")
    log = house.rows("select action, description || coalesce(after::text, '') from public.gdpr_audit_log")

    assert {"privacy_request_received", "privacy_request_identity_checked", "privacy_request_approved"} <= {
        action for action, _ in log
    }
    assert "erasure_completed" in {action for action, _ in log}
    assert all("Anna" not in str(text) and "20123456" not in str(text) for _, text in log)
