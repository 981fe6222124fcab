"""People with a log-in made by hand: how sure it is, is the test's choice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from flow.access.tokens import issue
from flow.access.types import LiveSession
from flow.kit.ids import new_id
from flow.web.issuer import Issuer
from tests.connections import kept_connection
from tests.factories import make_user


def header_of(url: str, issuer: Issuer, user: UUID, *, aal: str = "aal2") -> dict[str, str]:
    """The header of a new log-in of this user; `url` is the owner's."""
    now = datetime.now(UTC)
    session = LiveSession(new_id(), user, "by.hand@flow.example", "", now, now + timedelta(hours=1), aal)
    with kept_connection(url) as connection:
        connection.execute(
            "insert into app.login_sessions (id, user_id, expires_at, aal) values (%s, %s, %s, %s)",
            [session.id, user, session.expires_at, aal],
        )
    return {"Authorization": f"Bearer {issue(issuer, session, now=now).text}"}


def on_platform(url: str, role: str) -> UUID:
    """A user with a role on the whole platform."""
    user = make_user(url, f"{role}@flow.example")
    with kept_connection(url) as connection:
        connection.execute("insert into public.user_roles (user_id, role) values (%s, %s)", [user, role])
    return user
