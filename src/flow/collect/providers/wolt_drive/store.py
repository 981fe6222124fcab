"""Reads and writes `courier_deliveries`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from flow.collect.providers.wolt_drive.types import CourierDelivery, Wanted
from flow.database.queries import load_queries
from flow.database.transaction import Transaction

_queries = load_queries(__package__)
_FIXED = frozenset({"order_id", "requested_by", "created_at"})


async def add_delivery(
    service: Transaction, restaurant_id: UUID, delivery_id: UUID, order_id: UUID, *, by: UUID | None, now: datetime
) -> bool:
    """Notes that a courier is wanted; False where one is underway already."""
    return bool(
        await service.execute(
            _queries.add_delivery,
            restaurant_id=restaurant_id,
            id=delivery_id,
            order_id=order_id,
            requested_by=by,
            now=now,
        )
    )


async def delivery_by_id(service: Transaction, restaurant_id: UUID, delivery_id: UUID) -> CourierDelivery | None:
    """A delivery by our id."""
    return await service.one_or_none(
        _queries.delivery_by_id, CourierDelivery, restaurant_id=restaurant_id, id=delivery_id
    )


async def lock_delivery(service: Transaction, restaurant_id: UUID, delivery_id: UUID) -> CourierDelivery | None:
    """A delivery, held until the transaction ends."""
    return await service.one_or_none(
        _queries.lock_delivery, CourierDelivery, restaurant_id=restaurant_id, id=delivery_id
    )


async def change_delivery(service: Transaction, delivery: CourierDelivery) -> None:
    """Writes a delivery anew."""
    columns = {name: value for name, value in asdict(delivery).items() if name not in _FIXED}
    await service.execute(_queries.change_delivery, **columns)


async def deliveries_of(transaction: Transaction, restaurant_id: UUID, order_id: UUID) -> list[CourierDelivery]:
    """The deliveries of an order that the caller may see, the newest first."""
    return await transaction.all(
        _queries.deliveries_of, CourierDelivery, restaurant_id=restaurant_id, order_id=order_id
    )


async def wanted(service: Transaction, *, since: datetime, most: int) -> list[Wanted]:
    """Orders of all restaurants for which a courier is to be sent without anybody asking."""
    return await service.all(_queries.wanted, Wanted, since=since, most=most)


async def to_call_off(service: Transaction, *, since: datetime, most: int) -> list[CourierDelivery]:
    """Couriers of all restaurants who are underway for nothing."""
    return await service.all(_queries.to_call_off, CourierDelivery, since=since, most=most)
