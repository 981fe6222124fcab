"""A draft invoice or credit note of an order: what is on it, and making it once.

e-conomic knows no idempotency keys, so the order's id stands in `references.other` of the invoice; drafts and booked
invoices are searched for it before one is made. Nor does it know credit notes as a kind of their own: an invoice whose
pieces are negative is one, and is printed as one (e-conomic's developer support on "Create credit notes via API").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from flow.collect.integrations.sentences import NO_CUSTOMER
from flow.collect.integrations.types import Caller
from flow.collect.providers.economic import calls
from flow.collect.providers.economic.vat import InvoiceLine, Sold, invoice_lines
from flow.web.i18n import N_

__all__ = ["REFERENCE", "InvoiceFacts", "Recipient", "credit_of", "make", "order_of", "reference_of"]

REFERENCE: Final = "flow:"
_CREDIT: Final = ":credit:"
_DRAFTS, _BOOKED = "/invoices/drafts", "/invoices/booked"
_FROM_TEMPLATE: Final = ("layout", "paymentTerms", "recipient")
_FOR_CUSTOMERS: Final = ("customer_group_number", "payment_terms_number", "vat_zone_number")
_CHOSEN: Final = {"layout": "layout_number", "paymentTerms": "payment_terms_number"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A guest who pays by invoice; None of it is sent for anybody else."""

    customer_id: UUID
    name: str
    email: str | None
    phone: str | None
    address: str | None
    postal_code: str | None
    city: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceFacts:
    """What an invoice is made of. `numbers` are the agreement's own, as the restaurant filled them in.

    `credit` is the number of a credit note among those of its order, 0 for the invoice itself; `total` is positive, and
    `is_negative` says that it is given back.
    """

    order_id: UUID
    credit: int = 0
    is_negative: bool = False
    day: date
    currency: str
    heading: str
    text: str
    sold: tuple[Sold, ...]
    vat_percent: Decimal
    total: int
    numbers: Mapping[str, str] = field(default_factory=dict)
    recipient: Recipient | None = None
    recipient_number: int | None = None


def reference_of(order_id: UUID, credit: int = 0) -> str:
    """What stands in `references.other`."""
    return f"{REFERENCE}{order_id}{_CREDIT}{credit}" if credit else f"{REFERENCE}{order_id}"


def order_of(invoice: Mapping[str, Any]) -> UUID | None:
    """The order that an invoice or credit note was made for; None for one that FLOW did not make."""
    other = str((invoice.get("references") or {}).get("other") or "")
    try:
        return UUID(other.removeprefix(REFERENCE).partition(_CREDIT)[0]) if other.startswith(REFERENCE) else None
    except ValueError:
        return None


def credit_of(invoice: Mapping[str, Any]) -> int:
    """Which of its order's credit notes FLOW made it as; 0 for the order's invoice."""
    number = str((invoice.get("references") or {}).get("other") or "").partition(_CREDIT)[2]
    return int(number) if number.isdecimal() else 0


async def make(caller: Caller, facts: InvoiceFacts) -> dict[str, object]:
    """The draft, made unless it is there: `draft_number` or `booked_number`, `gross`, the guest's number."""
    term = calls.searched("references.other", "eq", reference_of(facts.order_id, facts.credit))
    if booked := await calls.find(caller, _BOOKED, term):
        return {"booked_number": int(booked["bookedInvoiceNumber"]), **_sums(booked)}
    if draft := await calls.find(caller, _DRAFTS, term):
        return {"draft_number": int(draft["draftInvoiceNumber"]), **_sums(draft)}
    customer = await _customer(caller, facts)
    head = await _head(caller, customer, facts.numbers)
    made = await calls.create(caller, _DRAFTS, head | _body(facts, customer))
    known = {"customer_number": customer} if facts.recipient else {}
    return {"draft_number": int(made["draftInvoiceNumber"]), **_sums(made), **known}


def _sums(invoice: Mapping[str, Any]) -> dict[str, object]:
    gross = calls.ore(invoice.get("grossAmount", 0))
    return {"gross": gross, "remainder": calls.ore(invoice.get("remainder", invoice.get("grossAmount", 0)))}


