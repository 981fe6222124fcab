"""Looking at what a hook named: the API's word counts, the hook's does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flow.collect.integrations.types import Caller, Integration
from flow.collect.providers.economic import calls, store
from flow.collect.providers.economic.drafts import credit_of, order_of
from flow.collect.providers.economic.gathering import DELIVERY, GOODS, ROUNDING, numbers_of
from flow.database.transaction import Transaction

__all__ = ["booked", "facts_of_look", "look"]

_MOST_INVOICES: Final = 50


async def facts_of_look(
    service: Transaction, integration: Integration, kind: str, number: str
) -> Mapping[str, object] | None:
    """Which numbers to look at; None where it is about nothing of ours."""
    restaurant_id = integration.restaurant_id
    if kind == "invoice":
        return {"invoices": [int(number)]}
    if kind == "daybook":  # the only trace of payments; which invoices they paid is not said
        unpaid = await store.unpaid_invoices(service, restaurant_id, most=_MOST_INVOICES)
        return {"invoices": unpaid} if unpaid else None
    if kind == "customer":
        return {"customer": number} if await store.is_our_customer(service, restaurant_id, int(number)) else None
    numbers = numbers_of(integration)
    return {"product": number} if number in (numbers[GOODS], numbers[DELIVERY], numbers[ROUNDING]) else None


async def look(caller: Caller, facts: Mapping[str, object]) -> dict[str, object]:
    """What is there: invoices of our orders, or that a customer or a product is gone."""
    for thing in ("customer", "product"):
        if thing in facts:
            there = await calls.get(caller, f"/{thing}s", facts[thing])
            return {"gone": None if there else {thing: facts[thing]}}
    numbers = facts["invoices"]
    assert isinstance(numbers, list)
    invoices = [await calls.get(caller, "/invoices/booked", number) for number in numbers]
    return {"invoices": [told for invoice in invoices if invoice and (told := booked(invoice))]}


def booked(invoice: Mapping[str, Any]) -> dict[str, object] | None:
    """What FLOW keeps of a booked invoice or credit note; None of a draft, and of one that it did not make."""
    order_id = order_of(invoice)
    if order_id is None or "bookedInvoiceNumber" not in invoice:
        return None
    return {
        "order_id": str(order_id),
        "credit": credit_of(invoice),
        "booked_number": int(invoice["bookedInvoiceNumber"]),
        "gross": calls.ore(invoice.get("grossAmount", 0)),
        "remainder": calls.ore(invoice.get("remainder", 0)),
    }
