"""Writes what happens to accounts into the audit log, in the transaction that does it.

`flow.privacy.audit` keeps and proves that log, but stands above this room; the database chains whatever is added.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from psycopg.types.json import Jsonb

from flow.access.store import queries
from flow.database.transaction import Transaction
from flow.kit.ids import new_id

Actor = Literal["user", "api_key", "nobody", "service"]


async def note(
    service: Transaction,
    action: str,
    description: str,
    *,
    at: datetime,
    by: UUID | None,
    of: UUID | None = None,
    restaurant: UUID | None = None,
    actor: Actor = "user",
    facts: Mapping[str, object] | None = None,
) -> None:
    """Adds an entry: `by` did it, to the account `of`. Facts are ids, counts and names of roles, never of people."""
    await service.execute(
        queries.note,
        id=new_id(),
        restaurant_id=restaurant,
        action=action,
        description=description,
        performed_by=by,
        performed_by_role=actor,
        subject=str(of) if of else None,
        facts=Jsonb(dict(facts)) if facts else None,
        at=at,
    )
