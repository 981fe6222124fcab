"""What becomes of a delivery, and of its order, when Wolt Drive has answered or told something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final, Literal

from flow.business.orders.moves import move
from flow.business.orders.store import lock_order
from flow.business.restaurants.store import find_restaurant, tell_people
from flow.collect.providers.wolt_drive import store
from flow.collect.providers.wolt_drive.payload import Claims
from flow.collect.providers.wolt_drive.requesting import call_off
from flow.collect.providers.wolt_drive.states import ENDED, FINAL, further, moves_to, status_of
from flow.collect.providers.wolt_drive.types import CourierDelivery, CourierStatus
from flow.database.transaction import Transaction
from flow.kit.clock import FixedClock
from flow.web.i18n import N_

__all__ = ["called_off", "sent_for", "take_in"]

_NO_COURIER: Final = N_("No courier comes for an order")
_NOT_MET: Final = N_("A courier did not meet the guest")
_STILL_COMES: Final = N_("A courier could not be called off")


async def sent_for(
    service: Transaction, delivery: CourierDelivery, result: Mapping[str, object], *, now: datetime
) -> None:
    """What Wolt answered to the wish for a courier."""
    if refused := result.get("refused"):
        await _end(service, delivery, "failed", str(refused), now=now)
        return
    reference = _text(result.get("reference"))
    was_cancelled, delivery = delivery.status == "cancelled", _known_to_wolt(delivery, reference)
    is_rejected = result.get("status") == "REJECTED"
    known = replace(
        delivery,
        status=further(delivery.status, "rejected" if is_rejected else "received"),
        reference=reference or delivery.reference,
        tracking_url=_text(result.get("_tracking_url")) or delivery.tracking_url,
        price=_amount(result.get("price")) if delivery.price is None else delivery.price,
        currency=_text(result.get("currency")) or delivery.currency,
        pickup_at=delivery.pickup_at or _time(result.get("pickup_at")),
        dropoff_at=delivery.dropoff_at or _time(result.get("dropoff_at")),
        updated_at=now,
    )
    await store.change_delivery(service, known)
    if is_rejected:
        await _tell(service, known, _NO_COURIER, severity="critical", now=now)
    if was_cancelled and known.reference:
        await call_off(service, known, now=now)


async def called_off(
    service: Transaction, delivery: CourierDelivery, result: Mapping[str, object], *, now: datetime
) -> None:
    """What Wolt answered to the wish that the courier does not come."""
    if refused := result.get("refused"):
        await _tell(service, delivery, _STILL_COMES, severity="warning", body=str(refused), now=now)
    elif delivery.status not in FINAL:
        await store.change_delivery(service, replace(delivery, status="cancelled", updated_at=now))


async def take_in(service: Transaction, delivery: CourierDelivery, event: Claims, *, now: datetime) -> None:
    """Lets the delivery, and its order, follow an event; one that comes late changes nothing that is farther."""
    details = event.details
    delivery = _known_to_wolt(delivery, details.wolt_order_reference_id)
    status = further(delivery.status, status_of(event.type))
    known = replace(
        delivery,
        status=status,
        reference=delivery.reference or details.wolt_order_reference_id,
        price=details.price.amount if details.price else delivery.price,
        currency=details.price.currency if details.price else delivery.currency,
        pickup_at=(details.pickup.eta if details.pickup else None) or delivery.pickup_at,
        dropoff_at=(details.dropoff.eta if details.dropoff else None) or delivery.dropoff_at,
        delivered_at=delivery.delivered_at or (event.dispatched_at if status == "delivered" else None),
        updated_at=now,
    )
    await store.change_delivery(service, known)
    if status in ENDED and status != delivery.status:
        title = _NOT_MET if status == "customer_no_show" else _NO_COURIER
        await _tell(service, known, title, severity="critical", now=now)
    await _move_order(service, known, now=now)


def _known_to_wolt(delivery: CourierDelivery, reference: str | None) -> CourierDelivery:
    """The order was cancelled while Wolt was being asked, or the answer was lost: a courier comes all the same, and has
    to be called off there (`following` does), or be followed where that is too late."""
    if delivery.status != "cancelled" or delivery.reference is not None or reference is None:
        return delivery
    return replace(delivery, status="requested")


async def _move_order(service: Transaction, delivery: CourierDelivery, *, now: datetime) -> None:
    restaurant = await find_restaurant(service, delivery.restaurant_id)
    order = await lock_order(service, restaurant.id, delivery.order_id)
    for step in moves_to(order.status, delivery.status):
        await move(service, restaurant, order.id, step, clock=FixedClock(now))


async def _end(
    service: Transaction, delivery: CourierDelivery, status: CourierStatus, reason: str, *, now: datetime
) -> None:
    if delivery.status in FINAL:
        return
    ended = replace(delivery, status=status, reason=reason[:200], updated_at=now)
    await store.change_delivery(service, ended)
    await _tell(service, ended, _NO_COURIER, severity="critical", body=reason, now=now)


async def _tell(
    service: Transaction,
    delivery: CourierDelivery,
    title: str,
    *,
    severity: Literal["warning", "critical"],
    body: str = "",
    now: datetime,
) -> None:
    link = f"/orders/{delivery.order_id}?restaurant={delivery.restaurant_id}"
    await tell_people(
        service,
        delivery.restaurant_id,
        kind="courier",
        severity=severity,
        title=title,
        body=body,
        link=link,
        now=now,
    )


def _text(value: object) -> str | None:
    return str(value)[:500] if value else None


def _amount(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _time(value: object) -> datetime | None:
    return datetime.fromisoformat(str(value)) if value else None
