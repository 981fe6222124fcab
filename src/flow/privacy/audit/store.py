"""Writes the audit log, in the transaction of what it tells."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from flow.database.queries import load_queries
from flow.database.transaction import Transaction
from flow.kit.ids import new_id

_queries = load_queries(__package__)


async def record(
    transaction: Transaction,
    action: str,
    description: str,
    *,
    at: datetime,
    restaurant_id: UUID | None = None,
    performed_by: UUID | None = None,
    performed_by_role: str = "service",
    subject: str | None = None,
    facts: Mapping[str, object] | None = None,
    request_id: str | None = None,
) -> None:
    """Adds an entry, in a transaction of the service.

    `action` is a short name such as `import_undone`; `description` one sentence; `subject` a pseudonymous reference
    to the person concerned; `facts` are counts and ids. None of them holds a name, phone number or e-mail.
    """
    await transaction.execute(
        _queries.record,
        id=new_id(),
        restaurant_id=restaurant_id,
        action=action,
        description=description,
        performed_by=performed_by,
        performed_by_role=performed_by_role,
        subject=subject,
        facts=Jsonb(dict(facts)) if facts is not None else None,
        request_id=request_id,
        at=at,
    )
