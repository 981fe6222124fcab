"""Stripe's objects as it writes them."""

from __future__ import annotations

from datetime import datetime

from flow.demo.providers.books import Json
from flow.demo.providers.world import identifier

__all__ = ["API_VERSION", "charge", "dispute", "event", "intent", "public", "refund", "session"]

API_VERSION = "2026-06-24.dahlia"


def public(thing: Json) -> Json:
    """An object without what the simulator notes for itself."""
    return {key: value for key, value in thing.items() if not key.startswith("_")}


def intent(account: str, *, amount: int, currency: str, now: datetime, parameters: Json) -> Json:
    """A payment intent that waits for a way to pay."""
    number = identifier("pi_")
    return {
        "id": number,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": {"enabled": True},
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": parameters.get("capture_method", "automatic"),
        "client_secret": identifier(f"{number}_secret_"),
        "confirmation_method": "automatic",
        "created": int(now.timestamp()),
        "currency": currency,
        "customer": None,
        "description": parameters.get("description"),
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": dict(parameters.get("metadata", {})),
        "next_action": None,
        "payment_method": None,
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "processing": None,
        "receipt_email": parameters.get("receipt_email"),
        "status": "requires_payment_method",
        "transfer_group": None,
        "_account": account,
        "_return_url": parameters.get("return_url"),
    }


def charge(intent: Json, now: datetime) -> Json:
    """What a card was asked for."""
    return {
        "id": identifier("ch_"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "balance_transaction": None,
        "captured": False,
        "created": int(now.timestamp()),
        "currency": intent["currency"],
        "disputed": False,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "paid": True,
        "payment_intent": intent["id"],
        "payment_method_details": {
            "type": "card",
            "card": {"brand": "visa", "last4": "4242", "country": "DK", "exp_month": 12, "exp_year": 2030},
        },
        "refunded": False,
        "status": "succeeded",
        "_account": intent["_account"],
    }


def refund(charge: Json, amount: int, *, now: datetime, parameters: Json) -> Json:
    """Money on its way back."""
    return {
        "id": identifier("re_"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": identifier("txn_"),
        "charge": charge["id"],
        "created": int(now.timestamp()),
        "currency": charge["currency"],
        "destination_details": {"card": {"type": "refund"}, "type": "card"},
        "metadata": dict(parameters.get("metadata", {})),
        "payment_intent": charge["payment_intent"],
        "reason": parameters.get("reason"),
        "status": "succeeded",
        "_account": charge["_account"],
    }


def dispute(charge: Json, now: datetime) -> Json:
    """A guest's bank wants the money back."""
    return {
        "id": identifier("dp_"),
        "object": "dispute",
        "amount": charge["amount_captured"],
        "charge": charge["id"],
        "created": int(now.timestamp()),
        "currency": charge["currency"],
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "reason": "fraudulent",
        "status": "needs_response",
        "_account": charge["_account"],
    }


def session(account: str, *, amount: int, currency: str, now: datetime, parameters: Json) -> Json:
    """A checkout session: a page of Stripe's own on which one pays."""
    return {
        "id": identifier("cs_test_", 40),
        "object": "checkout.session",
        "amount_subtotal": amount,
        "amount_total": amount,
        "cancel_url": parameters.get("cancel_url"),
        "client_reference_id": parameters.get("client_reference_id"),
        "created": int(now.timestamp()),
        "currency": currency,
        "expires_at": int(parameters.get("expires_at", int(now.timestamp()) + 24 * 3600)),
        "livemode": False,
        "metadata": dict(parameters.get("metadata", {})),
        "mode": "payment",
        "payment_intent": None,
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "status": "open",
        "success_url": parameters.get("success_url"),
        "_account": account,
        "_intent": parameters.get("payment_intent_data", {}),
    }


def event(kind: str, thing: Json, *, now: datetime, request: Json, previous: Json | None = None) -> Json:
    """A snapshot of an object, as it is told about."""
    data: Json = {"object": public(thing)}
    if previous is not None:
        data["previous_attributes"] = previous
    return {
        "id": identifier("evt_"),
        "object": "event",
        "api_version": API_VERSION,
        "created": int(now.timestamp()),
        "data": data,
        "livemode": False,
        "pending_webhooks": 1,
        "request": request,
        "type": kind,
    }
