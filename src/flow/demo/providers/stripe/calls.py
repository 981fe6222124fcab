"""The calls that Stripe takes: what they are given, and what they do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flow.demo.providers.books import Json
from flow.demo.providers.stripe.errors import StripeError, invalid
from flow.demo.providers.stripe.forms import amount_of, refuse_unknown, required
from flow.demo.providers.stripe.life import Life
from flow.demo.providers.stripe.objects import public

__all__ = ["CALLS", "Arguments", "Handler"]


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a call was given in body or query, and in its path."""

    parameters: Json
    path: dict[str, str]


Handler = Callable[[Life, Arguments], Json]


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CURRENCIES = frozenset({"dkk", "eur", "nok", "sek", "usd"})
_SMALLEST_DKK = 250
_REASONS = frozenset({"duplicate", "fraudulent", "requested_by_customer"})
_CANCEL_REASONS = frozenset({"duplicate", "fraudulent", "requested_by_customer", "abandoned"})
_CREATE = _names(
    "amount currency automatic_payment_methods capture_method metadata description confirm return_url payment_method "
    "payment_method_types payment_method_data payment_method_options customer receipt_email statement_descriptor "
    "statement_descriptor_suffix confirmation_method setup_future_usage shipping off_session expand"
)
_CONFIRM = _names("return_url payment_method payment_method_data payment_method_types receipt_email expand")
_REFUND = _names("payment_intent charge amount reason metadata refund_application_fee reverse_transfer expand")
_SESSION = _names(
    "mode line_items success_url cancel_url payment_intent_data metadata client_reference_id customer_email "
    "customer payment_method_types locale expires_at submit_type billing_address_collection phone_number_collection "
    "expand"
)
_LIST = _names("limit starting_after ending_before created customer payment_intent charge expand")


def _create_intent(life: Life, given: Arguments) -> Json:
    refuse_unknown(given.parameters, _CREATE)
    amount = amount_of(required(given.parameters, "amount"), "amount")
    currency = required(given.parameters, "currency")
    _check_price(amount, currency)
    confirm = given.parameters.get("confirm") == "true"
    if confirm and not given.parameters.get("return_url"):
        raise invalid("This PaymentIntent needs a `return_url` to be confirmed.", param="return_url")
    made = life.create_intent(amount, currency, given.parameters)
    return public(life.send_to_page(made, given.parameters["return_url"]) if confirm else made)


def _confirm_intent(life: Life, given: Arguments) -> Json:
    refuse_unknown(given.parameters, _CONFIRM)
    intent = life.find("payment_intent", given.path["id"])
    return public(life.send_to_page(intent, required(given.parameters, "return_url")))


def _capture_intent(life: Life, given: Arguments) -> Json:
    refuse_unknown(given.parameters, frozenset({"amount_to_capture", "metadata", "final_capture", "expand"}))
    amount = given.parameters.get("amount_to_capture")
    wanted = None if amount is None else amount_of(amount, "amount_to_capture")
    return public(life.capture(life.find("payment_intent", given.path["id"]), wanted))


def _cancel_intent(life: Life, given: Arguments) -> Json:
    refuse_unknown(given.parameters, frozenset({"cancellation_reason", "expand"}))
    reason = given.parameters.get("cancellation_reason")
    if reason is not None and reason not in _CANCEL_REASONS:
        raise invalid("Invalid cancellation_reason.", param="cancellation_reason")
    return public(life.cancel(life.find("payment_intent", given.path["id"]), reason))


def _create_refund(life: Life, given: Arguments) -> Json:
    refuse_unknown(given.parameters, _REFUND)
    reason, amount = given.parameters.get("reason"), given.parameters.get("amount")
    if reason is not None and reason not in _REASONS:
        raise invalid("Invalid reason.", param="reason")
    wanted = None if amount is None else amount_of(amount, "amount")
    return public(life.refund(_charge(life, given.parameters), wanted, given.parameters))


def _charge(life: Life, parameters: Json) -> Json:
    if "charge" in parameters:
        return life.find("charge", parameters["charge"])
    intent = life.find("payment_intent", required(parameters, "payment_intent"))
    if intent["latest_charge"] is None:
        raise StripeError(400, "invalid_request_error", "This PaymentIntent does not have a successful charge.")
    return life.find("charge", intent["latest_charge"])


