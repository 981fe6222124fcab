"""What FLOW keeps of an invoice when e-conomic has answered, in the transaction that marks the call as done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from flow.business.orders.store import find_order
from flow.business.restaurants.store import tell_people
from flow.collect.integrations.sentences import OTHER_AMOUNT, amount_text
from flow.collect.providers.economic import store
from flow.collect.providers.economic.types import CreditStatus, InvoiceCredit, InvoiceStatus
from flow.database.transaction import Transaction
from flow.web.i18n import N_

__all__ = ["credit_answered", "credit_in", "draft_answered", "looked_at", "product_gone"]

_REFUSED: Final = N_("The accounting system did not take an invoice")
_DIFFERS: Final = N_("A draft invoice does not come to the order's total: do not book it")
_CREDIT_REFUSED: Final = N_("The accounting system did not take a credit note")
_CREDIT_DIFFERS: Final = N_("A draft credit note does not come to what was paid back: do not book it")
_PRODUCT_GONE: Final = N_("A product that invoices need is gone from the accounting system")


async def draft_answered(
    service: Transaction, restaurant_id: UUID, order_id: UUID, result: Mapping[str, object], *, now: datetime
) -> None:
    """Keeps the draft, the guest's number, or why there is none; a total that is not the order's raises an alarm."""
    order = await find_order(service, restaurant_id, order_id)
    if refused := result.get("refused"):
        await store.note_refused(service, restaurant_id, order_id, reason=str(refused)[:300], now=now)
        await _tell(service, restaurant_id, order_id, _REFUSED, severity="warning", body=str(refused), now=now)
        return
    if order.customer_id and (number := result.get("customer_number")):
        await store.keep_customer(service, restaurant_id, order.customer_id, int(str(number)), now=now)
    gross = int(str(result["gross"]))
    if (booked := result.get("booked_number")) is not None:
        await _note_booked(service, restaurant_id, order_id, {**result, "booked_number": booked}, now=now)
        return
    status: InvoiceStatus = "created" if gross == order.total else "differs"
    await store.note_draft(
        service,
        restaurant_id,
        order_id,
        status=status,
        draft_number=int(str(result["draft_number"])),
        gross=gross,
        reason=_reason(gross, order.total, order.currency),
        now=now,
    )
    if status == "differs":
        await _tell(service, restaurant_id, order_id, _DIFFERS, severity="critical", now=now)


async def credit_in(
    transaction: Transaction, restaurant_id: UUID, arguments: Mapping[str, object]
) -> InvoiceCredit | None:
    """The credit note that `order_id` and `number` (or `credit`) name."""
    order_id, number = UUID(str(arguments["order_id"])), int(str(arguments.get("number") or arguments.get("credit")))
    notes = await store.credits_of(transaction, restaurant_id, order_id)
    return next((each for each in notes if each.number == number), None)


async def credit_answered(
    service: Transaction, credit: InvoiceCredit, result: Mapping[str, object], *, now: datetime
) -> None:
    """Keeps the credit note's draft, or why there is none; a total that was not paid back raises an alarm."""
    restaurant_id, order_id = credit.restaurant_id, credit.order_id
    if refused := result.get("refused"):
        await store.note_credit_refused(service, credit, reason=str(refused)[:300], now=now)
        await _tell(service, restaurant_id, order_id, _CREDIT_REFUSED, severity="warning", body=str(refused), now=now)
        return
    gross = int(str(result["gross"]))
    if (booked := result.get("booked_number")) is not None:
        await store.note_credit_booked(service, credit, booked_number=int(str(booked)), gross=gross, now=now)
        return
    status: CreditStatus = "created" if gross == -credit.amount else "differs"
    await store.note_credit_draft(
        service,
        credit,
        status=status,
        draft_number=int(str(result["draft_number"])),
        gross=gross,
        reason=_reason(gross, -credit.amount, (await find_order(service, restaurant_id, order_id)).currency),
        now=now,
    )
    if status == "differs":
        await _tell(service, restaurant_id, order_id, _CREDIT_DIFFERS, severity="critical", now=now)


def _reason(gross: int, due: int, currency: str) -> str | None:
    """Why a draft differs, or None."""
    if gross == due:
        return None
    return OTHER_AMOUNT % {"theirs": amount_text(gross, currency), "ours": amount_text(due, currency)}


async def looked_at(
    service: Transaction, restaurant_id: UUID, invoices: Sequence[Mapping[str, object]], *, now: datetime
) -> None:
    """Keeps what booked invoices of ours say by now; those of others have no order here and change nothing."""
    for invoice in invoices:
        order_id = UUID(str(invoice["order_id"]))
        if invoice.get("credit"):
            await _look_at_credit(service, restaurant_id, invoice, now=now)
            continue
        if await store.invoice_of(service, restaurant_id, order_id) is not None:
            await _note_booked(service, restaurant_id, order_id, invoice, now=now)


async def product_gone(service: Transaction, restaurant_id: UUID, number: str, *, now: datetime) -> None:
    """Tells people that invoices cannot be made any more."""
    await tell_people(
        service,
        restaurant_id,
        kind="invoice",
        severity="critical",
        title=_PRODUCT_GONE,
        body=number,
        link="/settings/integrations",
        now=now,
    )


async def _look_at_credit(
    service: Transaction, restaurant_id: UUID, booked: Mapping[str, object], *, now: datetime
) -> None:
    if (credit := await credit_in(service, restaurant_id, booked)) is None:
        return
    number, gross = int(str(booked["booked_number"])), int(str(booked["gross"]))
    await store.note_credit_booked(service, credit, booked_number=number, gross=gross, now=now)


async def _note_booked(
    service: Transaction, restaurant_id: UUID, order_id: UUID, invoice: Mapping[str, object], *, now: datetime
) -> None:
    await store.note_booked(
        service,
        restaurant_id,
        order_id,
        booked_number=int(str(invoice["booked_number"])),
        gross=int(str(invoice["gross"])),
        remainder=int(str(invoice["remainder"])),
        now=now,
    )


async def _tell(
    service: Transaction,
    restaurant_id: UUID,
    order_id: UUID,
    title: str,
    *,
    severity: Literal["warning", "critical"],
    body: str = "",
    now: datetime,
) -> None:
    link = f"/orders/{order_id}?restaurant={restaurant_id}"
    await tell_people(
        service, restaurant_id, kind="invoice", severity=severity, title=title, body=body, link=link, now=now
    )
