"""The calls that FLOW makes to Stripe: form-encoded, with an idempotency key out of FLOW's own rows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from flow.business.orders.paying import hear, hear_refund
from flow.business.payments.types import OnlinePayment, Refund, Told
from flow.collect.integrations.errors import CallRefused, ConnectionRefused, ProviderAway
from flow.collect.integrations.sentences import ANSWERED, REFUSES
from flow.collect.integrations.types import Answer, Call, Caller, Field, Integration, Queued
from flow.collect.payments.errands import REFUSED, Terms, facts_of, payment_in, refund_in, said_no, seen
from flow.collect.payments.types import Checkout, Purchase, Theirs
from flow.collect.providers.stripe import payload
from flow.collect.providers.stripe.telling import told_by_intent, told_refund
from flow.database.transaction import Transaction
from flow.errors import InvalidInput
from flow.kit.clock import Clock, SystemClock
from flow.web.i18n import N_

__all__ = ["StripeCalls"]

_VERSION: Final = "2026-06-24.dahlia"
_INTENTS: Final = "/v1/payment_intents"
_REFUNDS: Final = "/v1/refunds"
_SESSIONS: Final = "/v1/checkout/sessions"
_OPEN_FOR: Final = timedelta(hours=1)  # Stripe takes half an hour at least
_PAGE: Final = 100
_BUSY: Final = (409, 429)
_REFUSALS: Final = (401, 403)


class StripeCalls:
    """Stripe as a system that is called, and through which guests pay."""

    name: Final = "stripe"
    kind: Final = "payment"
    base_url: Final = "https://api.stripe.com"
    fields: Final = (
        Field(
            name="secret_key",
            label=N_("Secret key"),
            help=N_("From Stripe under Developers, API keys. It begins with sk_ or rk_."),
        ),
        Field(
            name="webhook_secret",
            label=N_("Signing secret"),
            help=N_(
                "From Stripe under Developers, Webhooks, once the address below is entered. It begins with whsec_."
            ),
            is_required=False,  # Stripe tells it for an address, and there is one only once this is connected
        ),
    )

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()

    def authorise(self, call: Call, integration: Integration, credentials: Mapping[str, str]) -> Call:
        """The call with the secret key, pinned to the version whose objects FLOW reads."""
        proof = {"Authorization": f"Bearer {credentials.get('secret_key', '')}", "Stripe-Version": _VERSION}
        return replace(call, headers={**call.headers, **proof})

    async def test(self, caller: Caller, integration: Integration) -> None:
        """Asks for the balance."""
        answer = await caller(Call(method="GET", path="/v1/balance", name="/v1/balance", repeatable=True))
        if answer.status in _REFUSALS:
            raise ConnectionRefused(N_("Stripe does not accept this secret key."))
        if not answer.is_success:
            raise ConnectionRefused(ANSWERED % {"system": "Stripe", "status": answer.status})

    async def open_checkout(self, caller: Caller, purchase: Purchase) -> Checkout:
        """A Checkout Session that reserves the money; the same one for every try of a payment."""
        payment = purchase.payment
        call = Call(
            method="POST",
            path=_SESSIONS,
            name=_SESSIONS,
            form=_session_form(purchase),
            idempotency_key=f"checkout:{payment.id}",
            repeatable=True,
        )
        session = _read(payload.Session, await _ask(caller, call))
        if session.url is None:
            raise CallRefused(N_("Stripe's page for this payment is closed."))
        return Checkout(id=session.id, url=session.url, number=session.payment_intent)

    async def facts(self, transaction: Transaction, queued: Queued) -> Mapping[str, object] | None:
        """The payment, and the refund if it is about one; None when there is nothing to do any more."""
        return await facts_of(transaction, queued)

    async def perform(self, caller: Caller, queued: Queued, facts: Mapping[str, object]) -> Mapping[str, object]:
        """Captures, cancels, refunds or looks; answers Stripe's object, or the code with which it refused."""
        payment = payment_in(facts)
        match queued.kind:
            case "capture":
                return await self._do_and_look(caller, payment, f"{_number(payment)}/capture", f"capture:{payment.id}")
            case "cancel":
                return await self._cancel(caller, payment)
            case "refund":
                return await self._refund(caller, payment, refund_in(facts))
            case "look":
                return await self._look(caller, payment)
        raise InvalidInput(f"Stripe has no call of kind {queued.kind}.")

    async def conclude(self, transaction: Transaction, queued: Queued, result: Mapping[str, object]) -> None:
        """Writes what Stripe's object says of the payment, and tells people of a refusal."""
        facts = await facts_of(transaction, queued, is_over=True)
        if facts is None:
            return
        payment = payment_in(facts)
        if REFUSED in result:
            await said_no(transaction, queued, facts, str(result[REFUSED]), clock=self._clock)
        if "refund" in result:
            refund = told_refund(msgspec.convert(result["refund"], payload.Refund))
            await hear_refund(transaction, payment, replace(refund, id=refund_in(facts).id), clock=self._clock)
        elif "intent" in result:
            intent = msgspec.convert(result["intent"], payload.Intent)
            told = told_by_intent(intent, self._clock.now())
            terms = Terms(intent.id, intent.amount if told.captured is None else told.captured, intent.currency)
            await seen(transaction, payment, terms, told, clock=self._clock)
            for each in msgspec.convert(result.get("refunds", []), list[payload.Refund]):
                await hear_refund(transaction, payment, told_refund(each), clock=self._clock)
        elif result.get("session") == "expired":
            await hear(transaction, payment, Told(at=self._clock.now(), status="expired"), clock=self._clock)

    async def books(
        self, caller: Caller, integration: Integration, payments: list[OnlinePayment], *, since: datetime
    ) -> AsyncIterator[Theirs]:
        """Every PaymentIntent since a moment; refunds are not among what Stripe lists here."""
        after: dict[str, str] = {}
        while True:
            query = {"created[gte]": str(int(since.timestamp())), "limit": str(_PAGE), **after}
            call = Call(method="GET", path=_INTENTS, name=_INTENTS, query=query, repeatable=True)
            page = _read(_IntentPage, await _ask(caller, call))
            for intent in page.data:
                yield _theirs(intent)
            if not page.has_more or not page.data:
                return
            after = {"starting_after": page.data[-1].id}

    async def _cancel(self, caller: Caller, payment: OnlinePayment) -> Mapping[str, object]:
        """A reservation is let go; before there is one, the page on which the guest pays is closed."""
        if payment.status == "authorized" or payment.checkout_id is None:
            return await self._do_and_look(caller, payment, f"{_number(payment)}/cancel", f"cancel:{payment.id}")
        path = f"{_SESSIONS}/{payment.checkout_id}/expire"
        call = Call(method="POST", path=path, name=f"{_SESSIONS}/expire", form={}, repeatable=True)
        _away(await caller(call))
        return await self._look(caller, payment)

    async def _refund(self, caller: Caller, payment: OnlinePayment, refund: Refund) -> Mapping[str, object]:
        call = Call(
            method="POST",
            path=_REFUNDS,
            name=_REFUNDS,
            form={
                "payment_intent": payment.provider_transaction_id or "",
                "amount": str(refund.amount),
                "reason": "requested_by_customer",
                "metadata[refund_id]": str(refund.id),
                "metadata[payment_id]": str(payment.id),
                "metadata[restaurant_id]": str(payment.restaurant_id),
            },
            idempotency_key=f"refund:{refund.id}",
            repeatable=True,
        )
        answer = await caller(call)
        _away(answer)
        return {"refund": _kept(_read(payload.Refund, answer))} if answer.is_success else {REFUSED: _code(answer)}

    async def _do_and_look(self, caller: Caller, payment: OnlinePayment, step: str, key: str) -> Mapping[str, object]:
        """A step of the intent. When it is refused the intent may be there already, as after a crash: look."""
        name = f"{_INTENTS}/{step.rpartition('/')[2]}"
        call = Call(method="POST", path=f"{_INTENTS}/{step}", name=name, form={}, idempotency_key=key, repeatable=True)
        answer = await caller(call)
        _away(answer)
        if answer.is_success:
            return {"intent": _kept(_read(payload.Intent, answer))}
        found = await self._look(caller, payment)
        return found if _is_over(found) else {**found, REFUSED: _code(answer)}

    async def _look(self, caller: Caller, payment: OnlinePayment) -> Mapping[str, object]:
        number, session = payment.provider_transaction_id, None
        if number is None:
            path = f"{_SESSIONS}/{payment.checkout_id}"
            call = Call(method="GET", path=path, name=f"{_SESSIONS}/…", repeatable=True)
            session = _read(payload.Session, await _ask(caller, call))
            number = session.payment_intent
        if number is None or (session is not None and session.status == "expired"):
            return {"session": session.status if session else None}
        call = Call(method="GET", path=f"{_INTENTS}/{number}", name=f"{_INTENTS}/…", repeatable=True)
        found = {"intent": _kept(_read(payload.Intent, await _ask(caller, call)))}
        return {**found, "refunds": await self._refunds(caller, number)} if payment.captured_amount else found

    async def _refunds(self, caller: Caller, number: str) -> list[Mapping[str, object]]:
        """All refunds of a payment; more than a page of them there are never."""
        query = {"payment_intent": number, "limit": str(_PAGE)}
        call = Call(method="GET", path=_REFUNDS, name=_REFUNDS, query=query, repeatable=True)
        return [_kept(each) for each in _read(_RefundPage, await _ask(caller, call)).data]


