"""What the log-in does by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flow.access.store import forget_sessions
from flow.database.installation import Installation
from flow.database.pool import Database
from flow.kit.ids import new_id
from tests.connections import kept_connection
from tests.factories import make_user

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)


async def test_only_log_ins_that_have_been_over_for_long_are_forgotten(
    installation: Installation, database: Database
) -> None:
    user = make_user(installation.owner_url, "anna@example.com")
    ends = {
        "alive": (NOW + DAY, None),
        "ran out": (NOW - 40 * DAY, None),
        "ended": (NOW + DAY, NOW - 40 * DAY),
        "ended lately": (NOW + DAY, NOW - DAY),
    }
    with kept_connection(installation.owner_url) as connection:
        for name, (expires_at, ended_at) in ends.items():
            connection.execute(
                "insert into app.login_sessions (id, user_id, expires_at, ended_at, device) "
                "values (%s, %s, %s, %s, %s)",
                [new_id(), user, expires_at, ended_at, name],
            )
    async with database.as_service() as transaction:
        forgotten = await forget_sessions(transaction, before=NOW - 30 * DAY)
    with kept_connection(installation.owner_url) as connection:
        left = {row[0] for row in connection.execute("select device from app.login_sessions").fetchall()}

    assert (2, {"alive", "ended lately"}) == (forgotten, left)
