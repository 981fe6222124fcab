"""What becomes of an order of ours when Wolt has answered, in the transaction that marks the call as done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from flow.business.orders.moves import move
from flow.business.orders.receiving import find_received, receive
from flow.business.orders.store import find_order
from flow.business.orders.types import Order, Status
from flow.business.payments.service import add_payment
from flow.business.payments.store import payments_of
from flow.business.restaurants.store import find_restaurant, tell_people
from flow.business.restaurants.types import Restaurant
from flow.collect.integrations.queue import enqueue
from flow.collect.integrations.types import Integration
from flow.collect.payments.store import note_difference
from flow.collect.providers.wolt import store
from flow.collect.providers.wolt.orders import adds_up, is_carried_by_us, received
from flow.collect.providers.wolt.payload import WoltOrder
from flow.collect.providers.wolt.states import REJECTED, Step, furthest, moves_to, rank
from flow.collect.providers.wolt.types import Followed, Linked
from flow.database.transaction import Transaction
from flow.kit.clock import Clock, FixedClock
from flow.web.i18n import N_

__all__ = ["ACCEPT_WITHIN", "catch_up", "is_yes", "queue_step", "take_in", "told"]

Severity = Literal["info", "warning", "critical"]

ACCEPT_WITHIN: Final = timedelta(minutes=3)
"""Wolt gives an order up that nobody has accepted by then."""

_ENDED_THERE: Final = N_("Ended at Wolt")
_ARRIVED: Final = N_("A Wolt order waits: accept it within three minutes")
_DIFFERS: Final = N_("The lines of a Wolt order do not add up to its total")
_REFUSED: Final = N_("Wolt did not take what was decided about an order")
_LOST: Final = N_("Wolt has ended an order")


async def take_in(service: Transaction, integration: Integration, order: WoltOrder, *, clock: Clock) -> None:
    """Stores the order if it is new, and lets ours catch up with what Wolt says of it."""
    now = clock.now()
    restaurant = await find_restaurant(service, integration.restaurant_id)
    is_new = await store.lock_followed(service, restaurant.id, order.id) is None
    if is_new:
        placed = await receive(service, restaurant, received(order), now=now)
        await store.link(service, _linked(placed.order, order, now))
        if not adds_up(order):
            await _tell(service, placed.order.id, restaurant.id, _DIFFERS, severity="warning", now=now)
    else:
        await _compare(service, restaurant, order, now=now)
    known = await store.lock_followed(service, restaurant.id, order.id)
    assert known is not None, "it was stored a moment ago"
    await catch_up(service, restaurant, known, order.order_status, now=now)
    if is_new and rank(order.order_status) == 0:
        await _decide(service, restaurant, integration, known, now=now)


async def _compare(service: Transaction, restaurant: Restaurant, wolt: WoltOrder, *, now: datetime) -> None:
    """Notes where Wolt asks another sum for an order by now than it did at first: items were replaced, say."""
    theirs = received(wolt)
    ours = await find_received(service, restaurant.id, theirs)
    total = theirs.goods + theirs.delivery_fee
    if ours is not None and ours.total != total:
        told = {"ours": str(ours.total), "theirs": str(total)}
        await note_difference(service, restaurant.id, "wolt", wolt.id, "total", **told, now=now, kind="order")


async def catch_up(
    service: Transaction, restaurant: Restaurant, known: Followed, wolt_status: str, *, now: datetime
) -> None:
    """Moves our order forwards to where it is at Wolt; never backwards, whatever comes late."""
    wolt_status = furthest(known.wolt_status, wolt_status)
    is_decided = rank(wolt_status) > 0 or known.status != "pending"
    await store.note_wolt_status(service, known, wolt_status, is_decided=is_decided, now=now)
    steps = moves_to(known.status, wolt_status, known.fulfillment_type)
    if wolt_status == REJECTED and known.status == "completed" and known.wolt_status != REJECTED:
        await _tell(service, known.order_id, restaurant.id, _LOST, severity="critical", now=now)
    for step in steps:
        await _move(service, restaurant, known.order_id, step, now=now)
    if steps == ["cancelled"] and known.status != "pending":
        await _tell(service, known.order_id, restaurant.id, _LOST, severity="critical", now=now)
    if wolt_status == "delivered":
        await _note_paid(service, restaurant, known.order_id, now=now)


async def told(
    service: Transaction, restaurant_id: UUID, wolt_id: str, result: Mapping[str, object], *, now: datetime
) -> None:
    """What Wolt answered to a step."""
    known = await store.lock_followed(service, restaurant_id, wolt_id)
    if known is None:
        return
    restaurant = await find_restaurant(service, restaurant_id)
    await catch_up(service, restaurant, known, str(result["order_status"]), now=now)
    if result.get("refused") and result["order_status"] != REJECTED:
        await _tell(service, known.order_id, restaurant_id, _REFUSED, severity="critical", now=now)


async def queue_step(service: Transaction, order: Followed, step: Step, *, now: datetime) -> None:
    """Has Wolt told a step, once."""
    arguments = {"wolt_id": order.wolt_id, "decided_at": now.isoformat()}
    await enqueue(service, order.restaurant_id, "wolt", step, f"{step}:{order.wolt_id}", arguments, now=now)


async def _decide(
    service: Transaction, restaurant: Restaurant, integration: Integration, order: Followed, *, now: datetime
) -> None:
    """Accepts at once where the restaurant wishes that; else people are told, and the order's page has the button."""
    if restaurant.status != "active":
        await _move(service, restaurant, order.order_id, "cancelled", now=now, reason=N_("The restaurant is closed"))
    elif is_yes(integration.config.get("auto_accept")):
        await _move(service, restaurant, order.order_id, "confirmed", now=now)
    else:
        await _tell(service, order.order_id, restaurant.id, _ARRIVED, severity="critical", now=now)