class _RefundPage(msgspec.Struct, frozen=True):
    data: list[payload.Refund]


class _IntentPage(msgspec.Struct, frozen=True):
    data: list[payload.Intent]
    has_more: bool = False


def _session_form(purchase: Purchase) -> dict[str, str]:
    payment = purchase.payment
    ids = {
        "payment_id": str(payment.id),
        "order_id": str(payment.order_id),
        "restaurant_id": str(payment.restaurant_id),
    }
    price = "line_items[0][price_data]"
    return {
        "mode": "payment",
        "client_reference_id": str(payment.id),
        "success_url": purchase.return_url,
        "cancel_url": purchase.return_url,
        "expires_at": str(int((payment.initiated_at + _OPEN_FOR).timestamp())),
        "locale": purchase.language,
        "line_items[0][quantity]": "1",
        f"{price}[currency]": payment.currency.lower(),
        f"{price}[unit_amount]": str(payment.amount),
        f"{price}[product_data][name]": purchase.description,
        "payment_intent_data[capture_method]": "manual",
        "payment_intent_data[description]": purchase.description,
        **{f"payment_intent_data[metadata][{name}]": value for name, value in ids.items()},
        **{f"metadata[{name}]": value for name, value in ids.items()},
    }


async def _ask(caller: Caller, call: Call) -> Answer:
    """A successful answer; CallRefused or ProviderAway otherwise."""
    answer = await caller(call)
    _away(answer)
    if not answer.is_success:
        raise CallRefused(REFUSES % {"system": "Stripe", "why": _code(answer)})
    return answer


