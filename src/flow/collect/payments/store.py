"""One function per statement of queries.sql: errands of payments, and what a comparison found."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flow.business.payments.types import OnlinePayment
from flow.collect.payments.types import Difference, Errand, UnpaidOrder
from flow.database.queries import load_queries
from flow.database.transaction import Transaction
from flow.kit.ids import new_id

_queries = load_queries(__package__)


async def to_capture(service: Transaction, *, most: int) -> list[Errand]:
    """Reserved payments of orders that the kitchen has begun."""
    return await service.all(_queries.to_capture, Errand, most=most)


async def to_cancel(service: Transaction, *, most: int) -> list[Errand]:
    """Payments underway of cancelled orders."""
    return await service.all(_queries.to_cancel, Errand, most=most)


async def to_refund(service: Transaction, *, most: int) -> list[Errand]:
    """Refunds that were asked for."""
    return await service.all(_queries.to_refund, Errand, most=most)


async def to_look_at(service: Transaction, *, most: int, now: datetime) -> list[Errand]:
    """Payments that are to be looked up now; each look moves on when the next one is."""
    return await service.all(_queries.to_look_at, Errand, most=most, now=now)


async def never_opened(service: Transaction, *, most: int) -> list[OnlinePayment]:
    """Payments of cancelled orders that no provider ever heard of."""
    return await service.all(_queries.never_opened, OnlinePayment, most=most)


async def unpaid_orders(service: Transaction, *, before: datetime, most: int) -> list[UnpaidOrder]:
    """Orders from before a moment that wait for their payment still."""
    return await service.all(_queries.unpaid_orders, UnpaidOrder, before=before, most=most)


async def payments_since(
    service: Transaction, restaurant_id: UUID, provider: str, *, since: datetime
) -> list[OnlinePayment]:
    """A restaurant's payments through a provider that began since a moment."""
    return await service.all(
        _queries.payments_since, OnlinePayment, restaurant_id=restaurant_id, provider=provider, since=since
    )


async def note_difference(
    service: Transaction,
    restaurant_id: UUID,
    provider: str,
    object_id: str,
    field: str,
    *,
    ours: str | None,
    theirs: str | None,
    now: datetime,
    kind: str = "payment",
) -> None:
    """Keeps a difference; one that is open already is the same one."""
    await service.execute(
        _queries.note_difference,
        restaurant_id=restaurant_id,
        id=new_id(),
        provider=provider,
        kind=kind,
        object_id=object_id,
        field=field,
        ours=ours,
        theirs=theirs,
        now=now,
    )


async def settle_differences(
    service: Transaction, restaurant_id: UUID, provider: str, *, since: datetime, now: datetime, kind: str = "payment"
) -> int:
    """Settles those found since a moment that the comparison of `now` did not find again; how many."""
    return await service.execute(
        _queries.settle_differences, restaurant_id=restaurant_id, provider=provider, kind=kind, since=since, now=now
    )


async def open_differences(transaction: Transaction, restaurant_id: UUID, *, most: int) -> list[Difference]:
    """What a provider and FLOW say differently, the newest first."""
    return await transaction.all(_queries.open_differences, Difference, restaurant_id=restaurant_id, most=most)
