"""What deliveries about payments have in common, whoever sends them: the payment is found, its terms are compared."""

from __future__ import annotations

from uuid import UUID

from flow.business.orders.paying import warn_about
from flow.business.payments import store
from flow.business.payments.types import OnlinePayment, Provider
from flow.collect.integrations.sentences import OTHER_TERMS, amount_text
from flow.collect.webhooks.types import Applying, Outcome
from flow.errors import NotFound
from flow.web.i18n import N_

__all__ = ["NotKnownYet", "found", "other_terms"]

_MISMATCH = N_("A payment of order %(number)s is not what was ordered")
_OTHER_TERMS = N_("The provider says %(theirs)s, the order %(ours)s. What it told is parked under integrations.")


class NotKnownYet(NotFound):
    """The payment is not known yet; what tells of it first may still be underway."""

    code = "payment_not_known_yet"


async def found(
    applying: Applying, provider: Provider, number: str, *, payment_id: UUID | None = None
) -> OnlinePayment | None:
    """The restaurant's payment with the provider's number.

    One that has no number yet is known by our own id, which the provider was given when it was made, and takes its
    number from then on.
    """
    transaction, restaurant_id = applying.transaction, applying.integration.restaurant_id
    known = await store.find_by_number(transaction, restaurant_id, provider, number)
    if known is not None or payment_id is None:
        return known
    named = await store.find_online(transaction, restaurant_id, payment_id)
    # It may have taken this very number since we looked: another delivery of it is applied beside this one.
    if named is None or named.provider != provider or named.provider_transaction_id not in (None, number):
        return None
    await store.keep_number(transaction, named, number, now=applying.now)
    return await store.find_by_number(transaction, restaurant_id, provider, number)


async def other_terms(
    applying: Applying, payment: OnlinePayment, *, amount: int | None, currency: str
) -> Outcome | None:
    """A parked outcome, and a message to people, if amount or currency are not those of the payment; else None.

    `amount` is None where the delivery names none that has to be the payment's.
    """
    if currency.upper() == payment.currency and amount in (None, payment.amount):
        return None
    theirs = (payment.amount if amount is None else amount, currency.upper())
    ours = (payment.amount, payment.currency)
    await warn_about(
        applying.transaction,
        payment,
        _MISMATCH,
        _OTHER_TERMS,
        clock=applying.context.clock,
        theirs=dict(zip(("amount", "currency"), theirs, strict=True)),
        ours=dict(zip(("amount", "currency"), ours, strict=True)),
    )
    return Outcome("parked", OTHER_TERMS % {"theirs": amount_text(*theirs), "ours": amount_text(*ours)})
