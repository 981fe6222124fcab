"""Where a provider shows what FLOW knows by number: a payment, a draft invoice."""

from __future__ import annotations

from urllib.parse import quote

from flow.business.payments.types import Payment
from flow.collect.providers.economic.types import InvoiceDraft
from flow.settings import Settings

__all__ = ["PROVIDER_NAMES", "invoice_page", "payment_page"]

PROVIDER_NAMES = {"stripe": "Stripe", "mobilepay": "Vipps MobilePay"}

# How the simulated providers name the rows of their page.
_SIMULATED = {"stripe": "payment_intent", "mobilepay": "reference"}


def payment_page(settings: Settings, payment: Payment) -> str | None:
    """The payment at its provider; None where it has no page that can be named."""
    number = payment.provider_transaction_id
    if not number or payment.provider not in _SIMULATED:
        return None
    if settings.provider_simulator:
        return _simulated(settings, _SIMULATED[payment.provider], number)
    return f"https://dashboard.stripe.com/payments/{quote(number)}" if payment.provider == "stripe" else None


def invoice_page(settings: Settings, invoice: InvoiceDraft) -> str | None:
    """The invoice or its draft in the simulated accounting system; e-conomic's own pages have no address to link to."""
    if not settings.provider_simulator:
        return None
    if invoice.booked_number:
        return _simulated(settings, "invoice", str(invoice.booked_number))
    return _simulated(settings, "draft", str(invoice.draft_number)) if invoice.draft_number else None


def _simulated(settings: Settings, kind: str, number: str) -> str:
    return f"{(settings.provider_simulator or '').rstrip('/')}/#{kind}-{quote(number)}"
