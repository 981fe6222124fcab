"""The settings page of payments: where a provider and FLOW say different things."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from flow.access.choosing import choose_workplace
from flow.collect.payments import store
from flow.collect.payments.types import Difference
from flow.delivery.dashboards.labels import PAYMENT_STATUSES
from flow.delivery.integrations.labels import NAMES
from flow.kit.money import Money, is_currency
from flow.web.i18n import N_, Translator
from flow.web.pages import translator
from flow.web.sections import settings_page
from flow.web.services import services
from flow.web.transactions import UserTransaction

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_MOST: Final = 200
_FIELDS: Final = {
    "status": N_("State"),
    "amount": N_("Amount"),
    "captured": N_("Captured"),
    "refunded": N_("Refunded"),
    "payment": N_("Payment"),
    "gross": N_("Amount"),
    "invoice": N_("Invoice"),
    "invoices": N_("Invoices"),
    "credit note": N_("Credit note"),
    "credit notes": N_("Credit notes"),
}
_IN_ORE: Final = frozenset({"captured", "refunded", "gross"})


@router.get("/settings/payments", response_class=HTMLResponse)
async def differences_page(
    request: Request, transaction: UserTransaction, restaurant: UUID | None = None
) -> HTMLResponse:
    """What the last comparison with each provider found and no later one has settled. Needs payments.read."""
    choice = await choose_workplace(transaction, "payments.read", restaurant)
    words = translator(request)
    found = await store.open_differences(transaction, choice.chosen.id, most=_MOST)
    return settings_page(
        request,
        transaction,
        "payment_differences.html",
        title=words.gettext("Payments"),
        restaurant=choice.chosen,
        choices=choice.all,
        differences=[_in_words(each, words) for each in found],
        now=services(request).clock.now(),
    )


def _in_words(difference: Difference, words: Translator) -> dict[str, object]:
    return {
        "provider": NAMES.get(difference.provider, difference.provider),
        "object_id": difference.object_id,
        "field": words.gettext(_FIELDS.get(difference.field, difference.field)),
        "ours": _value(difference.field, difference.ours, words),
        "theirs": _value(difference.field, difference.theirs, words),
        "found_at": difference.found_at,
    }


def _value(field: str, value: str | None, words: Translator) -> str:
    """Øre as money, a state in words, and a dash for what is not there."""
    if value is None:
        return "–"
    amount, _, currency = value.partition(" ")
    if field in _IN_ORE and value.isdigit():
        return words.money(Money(int(value), "DKK"))
    if field == "amount" and amount.isdigit() and is_currency(currency):
        return words.money(Money(int(amount), currency))
    return words.gettext(PAYMENT_STATUSES[value]) if value in PAYMENT_STATUSES else value
