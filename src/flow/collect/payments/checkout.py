"""Leads a guest from a placed order to the page of the provider that takes the money."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, cast

from flow.business.orders.store import lock_order
from flow.business.orders.types import Order
from flow.business.payments import store
from flow.business.payments.errors import NothingToPay
from flow.business.payments.service import add_payment
from flow.business.payments.types import OnlinePayment
from flow.business.restaurants.types import Restaurant
from flow.collect.integrations.calling import Calls
from flow.collect.payments.types import Cashier, Purchase

__all__ = ["place_to_pay"]

_FIRST_LOOK: Final = timedelta(seconds=15)


async def place_to_pay(
    calls: Calls, restaurant: Restaurant, order: Order, *, description: str, language: str, return_url: str
) -> str:
    """The address at which the guest pays this order: the same one as long as it is good.

    NothingToPay when the order does not wait for an online payment. `return_url` is where the provider sends the guest
    afterwards.
    """
    payment = await _payment_to_make(calls, order)
    if payment.checkout_url is not None:
        return payment.checkout_url
    connection = await calls.connect(restaurant.id, payment.provider)
    purchase = Purchase(
        payment=payment,
        order=order,
        restaurant_name=restaurant.name,
        description=description,
        language=language,
        return_url=return_url,
    )
    checkout = await cast(Cashier, connection.system).open_checkout(connection.caller, purchase)
    now = calls.clock.now()
    async with calls.database.as_service() as transaction:
        await store.keep_checkout(
            transaction,
            payment,
            checkout_id=checkout.id,
            checkout_url=checkout.url,
            number=checkout.number,
            next_look_at=now + _FIRST_LOOK,
            now=now,
        )
    return checkout.url


async def _payment_to_make(calls: Calls, order: Order) -> OnlinePayment:
    """The order's newest try to pay, or one more after one that came to nothing."""
    async with calls.database.as_service() as transaction:
        order = await lock_order(transaction, order.restaurant_id, order.id)
        last = await store.newest_online(transaction, order.restaurant_id, order.id)
        if last is None or order.status != "pending":
            raise NothingToPay
        if not _came_to_nothing(last):
            return last
        await add_payment(
            transaction,
            order.restaurant_id,
            order.id,
            amount=last.amount,
            currency=last.currency,
            provider=last.provider,
            at=calls.clock.now(),
        )
        new = await store.newest_online(transaction, order.restaurant_id, order.id)
        assert new is not None
        return new


def _came_to_nothing(payment: OnlinePayment) -> bool:
    """Stripe's page takes another card after one that failed; with MobilePay a refusal is the end."""
    return payment.status in ("cancelled", "expired") or (payment.status, payment.provider) == ("failed", "mobilepay")
