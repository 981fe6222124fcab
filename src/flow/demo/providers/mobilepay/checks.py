"""What a payment has to be like before Vipps MobilePay makes it."""

from __future__ import annotations

import re

from flow.demo.providers.books import Json
from flow.demo.providers.mobilepay.errors import bad_field

__all__ = ["check_amount", "check_payment"]

_REFERENCE = re.compile(r"^[a-zA-Z0-9-]{8,50}$")
_PHONE = re.compile(r"^\d{10,15}$")
_CURRENCIES = ("NOK", "DKK", "EUR")
_FLOWS = ("WEB_REDIRECT", "NATIVE_REDIRECT", "PUSH_MESSAGE", "QR")
_CUSTOMERS = {"phoneNumber", "personalQr", "customerToken"}
_MOST = 65_000_000


def check_payment(body: Json) -> None:
    """Raises Problem for the first field that does not fit."""
    for name in ("amount", "paymentMethod", "reference", "userFlow"):
        if name not in body:
            raise bad_field(name, "is required")
    check_amount("amount", body["amount"], least=0)
    if not isinstance(body["reference"], str) or not _REFERENCE.match(body["reference"]):
        raise bad_field("reference", "must match ^[a-zA-Z0-9-]{8,50}$")
    if body["paymentMethod"].get("type") not in ("WALLET", "CARD"):
        raise bad_field("paymentMethod.type", "must be WALLET or CARD")
    if body["userFlow"] not in _FLOWS:
        raise bad_field("userFlow", f"must be one of {', '.join(_FLOWS)}")
    if body["userFlow"] == "WEB_REDIRECT" and not body.get("returnUrl"):
        raise bad_field("returnUrl", "is required for WEB_REDIRECT")
    _check_customer(body.get("customer"))
    _check_texts(body)


def check_amount(name: str, amount: object, *, least: int) -> int:
    """The value in the smallest unit."""
    if not isinstance(amount, dict) or amount.get("currency") not in _CURRENCIES:
        raise bad_field(f"{name}.currency", f"must be one of {', '.join(_CURRENCIES)}")
    value = amount.get("value")
    if type(value) is not int or not least <= value <= _MOST:
        raise bad_field(f"{name}.value", f"must be an integer from {least} to {_MOST}")
    return value


def _check_customer(customer: object) -> None:
    if customer is None:
        return
    if not isinstance(customer, dict) or len(customer) != 1 or not customer.keys() <= _CUSTOMERS:
        raise bad_field("customer", "must hold exactly one of phoneNumber, personalQr, customerToken")
    phone = customer.get("phoneNumber")
    if phone is not None and not (isinstance(phone, str) and _PHONE.match(phone)):
        raise bad_field("customer.phoneNumber", "must match ^\\d{10,15}$")


def _check_texts(body: Json) -> None:
    description = body.get("paymentDescription")
    if description is not None and not 3 <= len(description) <= 100:
        raise bad_field("paymentDescription", "must have 3 to 100 characters")
    metadata = body.get("metadata", {})
    if len(metadata) > 5 or any(len(key) > 100 or len(str(value)) > 500 for key, value in metadata.items()):
        raise bad_field("metadata", "at most 5 pairs, keys up to 100 and values up to 500 characters")
    if "expiresAt" in body and body["userFlow"] not in ("PUSH_MESSAGE", "QR"):
        raise bad_field("expiresAt", "only with PUSH_MESSAGE or QR")
