"""Draft invoices: what they have to hold, and what they come to. Amounts are decimal kroner, lines without VAT."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from flow.demo.providers.books import Json
from flow.demo.providers.economic.agreement import Agreement
from flow.demo.providers.economic.errors import Faults, Refused

__all__ = ["check_draft", "totals"]

_LIMITS = {"heading": 250, "textLine1": 1000, "textLine2": 1000}
_RECIPIENT_LIMITS = {"address": 250, "zip": 50, "city": 50, "country": 50, "ean": 13}
_REFERENCES = (
    ("customer", "customerNumber", "customers"),
    ("layout", "layoutNumber", "layouts"),
    ("paymentTerms", "paymentTermsNumber", "payment-terms"),
)
_ORE = Decimal("0.01")
_DOMESTIC = 1


def check_draft(agreement: Agreement, draft: Json) -> None:
    """Refused with everything that is wrong with a draft."""
    faults = Faults()
    _check_nulls(draft, faults)
    if not isinstance(draft.get("currency"), str) or len(draft["currency"]) != 3:
        faults.add("currency", "E06000", "Currency is invalid.")
    _check_date(draft.get("date"), faults)
    for name, key, collection in _REFERENCES:
        number = _dict(draft.get(name)).get(key)
        if number is None:
            faults.add(name, "E04300", f"{name}.{key} is required.")
        elif agreement.find(collection, number) is None:
            faults.add(name, "E04310", f"{name} {number} does not exist.")
    _check_recipient(agreement, _dict(draft.get("recipient")), faults)
    _check_texts(draft, faults)
    for index, line in enumerate(draft.get("lines", [])):
        _check_line(agreement, line, index, faults)
    faults.refuse()


def totals(agreement: Agreement, draft: Json) -> Json:
    """netAmount, vatAmount and grossAmount. A line without a product counts for nothing, as at e-conomic itself."""
    is_domestic = draft["recipient"]["vatZone"]["vatZoneNumber"] == _DOMESTIC
    nets: dict[int, Decimal] = {}
    for line in draft.get("lines", []):
        product = agreement.find("products", _dict(line.get("product")).get("productNumber"))
        if product is None:
            continue
        group = agreement.get("product-groups", product["productGroup"]["productGroupNumber"])
        percent = int(group["_vat_percent"]) if is_domestic else 0
        nets[percent] = nets.get(percent, Decimal(0)) + _net_of(line)
    net = sum(nets.values(), Decimal(0))
    vat = sum((_rounded(amount * percent / 100) for percent, amount in nets.items()), Decimal(0))
    return {"netAmount": float(net), "vatAmount": float(vat), "grossAmount": float(net + vat), "roundingAmount": 0.0}


def _net_of(line: Json) -> Decimal:
    quantity, price = _decimal(line.get("quantity", 1)), _decimal(line.get("unitNetPrice", 0))
    return _rounded(quantity * price * (100 - _decimal(line.get("discountPercentage", 0))) / 100)


def _check_date(day: object, faults: Faults) -> None:
    try:
        date.fromisoformat(str(day))
    except ValueError:
        faults.add("date", "E04340", "date is required, as YYYY-MM-DD.")


def _check_recipient(agreement: Agreement, recipient: Json, faults: Faults) -> None:
    if not recipient.get("name"):
        faults.add("recipient", "E04350", "recipient.name is required.")
    zone = _dict(recipient.get("vatZone")).get("vatZoneNumber")
    if zone is None or agreement.find("vat-zones", zone) is None:
        faults.add("recipient", "E04360", "recipient.vatZone.vatZoneNumber is required.")
    for name, limit in _RECIPIENT_LIMITS.items():
        if len(str(recipient.get(name, ""))) > limit:
            faults.add("recipient", "E00500", f"recipient.{name} may have at most {limit} characters.")


def _check_texts(draft: Json, faults: Faults) -> None:
    for name, limit in _LIMITS.items():
        if len(_dict(draft.get("notes")).get(name, "")) > limit:
            faults.add("notes", "E00500", f"notes.{name} may have at most {limit} characters.")
    if len(_dict(draft.get("references")).get("other", "")) > 250:
        faults.add("references", "E00500", "references.other may have at most 250 characters.")


def _check_line(agreement: Agreement, line: Json, index: int, faults: Faults) -> None:
    number = _dict(line.get("product")).get("productNumber")
    if "quantity" in line and number is None:
        faults.add("quantity", "E04730", "Quantity is not allowed on a line without a product.", line=index)
    if number is not None and agreement.find("products", number) is None:
        faults.add("product", "E04710", f"Product {number} does not exist.", line=index)
    if number is not None and not line.get("description"):
        faults.add("description", "E04720", "A line with a product needs a description.", line=index)
    if len(line.get("description", "")) > 2500:
        faults.add("description", "E00500", "description may have at most 2500 characters.", line=index)
    if -_decimal(line.get("unitNetPrice", 0)).normalize().as_tuple().exponent > 2:  # type: ignore[operator]
        faults.add("unitNetPrice", "E04740", "unitNetPrice may have at most 2 decimals.", line=index)


def _check_nulls(value: object, faults: Faults, path: str = "") -> None:
    if value is None:
        faults.add(path, "E00140", "null is not allowed; leave the property out.")
    for name, inner in value.items() if isinstance(value, dict) else ():
        _check_nulls(inner, faults, f"{path}.{name}".lstrip("."))


def _dict(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _decimal(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise Refused(400, "A number was expected.", code="E00150")
    return Decimal(value)


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(_ORE, ROUND_HALF_UP)
