"""Tokens are short; people stay logged in all the same, until their session ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import jwt
import pytest

from flow.access import store
from flow.access.login import SESSION_LIFE
from flow.access.service import change_password
from flow.access.tokens import RENEW_AFTER, TOKEN_LIFE, issue
from flow.access.types import LiveSession
from flow.database.installation import Installation
from flow.kit.clock import FixedClock
from flow.kit.ids import new_id
from flow.web.services import Services
from tests.access.conftest import ANNA
from tests.connections import kept_connection
from tests.serving import App

WHO = "/auth/v1/user"


async def _session(services: Services, user: UUID, *, opened: datetime) -> LiveSession:
    session = LiveSession(new_id(), user, ANNA, "", opened, opened + SESSION_LIFE)
    async with services.database.as_service() as transaction:
        await store.open_session(
            transaction, session.id, user=user, at=opened, expires_at=session.expires_at, device="Firefox"
        )
    return session


async def _ask(app: App, token: str, *, path: str = WHO) -> httpx.Response:
    async with app.client(cookies={"flow_session": token}) as client:
        return await client.get(path)


@pytest.mark.parametrize(
    ("age", "renewed"),
    [(timedelta(minutes=1), False), (RENEW_AFTER * 1.5, True), (TOKEN_LIFE * 2, True), (SESSION_LIFE * 0.9, True)],
    ids=str,
)
async def test_an_old_token_is_renewed_while_its_session_lives(
    app: App, services: Services, anna: UUID, age: timedelta, renewed: bool
) -> None:
    made = datetime.now(UTC) - age
    session = await _session(services, anna, opened=made)
    answer = await _ask(app, issue(services.issuer, session, now=made).text)

    assert (200, ANNA) == (answer.status_code, answer.json()["email"])
    assert renewed == ("set-cookie" in answer.headers)


async def test_a_renewed_token_is_of_the_same_session_and_lasts_an_hour_from_now(
    app: App, services: Services, anna: UUID, clock: FixedClock
) -> None:
    made = datetime.now(UTC) - timedelta(days=3)
    session = await _session(services, anna, opened=made)
    answer = await _ask(app, issue(services.issuer, session, now=made).text)
    claims = jwt.decode(answer.cookies["flow_session"], options={"verify_signature": False})

    assert (str(session.id), int((clock.now() + TOKEN_LIFE).timestamp())) == (claims["session_id"], claims["exp"])


async def test_use_is_noted(app: App, services: Services, anna: UUID, installation: Installation) -> None:
    made = datetime.now(UTC) - timedelta(days=3)
    session = await _session(services, anna, opened=made)
    await _ask(app, issue(services.issuer, session, now=made).text)
    with kept_connection(installation.owner_url) as connection:
        row = connection.execute(
            "select last_seen_at - created_at > interval '2 days' from app.login_sessions"
        ).fetchone()

    assert (True,) == row


async def test_an_expired_token_in_the_header_is_not_renewed(app: App, services: Services, anna: UUID) -> None:
    made = datetime.now(UTC) - timedelta(hours=2)
    token = issue(services.issuer, await _session(services, anna, opened=made), now=made).text
    async with app.client(cookies={"flow_session": token}) as client:
        answer = await client.get(WHO, headers={"Authorization": f"Bearer {token}"})

    assert (401, False) == (answer.status_code, "set-cookie" in answer.headers)


async def test_after_thirty_days_the_session_is_over(app: App, services: Services, anna: UUID) -> None:
    made = datetime.now(UTC) - SESSION_LIFE - timedelta(minutes=1)
    token = issue(services.issuer, await _session(services, anna, opened=made), now=made).text

    assert 401 == (await _ask(app, token)).status_code


@pytest.mark.parametrize(
    "change",
    [
        "update app.login_sessions set ended_at = now()",
        "delete from app.login_sessions",
        "update auth.users set banned_until = now() + interval '1 day'",
        "update auth.users set deleted_at = now()",
        "delete from auth.users",
    ],
)
async def test_a_session_that_ended_is_not_renewed(
    app: App, services: Services, anna: UUID, installation: Installation, change: str
) -> None:
    made = datetime.now(UTC) - timedelta(hours=2)
    token = issue(services.issuer, await _session(services, anna, opened=made), now=made).text
    with kept_connection(installation.owner_url) as connection:
        connection.execute(change.encode())

    assert 401 == (await _ask(app, token)).status_code


async def test_a_forged_old_token_is_not_renewed(app: App, services: Services, anna: UUID) -> None:
    made = datetime.now(UTC) - timedelta(hours=2)
    header, payload, _ = issue(services.issuer, await _session(services, anna, opened=made), now=made).text.split(".")

    assert 401 == (await _ask(app, f"{header}.{payload}.{'A' * 86}")).status_code


async def test_a_page_without_log_in_still_shows_with_a_dead_cookie(app: App) -> None:
    for token in ("x", "a.b.c", "e30.eyJpYXQiOjF9.x"):
        assert 200 == (await _ask(app, token, path="/login")).status_code


async def test_a_new_password_ends_every_session(app: App, services: Services, anna: UUID) -> None:
    now = services.clock.now()
    token = issue(services.issuer, await _session(services, anna, opened=now), now=now).text
    before = await _ask(app, token)
    async with services.database.as_service() as transaction:
        await change_password(transaction, anna, "another horse battery", at=now)

    assert (200, 401) == (before.status_code, (await _ask(app, token)).status_code)
