"""What each of Vipps MobilePay's deliveries does, once, in any order.

A delivery names the amount of one operation, and not for certain. Where the totals matter, FLOW goes and looks.
"""

from __future__ import annotations

from typing import Final, Literal

from flow.business.orders.paying import hear
from flow.business.payments.types import OnlinePayment, Told
from flow.collect.integrations.queue import enqueue
from flow.collect.integrations.sentences import NOT_SUCCEEDED
from flow.collect.payments.hearing import found, other_terms
from flow.collect.providers.mobilepay import payload
from flow.collect.providers.mobilepay.payload import Notice, dedupe_key
from flow.collect.providers.mobilepay.telling import ENDINGS
from flow.collect.webhooks.types import Applying, Item, Outcome
from flow.web.i18n import N_

__all__ = ["apply"]

_DONE: Final = Outcome("done")
_OURS: Final = "flow-"
_TO_LOOK_AT: Final = frozenset({"REFUNDED", "CANCELLED", "CAPTURED"})


async def apply(applying: Applying, item: Item) -> Outcome:
    """Applies a delivery; one of a name that means nothing to a payment is ignored."""
    notice = payload.read(item.payload)
    if applying.integration.account not in (None, notice.msn):
        return Outcome("parked", N_("The delivery is of another sales unit."))
    payment = await found(applying, "mobilepay", notice.reference)
    if payment is None:
        is_ours = notice.reference.startswith(_OURS)
        return (
            Outcome("parked", N_("There is no such payment."))
            if is_ours
            else Outcome("ignored", N_("Not a payment of FLOW."))
        )
    if not notice.success:
        return Outcome("ignored", NOT_SUCCEEDED % {"step": notice.name})
    if parked := await other_terms(applying, payment, amount=_whole(notice), currency=notice.amount.currency):
        return parked
    return await _heard(applying, payment, notice)


async def _heard(applying: Applying, payment: OnlinePayment, notice: Notice) -> Outcome:
    status = _status(payment, notice)
    if status is not None:
        await hear(applying.transaction, payment, Told(at=notice.at, status=status), clock=applying.context.clock)
        return _DONE
    if notice.name not in _TO_LOOK_AT:
        return Outcome("ignored", N_("FLOW does not use this event."))
    await _look(applying, payment, notice)
    return _DONE


def _whole(notice: Notice) -> int | None:
    """The amount, where it has to be that of the whole payment."""
    return notice.amount.value if notice.name in ("CREATED", "AUTHORIZED") else None


def _status(
    payment: OnlinePayment, notice: Notice
) -> Literal["authorized", "completed", "failed", "expired", "cancelled"] | None:
    """What the delivery says of the whole payment by itself."""
    if notice.name == "AUTHORIZED":
        return "authorized"
    if notice.name == "CAPTURED" and notice.amount.value == payment.amount:
        return "completed"
    return ENDINGS.get(notice.name)


async def _look(applying: Applying, payment: OnlinePayment, notice: Notice) -> None:
    await enqueue(
        applying.transaction,
        payment.restaurant_id,
        "mobilepay",
        "look",
        f"look:{dedupe_key(notice)}",
        {"payment_id": str(payment.id)},
        now=applying.now,
    )
