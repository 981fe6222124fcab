"""How PostgreSQL finds what ingest asks for: by the right index, whatever it knows of the tables yet."""

from __future__ import annotations

from importlib import resources
from uuid import UUID

import psycopg
import pytest

from flow.collect import events
from flow.database.installation import Installation
from flow.database.queries import parse

STATEMENTS = {
    query.name: query.sql.decode()
    for query in parse(resources.files(events).joinpath("statements.sql").read_text(encoding="utf-8"))
}
MANY_SESSIONS = """
insert into public.sessions (restaurant_id, session_id, visitor_id, started_at, ended_at)
select %s, gen_random_uuid(), gen_random_uuid(), now() - n * interval '1 second', now()
from generate_series(1, 5000) n
"""


@pytest.mark.parametrize("statement", ["find_sessions", "expect_no_sessions"])
@pytest.mark.parametrize("is_analyzed", [False, True], ids=["young", "analyzed"])
@pytest.mark.parametrize("is_full", [False, True], ids=["empty", "full"])
def test_a_visitors_sessions_are_found_by_their_own_index(
    installation: Installation, restaurant: UUID, statement: str, is_analyzed: bool, is_full: bool
) -> None:
    with psycopg.connect(installation.owner_url) as owner:
        if is_full:
            owner.execute(MANY_SESSIONS, [restaurant])
        if is_analyzed:
            owner.execute("analyze public.sessions")

    plan = _plan_of(statement, installation)

    assert "Index Scan using sessions_visitor on sessions" in plan
    assert "Index Cond: ((restaurant_id = (unnest($1))) AND (ROW(visitor_id, started_at) >" in plan
    assert "Sort" not in plan


def _plan_of(statement: str, installation: Installation) -> str:
    """As the writer runs it: in a transaction of the service, by a plan that is made once."""
    with psycopg.connect(installation.worker_url) as writer:
        writer.execute("select app.begin_service(15000)")
        writer.execute("set local plan_cache_mode = force_generic_plan")
        writer.execute(STATEMENTS["plan_by_order"].encode())
        writer.execute(f"prepare asking as {STATEMENTS[statement]}".encode())
        lines = writer.execute("explain execute asking ('{}', '{}', '{}', '{}')").fetchall()
        writer.execute("deallocate asking")
    return "\n".join(line for (line,) in lines)
