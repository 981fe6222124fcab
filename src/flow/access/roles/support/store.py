"""One function per statement of queries.sql."""

from __future__ import annotations

from uuid import UUID

from flow.access.roles.support.types import SupportAccess, Supported
from flow.database.queries import load_queries
from flow.database.transaction import Transaction

_queries = load_queries(__package__)


async def open_access(
    transaction: Transaction, access: UUID, *, restaurant_id: UUID, reason: str, minutes: int
) -> SupportAccess:
    return await transaction.one(
        _queries.open_access, SupportAccess, id=access, restaurant_id=restaurant_id, reason=reason, minutes=minutes
    )


async def end_access(transaction: Transaction, access: UUID) -> bool:
    """False when it was not open, or is not the caller's to close."""
    return bool(await transaction.value(_queries.end_access, id=access))


async def accesses(
    transaction: Transaction, *, restaurant_id: UUID | None = None, most: int = 100
) -> list[SupportAccess]:
    """The accesses that the caller may know of, the latest first."""
    return await transaction.all(_queries.accesses, SupportAccess, restaurant_id=restaurant_id, most=most)


async def supported(transaction: Transaction) -> list[Supported]:
    return await transaction.all(_queries.supported, Supported)


async def expire(service: Transaction) -> int:
    """Notes which accesses ran out; how many."""
    return int(await service.value(_queries.expire))