def _body(facts: InvoiceFacts, customer: int) -> dict[str, object]:
    product = facts.numbers.get("rounding_product_number") or "FLOW-ROUNDING"
    lines = invoice_lines(facts.sold, vat_percent=facts.vat_percent, rounding_product=product)
    return {
        "date": facts.day.isoformat(),
        "currency": facts.currency,
        "customer": {"customerNumber": customer},
        "notes": {"heading": facts.heading, "textLine1": facts.text},
        "references": {"other": reference_of(facts.order_id, facts.credit)},
        "lines": [_line(place, line, facts) for place, line in enumerate(lines, 1)],
    }


def _line(place: int, line: InvoiceLine, facts: InvoiceFacts) -> dict[str, object]:
    return {
        "lineNumber": place,
        "product": {"productNumber": line.product},
        "description": line.description,
        "quantity": -line.quantity if facts.is_negative else line.quantity,
        # JSON has one kind of number; of two decimals a float is written as exactly those.
        "unitNetPrice": float(line.unit_net),
    }


async def _head(caller: Caller, customer: int, numbers: Mapping[str, str]) -> dict[str, object]:
    """Layout, terms and recipient as the agreement has them for the customer, but for what was chosen here."""
    template = await calls.get(caller, f"/customers/{customer}/templates", "invoice")
    if template is None:
        raise calls.RefusedByAgreement(NO_CUSTOMER % {"number": customer})
    head = {name: _plain(template[name]) for name in _FROM_TEMPLATE if template.get(name)}
    for name, key in _CHOSEN.items():
        if number := numbers.get(key):
            head[name] = {f"{name}Number": int(number)}
    if zone := numbers.get("vat_zone_number"):
        head["recipient"] = {**head.get("recipient", {}), "vatZone": {"vatZoneNumber": int(zone)}}
    return head


def _plain(value: Any) -> Any:
    """A part of a template as it may be sent back: nulls are refused, and addresses of the API say nothing new."""
    if not isinstance(value, dict):
        return value
    return {name: _plain(inner) for name, inner in value.items() if inner is not None and name != "self"}


async def _customer(caller: Caller, facts: InvoiceFacts) -> int:
    """The customer of the invoice: a guest's own number, else the one for everybody who has paid."""
    if facts.recipient is None:
        return int(facts.numbers["customer_number"])
    if facts.recipient_number is not None:
        return facts.recipient_number
    there = await _known_customer(caller, facts.recipient)
    if there is None:
        there = await calls.create(caller, "/customers", _new_customer(facts, facts.recipient))
    return int(there["customerNumber"])


async def _known_customer(caller: Caller, recipient: Recipient) -> dict[str, Any] | None:
    """The guest under the name that FLOW gave before: the answer may have been lost."""
    term = calls.searched("name", "eq", _customer_name(recipient))
    return await calls.find(caller, "/customers", term)


def _customer_name(recipient: Recipient) -> str:
    """With the last digits of our own id: two guests of one name are two customers."""
    return f"{recipient.name[:200]} ({recipient.customer_id.hex[-8:]})"


def _new_customer(facts: InvoiceFacts, recipient: Recipient) -> dict[str, object]:
    numbers = facts.numbers
    if not all(numbers.get(each, "").isdecimal() for each in _FOR_CUSTOMERS):
        raise calls.RefusedByAgreement(
            N_("Guests who pay by invoice need a customer group, payment terms and a VAT zone.")
        )
    optional = {
        "email": recipient.email,
        "address": recipient.address and recipient.address[:510],
        "zip": recipient.postal_code and recipient.postal_code[:30],
        "city": recipient.city and recipient.city[:50],
        "mobilePhone": recipient.phone and recipient.phone[:50],
    }
    return {
        "name": _customer_name(recipient),
        "currency": facts.currency,
        "customerGroup": {"customerGroupNumber": int(numbers["customer_group_number"])},
        "paymentTerms": {"paymentTermsNumber": int(numbers["payment_terms_number"])},
        "vatZone": {"vatZoneNumber": int(numbers["vat_zone_number"])},
        **{name: value for name, value in optional.items() if value},
    }
