"""Queued calls about payments: what they need from the database, and what is written when they are over.

Their arguments are `payment_id`, and for a refund `refund_id`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flow.business.orders.paying import hear, hear_refund, warn_about
from flow.business.payments import store
from flow.business.payments.types import OnlinePayment, PaymentStatus, Refund, Told, ToldRefund
from flow.collect.integrations.sentences import OTHER_TERMS
from flow.collect.integrations.types import Queued
from flow.database.transaction import Transaction
from flow.kit.clock import Clock
from flow.web.i18n import N_

__all__ = ["REFUSED", "Terms", "facts_of", "payment_in", "refund_in", "said_no", "seen"]

REFUSED: Final = "refused"
"""In a result: the provider's word for why it does not do it, and would not the next time."""

_OPEN: Final[frozenset[PaymentStatus]] = frozenset({"pending", "processing", "failed", "authorized"})
_FITTING: Final[dict[str, frozenset[PaymentStatus]]] = {
    "capture": frozenset({"authorized"}),
    "cancel": _OPEN,
    # Refunded too: the provider may have told of it before its answer was kept. By its key it is done once.
    "refund": frozenset({"completed", "partially_refunded", "refunded", "disputed"}),
    "look": _OPEN | {"completed", "partially_refunded", "refunded", "disputed"},
}
"""The kinds of errands, and the states in which they make sense still."""

_TITLES: Final = {
    "capture": N_("The money reserved for order %(number)s could not be taken"),
    "refund": N_("Order %(number)s could not be refunded"),
    "cancel": N_("The payment of order %(number)s could not be called off"),
    "look": N_("The payment of order %(number)s could not be looked up"),
}
_WHY = N_("The payment provider says: %(why)s.")
_MISMATCH = N_("A payment of order %(number)s is not what was ordered")


@dataclass(frozen=True, slots=True)
class Terms:
    """Number, amount in øre and currency of a payment as the provider has it."""

    number: str
    amount: int
    currency: str


async def facts_of(service: Transaction, queued: Queued, *, is_over: bool = False) -> Mapping[str, object] | None:
    """The payment, and the refund that the errand is about; None when there is nothing to do any more.

    With `is_over` the errand was carried out, so that its payment may have moved on.
    """
    payment = await store.find_online(service, queued.restaurant_id, UUID(str(queued.arguments["payment_id"])))
    if payment is None or not (is_over or payment.status in _FITTING.get(queued.kind, frozenset())):
        return None
    if payment.provider_transaction_id is None and payment.checkout_id is None:
        return None
    if queued.kind != "refund":
        return {"payment": payment}
    refund = await store.refund_by_id(service, queued.restaurant_id, UUID(str(queued.arguments["refund_id"])))
    if refund is None or not (is_over or refund.status == "requested"):
        return None
    return {"payment": payment, "refund": refund}


def payment_in(facts: Mapping[str, object]) -> OnlinePayment:
    """The payment that `facts_of` found."""
    payment = facts["payment"]
    assert isinstance(payment, OnlinePayment)
    return payment


def refund_in(facts: Mapping[str, object]) -> Refund:
    """The refund that `facts_of` found."""
    refund = facts["refund"]
    assert isinstance(refund, Refund)
    return refund


async def seen(service: Transaction, payment: OnlinePayment, terms: Terms, told: Told, *, clock: Clock) -> None:
    """Hears what a look at the provider told, if it is about this payment's number, amount and currency."""
    if payment.provider_transaction_id is None:
        await store.keep_number(service, payment, terms.number, now=clock.now())
    if (terms.amount, terms.currency.upper()) == (payment.amount, payment.currency):
        await hear(service, payment, told, clock=clock)
        return
    theirs = {"amount": terms.amount, "currency": terms.currency.upper()}
    ours = {"amount": payment.amount, "currency": payment.currency}
    await warn_about(service, payment, _MISMATCH, OTHER_TERMS, clock=clock, theirs=theirs, ours=ours)


async def said_no(service: Transaction, queued: Queued, facts: Mapping[str, object], why: str, *, clock: Clock) -> None:
    """Tells people that the provider refused; a refund that it refused has failed, and can be asked for anew."""
    payment = payment_in(facts)
    if queued.kind == "refund":
        refund = refund_in(facts)
        told = ToldRefund(
            provider_refund_id=None, amount=refund.amount, status="failed", id=refund.id, failure_code=why[:100]
        )
        await hear_refund(service, payment, told, clock=clock)
    await warn_about(service, payment, _TITLES[queued.kind], _WHY, clock=clock, why=why)
