"""Reads and writes orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from flow.business.orders.errors import OrderNotFound
from flow.business.orders.types import (
    Attribution,
    Channel,
    Discount,
    Order,
    OrderItem,
    PlaceOrder,
    Status,
    StatusChange,
    Touch,
)
from flow.database.queries import load_queries
from flow.database.transaction import Transaction
from flow.kit.ids import new_id

_queries = load_queries(__package__)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFilter:
    """Which orders; None lets everything pass. `since` is the first instant, `until` the first one past the end."""

    status: Status | None = None
    channel: Channel | None = None
    customer_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


async def earlier_order(transaction: Transaction, restaurant_id: UUID, order: PlaceOrder) -> Order | None:
    """The order that an earlier request with the same key or external number made."""
    return await transaction.one_or_none(
        _queries.earlier_order,
        Order,
        restaurant_id=restaurant_id,
        idempotency_key=order.idempotency_key,
        source=order.source,
        external_id=order.external_id,
    )


async def find_discount(transaction: Transaction, restaurant_id: UUID, code: str | None) -> Discount | None:
    """The discount code, valid or not, however the guest capitalised it."""
    if code is None:
        return None
    return await transaction.one_or_none(_queries.find_discount, Discount, restaurant_id=restaurant_id, code=code)


async def reserve_numbers(transaction: Transaction, restaurant_id: UUID, *, count: int = 1) -> range:
    """The next `count` order numbers, for orders of this transaction; others wait until it ends."""
    last: int = await transaction.value(_queries.reserve_numbers, restaurant_id=restaurant_id, count=count)
    return range(last - count + 1, last + 1)


async def return_number(transaction: Transaction, restaurant_id: UUID) -> None:
    """Gives back the last number this transaction reserved."""
    await transaction.execute(_queries.return_number, restaurant_id=restaurant_id)


async def add_order(transaction: Transaction, order: Order) -> bool:
    """Stores a new order; False when its key or its external number is already there."""
    return await transaction.value(_queries.add_order, **asdict(order)) is not None


async def add_items(transaction: Transaction, items: Sequence[OrderItem]) -> None:
    """Stores the lines of an order."""
    await transaction.execute_many(
        _queries.add_item, [asdict(item) | {"options": Jsonb(item.options)} for item in items]
    )


async def add_status_change(transaction: Transaction, change: StatusChange) -> None:
    """Records a step."""
    await transaction.execute(_queries.add_status_change, **asdict(change))


async def touches_of(
    transaction: Transaction, restaurant_id: UUID, visitor_ids: Sequence[UUID], *, since: datetime, until: datetime
) -> list[Touch]:
    """The visits of a visitor, oldest first."""
    return await transaction.all(
        _queries.touches_of,
        Touch,
        restaurant_id=restaurant_id,
        visitor_ids=list(visitor_ids),
        since=since,
        until=until,
    )


async def add_attribution(transaction: Transaction, attribution: Attribution) -> None:
    """Stores which visits led to an order."""
    row = asdict(attribution) | {"touchpoint_path": Jsonb(attribution.touchpoint_path)}
    await transaction.execute(_queries.add_attribution, **row)


async def count_session_order(transaction: Transaction, restaurant_id: UUID, session_id: UUID) -> None:
    """Notes on the visit that it ended in an order."""
    await transaction.execute(_queries.count_session_order, restaurant_id=restaurant_id, session_id=session_id)


async def mark_day_stale(
    transaction: Transaction, restaurant_id: UUID, day: date, *, reason: str, marked_at: datetime
) -> None:
    """Has the business day's roll-up made anew."""
    await transaction.execute(
        _queries.mark_day_stale, restaurant_id=restaurant_id, day=day, reason=reason, marked_at=marked_at
    )


async def notify_live(transaction: Transaction, restaurant_id: UUID) -> None:
    """Tells live pages to look again, on channel `flow_live` with the restaurant's id."""
    await transaction.value(_queries.notify_live, restaurant_id=restaurant_id)


async def find_order(transaction: Transaction, restaurant_id: UUID, order_id: UUID) -> Order:
    """The order; OrderNotFound for one that the caller may not see."""
    order = await transaction.one_or_none(_queries.find_order, Order, restaurant_id=restaurant_id, order_id=order_id)
    if order is None:
        raise OrderNotFound
    return order


async def lock_order(transaction: Transaction, restaurant_id: UUID, order_id: UUID) -> Order:
    """The order, held until the transaction ends; OrderNotFound for one that the caller may not move."""
    if await transaction.value(_queries.lock_order, restaurant_id=restaurant_id, order_id=order_id) is None:
        raise OrderNotFound
    return await find_order(transaction, restaurant_id, order_id)


async def items_of(transaction: Transaction, restaurant_id: UUID, order_id: UUID) -> list[OrderItem]:
    """The lines of an order, as they were ordered."""
    return await transaction.all(_queries.items_of, OrderItem, restaurant_id=restaurant_id, order_id=order_id)


async def steps_of(transaction: Transaction, restaurant_id: UUID, order_id: UUID) -> list[StatusChange]:
    """The history of an order, oldest first."""
    return await transaction.all(_queries.steps_of, StatusChange, restaurant_id=restaurant_id, order_id=order_id)


async def list_orders(
    transaction: Transaction,
    restaurant_id: UUID,
    wanted: OrderFilter,
    *,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Order]:
    """Orders, newest first; `after` is (created_at, id) of the last order of the page before."""
    after_time, after_id = after or (None, None)
    return await transaction.all(
        _queries.list_orders,
        Order,
        restaurant_id=restaurant_id,
        after_time=after_time,
        after_id=after_id,
        row_limit=limit,
        **asdict(wanted),
    )


async def move_order(
    transaction: Transaction,
    order: Order,
    status: Status,
    *,
    reason: str | None,
    moved_by: UUID | None,
    moved_at: datetime,
    refund_amount: int | None = None,
) -> Order:
    """Sets the status and the moment of the milestone, records the step, and answers the order as it is then.

    A status that the order has already is a step that stays where it is: a part was paid back, or asked for. Refunds
    say in `refund_amount` how many øre went back. `moved_by` counts for the service only; of a user the database knows
    who it is.
    """
    return await transaction.one(
        _queries.move_order,
        Order,
        restaurant_id=order.restaurant_id,
        order_id=order.id,
        status=status,
        reason=reason,
        step_id=new_id(),
        moved_by=moved_by,
        moved_at=moved_at,
        refund_amount=refund_amount,
    )


async def reopen_refunded(service: Transaction, order: Order, *, now: datetime) -> Status:
    """Puts an order whose refund came back to where it was before; answers where that is."""
    status: Status = await service.value(
        _queries.reopen_refunded, restaurant_id=order.restaurant_id, order_id=order.id, now=now
    )
    return status