def _away(answer: Answer) -> None:
    """ProviderAway for an answer that says nothing about the request, and is to be tried again."""
    if answer.status >= 500 or answer.status in _BUSY:
        raise ProviderAway(ANSWERED % {"system": "Stripe", "status": answer.status}, is_ambiguous=True)


def _read(kind: type[payload.Part], answer: Answer) -> payload.Part:
    try:
        return msgspec.convert(answer.body, kind)
    except msgspec.ValidationError as error:
        raise ProviderAway("Stripe's answer cannot be read.", is_ambiguous=True) from error


def _kept(part: msgspec.Struct) -> dict[str, object]:
    """What is kept of an object: what FLOW reads of it, which names no person."""
    kept: dict[str, object] = msgspec.to_builtins(part)
    return kept


def _code(answer: Answer) -> str:
    """Stripe's word for why, without the text, which may name a card."""
    error = answer.body.get("error") if isinstance(answer.body, dict) else None
    found = error.get("decline_code") or error.get("code") or error.get("type") if isinstance(error, dict) else None
    return str(found or answer.status)


def _number(payment: OnlinePayment) -> str:
    if payment.provider_transaction_id is None:
        raise CallRefused(N_("Stripe has no number for this payment yet."))
    return payment.provider_transaction_id


def _is_over(found: Mapping[str, object]) -> bool:
    intent = found.get("intent")
    return isinstance(intent, dict) and intent.get("status") in ("succeeded", "canceled")


def _theirs(intent: payload.Intent) -> Theirs:
    return Theirs(
        number=intent.id,
        payment_id=payload.uuid_of(intent.metadata, "payment_id"),
        status=told_by_intent(intent, datetime.now(UTC)).status,
        amount=intent.amount,
        captured=intent.amount_received,
        refunded=None,
        currency=intent.currency.upper(),
    )