def _create_session(life: Life, given: Arguments) -> Json:
    refuse_unknown(given.parameters, _SESSION)
    if required(given.parameters, "mode") != "payment":
        raise invalid("Only mode payment is simulated.", param="mode")
    required(given.parameters, "success_url")
    lines = list(given.parameters.get("line_items", {}).values())
    if not lines:
        raise invalid("Missing required param: line_items.", param="line_items", code="parameter_missing")
    prices = [line.get("price_data", {}) for line in lines]
    currencies = {required(price, "currency") for price in prices}
    if len(currencies) > 1:
        raise invalid("All line items must have the same currency.", param="line_items")
    amount = sum(
        amount_of(required(price, "unit_amount"), "unit_amount") * amount_of(line.get("quantity", "1"), "quantity")
        for line, price in zip(lines, prices, strict=True)
    )
    currency = currencies.pop()
    _check_price(amount, currency)
    return public(life.create_session(amount, currency, given.parameters))


def _check_price(amount: int, currency: str) -> None:
    if currency not in _CURRENCIES:
        raise invalid(f"Invalid currency: {currency}.", param="currency")
    if currency == "dkk" and amount < _SMALLEST_DKK:
        raise invalid("Amount must be at least 2.50 kr. dkk", param="amount", code="amount_too_small")


def _one(kind: str) -> Handler:
    return lambda life, given: public(life.find(kind, given.path["id"]))


def _list(kind: str, url: str) -> Handler:
    def listed(life: Life, given: Arguments) -> Json:
        refuse_unknown(given.parameters, _LIST)
        things = [thing for thing in life.of_kind(kind) if _fits(thing, given.parameters)]
        after = given.parameters.get("starting_after")
        if after is not None:
            numbers = [thing["id"] for thing in things]
            things = things[numbers.index(after) + 1 :] if after in numbers else []
        limit = min(int(given.parameters.get("limit", "10")), 100)
        page = [public(thing) for thing in things[:limit]]
        return {"object": "list", "data": page, "has_more": len(things) > limit, "url": url}

    return listed


def _fits(thing: Json, parameters: Json) -> bool:
    created = parameters.get("created", {})
    bounds = created if isinstance(created, dict) else {"gte": created, "lte": created}
    tests = {"gt": int.__gt__, "gte": int.__ge__, "lt": int.__lt__, "lte": int.__le__}
    within = all(tests[name](thing["created"], int(value)) for name, value in bounds.items())
    return within and all(
        thing.get(name) == parameters[name] for name in ("payment_intent", "charge", "customer") if name in parameters
    )


CALLS: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "/v1/payment_intents", _create_intent),
    ("GET", "/v1/payment_intents", _list("payment_intent", "/v1/payment_intents")),
    ("GET", "/v1/payment_intents/{id}", _one("payment_intent")),
    ("POST", "/v1/payment_intents/{id}/confirm", _confirm_intent),
    ("POST", "/v1/payment_intents/{id}/capture", _capture_intent),
    ("POST", "/v1/payment_intents/{id}/cancel", _cancel_intent),
    ("POST", "/v1/refunds", _create_refund),
    ("GET", "/v1/refunds", _list("refund", "/v1/refunds")),
    ("GET", "/v1/refunds/{id}", _one("refund")),
    ("GET", "/v1/charges", _list("charge", "/v1/charges")),
    ("GET", "/v1/charges/{id}", _one("charge")),
    ("POST", "/v1/checkout/sessions", _create_session),
    ("GET", "/v1/checkout/sessions/{id}", _one("checkout.session")),
    (
        "POST",
        "/v1/checkout/sessions/{id}/expire",
        lambda life, given: public(life.expire_session(life.find("checkout.session", given.path["id"]))),
    ),
    (
        "GET",
        "/v1/account",
        lambda life, _: {"id": life.account["number"], "object": "account", "country": "DK", "default_currency": "dkk"},
    ),
    ("GET", "/v1/balance", lambda _, __: {"object": "balance", "available": [], "pending": [], "livemode": False}),
)