def is_yes(value: object) -> bool:
    """Whether somebody wrote yes into a field, in whatever language."""
    return str(value or "").strip().lower() in ("yes", "ja", "true", "1", "on")


def _linked(order: Order, wolt: WoltOrder, now: datetime) -> Linked:
    return Linked(
        restaurant_id=order.restaurant_id,
        order_id=order.id,
        wolt_number=wolt.order_number[:40] if wolt.order_number else None,
        kind=wolt.type[:40] or "instant",
        delivery_type=(wolt.delivery.type if wolt.delivery else "homedelivery")[:40],
        is_carried_by_us=is_carried_by_us(wolt),
        wolt_status=wolt.order_status[:40],
        seen_status=order.status,
        accept_until=wolt.created_at + ACCEPT_WITHIN if rank(wolt.order_status) == 0 else None,
        created_at=now,
        updated_at=now,
    )


async def _move(
    service: Transaction,
    restaurant: Restaurant,
    order_id: UUID,
    status: Status,
    *,
    now: datetime,
    reason: str | None = None,
) -> None:
    reason = reason or (_ENDED_THERE if status == "cancelled" else None)
    await move(service, restaurant, order_id, status, clock=FixedClock(now), reason=reason)


async def _note_paid(service: Transaction, restaurant: Restaurant, order_id: UUID, *, now: datetime) -> None:
    """The guest paid Wolt, which settles later: the payment is another's, and sure once the food is delivered."""
    if await payments_of(service, restaurant.id, order_id):
        return
    order = await find_order(service, restaurant.id, order_id)
    await add_payment(
        service,
        restaurant.id,
        order_id,
        amount=order.total,
        currency=order.currency,
        provider="external",
        at=now,
    )


async def _tell(
    service: Transaction, order_id: UUID, restaurant_id: UUID, title: str, *, severity: Severity, now: datetime
) -> None:
    link = f"/orders/{order_id}?restaurant={restaurant_id}"
    await tell_people(service, restaurant_id, kind="wolt_order", severity=severity, title=title, link=link, now=now)
