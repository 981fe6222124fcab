"""The calls that FLOW makes to Vipps MobilePay: an access token first, then ePayment; totals are always read anew."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

import msgspec

from flow.business.orders.paying import hear_refund
from flow.business.payments.types import OnlinePayment, ToldRefund
from flow.collect.integrations.errors import CallRefused, ConnectionRefused, ProviderAway
from flow.collect.integrations.sentences import ANSWERED, NO_ADDRESS, REFUSES
from flow.collect.integrations.types import Answer, Call, Caller, Field, Integration, Queued
from flow.collect.payments.errands import REFUSED, Terms, facts_of, payment_in, refund_in, said_no, seen
from flow.collect.payments.types import Checkout, Purchase, Theirs
from flow.collect.providers.mobilepay import payload, signature
from flow.collect.providers.mobilepay.telling import told_by_payment
from flow.database.transaction import Transaction
from flow.errors import InvalidInput
from flow.kit.clock import Clock, SystemClock
from flow.web.i18n import N_

__all__ = ["MobilePayCalls", "reference_of"]

_Part = TypeVar("_Part", bound=msgspec.Struct)

_PAYMENTS: Final = "/epayment/v1/payments"
_HOOKS: Final = "/webhooks/v1/webhooks"
_EVENTS: Final = ("created", "authorized", "captured", "cancelled", "refunded", "aborted", "expired", "terminated")
_TOKEN_MARGIN: Final = timedelta(minutes=5)
_BUSY: Final = (423, 429)
_REFUSALS: Final = (401, 403)


class MobilePayCalls:
    """Vipps MobilePay as a system that is called, and through which guests pay."""

    name: Final = "mobilepay"
    kind: Final = "payment"
    base_url: Final = "https://api.vipps.no"
    fields: Final = (
        Field(
            name="msn",
            label=N_("Merchant serial number"),
            help=N_("The number of the sales unit, from portal.vippsmobilepay.com."),
            is_secret=False,
            is_account=True,
        ),
        Field(name="client_id", label=N_("Client id"), help=N_("From the portal under For developers, API keys.")),
        Field(name="client_secret", label=N_("Client secret")),
        Field(name="subscription_key", label=N_("Subscription key"), help=N_("Ocp-Apim-Subscription-Key.")),
    )

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()

    def authorise(self, call: Call, integration: Integration, credentials: Mapping[str, str]) -> Call:
        """The call with token, subscription key and the number of the sales unit."""
        proof = {"Authorization": f"Bearer {credentials.get('access_token', '')}"}
        return replace(call, headers={**call.headers, **_sender(integration, credentials), **proof})

    def is_stale(self, credentials: Mapping[str, str], now: datetime) -> bool:
        """Whether the access token ends within minutes, or there is none."""
        ends = credentials.get("access_token_ends", "")
        return not ends.isdigit() or int(ends) <= (now + _TOKEN_MARGIN).timestamp()

    async def renew(
        self, caller: Caller, integration: Integration, credentials: Mapping[str, str], now: datetime
    ) -> Mapping[str, str]:
        """The credentials with a new access token."""
        keys = {name: credentials.get(name, "") for name in ("client_id", "client_secret")}
        answer = await caller(
            Call(
                method="POST",
                path="/accesstoken/get",
                name="/accesstoken/get",
                headers={**keys, **_sender(integration, credentials)},
                repeatable=True,
            )
        )
        if answer.status in _REFUSALS or answer.status == 400:
            raise ConnectionRefused(N_("Vipps MobilePay does not accept these keys."))
        if not answer.is_success:
            raise ProviderAway(ANSWERED % {"system": "Vipps MobilePay", "status": answer.status})
        token = _read(_Token, answer)
        return {**credentials, "access_token": token.access_token, "access_token_ends": token.expires_on}

    async def register(
        self, caller: Caller, integration: Integration, address: str, credentials: Mapping[str, str]
    ) -> Mapping[str, str]:
        """Registers the address for the events of payments, unless the registration that FLOW made is still there.

        A registration's secret is told once. One of this address whose secret is not known is of no use and goes, as
        does our own of a former address; its secret holds on for as long as its deliveries are tried again.
        """
        known = _read(_Hooks, await _ask(caller, Call(method="GET", path=_HOOKS, name=_HOOKS, repeatable=True)))
        ours = credentials.get("webhook_id") if credentials.get("webhook_secret") else None
        here = [hook for hook in known.webhooks if hook.url == address]
        if any(hook.id == ours for hook in here):
            return {}
        events = [f"epayments.payment.{name}.v1" for name in _EVENTS]
        answer = await caller(Call(method="POST", path=_HOOKS, name=_HOOKS, json={"url": address, "events": events}))
        if not answer.is_success:
            raise ConnectionRefused(NO_ADDRESS % {"system": "Vipps MobilePay", "why": _reason(answer)})
        made = _read(_NewHook, answer)
        for hook in known.webhooks:
            if hook in here or hook.id == credentials.get("webhook_id"):
                path = f"{_HOOKS}/{hook.id}"
                await caller(Call(method="DELETE", path=path, name=f"{_HOOKS}/…", repeatable=True))
        gained = {"webhook_id": made.id, "webhook_secret": made.secret}
        return gained | signature.retired(credentials, now=self._clock.now())

    async def test(self, caller: Caller, integration: Integration) -> None:
        """Asks for the registered addresses."""
        answer = await caller(Call(method="GET", path=_HOOKS, name=_HOOKS, repeatable=True))
        if answer.status in _REFUSALS:
            raise ConnectionRefused(N_("Vipps MobilePay does not accept these keys for this sales unit."))
        if not answer.is_success:
            raise ConnectionRefused(ANSWERED % {"system": "Vipps MobilePay", "status": answer.status})

    async def open_checkout(self, caller: Caller, purchase: Purchase) -> Checkout:
        """A payment that reserves the money; the same one for every try."""
        payment = purchase.payment
        reference = reference_of(payment)
        call = Call(
            method="POST",
            path=_PAYMENTS,
            name=_PAYMENTS,
            json={
                "amount": _amount(payment, payment.amount),
                "paymentMethod": {"type": "WALLET"},
                "customerInteraction": "CUSTOMER_NOT_PRESENT",
                "reference": reference,
                "userFlow": "WEB_REDIRECT",
                "returnUrl": purchase.return_url,
                "paymentDescription": purchase.description[:100],
                "metadata": {"order_id": str(payment.order_id), "restaurant_id": str(payment.restaurant_id)},
            },
            idempotency_key=f"pay-{payment.id.hex}",
            repeatable=True,
        )
        made = _read(_Made, await _ask(caller, call))
        if made.redirect_url is None:
            raise CallRefused(N_("Vipps MobilePay offers no page for this payment."))
        return Checkout(id=reference, url=made.redirect_url, number=reference)

    async def facts(self, transaction: Transaction, queued: Queued) -> Mapping[str, object] | None:
        """The payment, and the refund if it is about one; None when there is nothing to do any more."""
        return await facts_of(transaction, queued)

    async def perform(self, caller: Caller, queued: Queued, facts: Mapping[str, object]) -> Mapping[str, object]:
        """Captures, cancels, refunds or looks; answers the payment as it is then, and why if it was refused."""
        payment = payment_in(facts)
        match queued.kind:
            case "capture":
                refused = await self._do(caller, payment, "capture", payment.amount, f"cap-{payment.id.hex}")
            case "cancel":
                refused = await self._do(caller, payment, "cancel", None, f"can-{payment.id.hex}")
            case "refund":
                refund = refund_in(facts)
                refused = await self._do(caller, payment, "refund", refund.amount, f"ref-{refund.id.hex}")
            case "look":
                refused = None
            case _:
                raise InvalidInput(f"Vipps MobilePay has no call of kind {queued.kind}.")
        found = await self._look(caller, payment)
        if refused is None or _is_done(queued.kind, found):
            return {"payment": msgspec.to_builtins(found)}
        return {"payment": msgspec.to_builtins(found), REFUSED: refused}

    async def conclude(self, transaction: Transaction, queued: Queued, result: Mapping[str, object]) -> None:
        """Writes what the payment's totals say, and tells people of a refusal."""
        facts = await facts_of(transaction, queued, is_over=True)
        if facts is None:
            return
        payment, theirs = payment_in(facts), msgspec.convert(result["payment"], payload.Payment)
        told = told_by_payment(theirs, self._clock.now())
        if REFUSED in result:
            await said_no(transaction, queued, facts, str(result[REFUSED]), clock=self._clock)
        elif queued.kind == "refund":
            refund = refund_in(facts)
            made = ToldRefund(
                provider_refund_id=f"ref-{refund.id.hex}", amount=refund.amount, status="succeeded", id=refund.id
            )
            await hear_refund(transaction, payment, made, clock=self._clock)
        amount = theirs.amount.value if told.captured is None else told.captured
        terms = Terms(theirs.reference, amount, theirs.amount.currency)
        await seen(transaction, payment, terms, told, clock=self._clock)

    async def books(
        self, caller: Caller, integration: Integration, payments: list[OnlinePayment], *, since: datetime
    ) -> AsyncIterator[Theirs]:
        """Each of `payments` as Vipps MobilePay has it: it lists none by itself."""
        for payment in payments:
            if payment.provider_transaction_id is None:
                continue
            theirs = await self._look(caller, payment)
            told = told_by_payment(theirs, self._clock.now())
            yield Theirs(
                number=theirs.reference,
                payment_id=payment.id,
                status=told.status,
                amount=theirs.amount.value,
                captured=theirs.aggregate.captured_amount.value,
                refunded=theirs.aggregate.refunded_amount.value,
                currency=theirs.amount.currency,
            )

    async def _do(self, caller: Caller, payment: OnlinePayment, step: str, amount: int | None, key: str) -> str | None:
        """Takes a step; why it was refused, if it was."""
        call = Call(
            method="POST",
            path=f"{_PAYMENTS}/{reference_of(payment)}/{step}",
            name=f"{_PAYMENTS}/…/{step}",
            json=None if amount is None else {"modificationAmount": _amount(payment, amount)},
            idempotency_key=key,
            repeatable=True,
        )
        answer = await caller(call)
        _away(answer)
        return None if answer.is_success else _reason(answer)

    async def _look(self, caller: Caller, payment: OnlinePayment) -> payload.Payment:
        path = f"{_PAYMENTS}/{reference_of(payment)}"
        call = Call(method="GET", path=path, name=f"{_PAYMENTS}/…", repeatable=True)
        return _read(payload.Payment, await _ask(caller, call))


class _Token(msgspec.Struct, frozen=True):
    access_token: str
    expires_on: str


class _Hook(msgspec.Struct, frozen=True):
    id: str
    url: str


class _Hooks(msgspec.Struct, frozen=True):
    webhooks: list[_Hook]


class _NewHook(msgspec.Struct, frozen=True):
    id: str
    secret: str


class _Made(msgspec.Struct, frozen=True, rename="camel"):
    reference: str
    redirect_url: str | None = None


def reference_of(payment: OnlinePayment) -> str:
    """Our reference, which cannot be used again: another try to pay is another payment."""
    return f"flow-{payment.id.hex}"


def _sender(integration: Integration, credentials: Mapping[str, str]) -> dict[str, str]:
    return {
        "Ocp-Apim-Subscription-Key": credentials.get("subscription_key", ""),
        "Merchant-Serial-Number": integration.account or "",
        "Vipps-System-Name": "flow",
        "Vipps-System-Version": "1",
        "Vipps-System-Plugin-Name": "flow-payments",
        "Vipps-System-Plugin-Version": "1",
    }


def _amount(payment: OnlinePayment, value: int) -> dict[str, object]:
    return {"currency": payment.currency, "value": value}


def _is_done(kind: str, found: payload.Payment) -> bool:
    """Whether what was refused is so already, as after a crash. A refund has its key, and nothing to look for."""
    totals = found.aggregate
    if kind == "capture":
        return totals.captured_amount.value >= found.amount.value
    return kind == "cancel" and (found.state != "AUTHORIZED" or totals.cancelled_amount.value > 0)


async def _ask(caller: Caller, call: Call) -> Answer:
    """A successful answer; CallRefused or ProviderAway otherwise."""
    answer = await caller(call)
    _away(answer)
    if not answer.is_success:
        raise CallRefused(REFUSES % {"system": "Vipps MobilePay", "why": _reason(answer)})
    return answer


def _away(answer: Answer) -> None:
    """ProviderAway for an answer that is to be tried again, with the same key."""
    if answer.status >= 500 or answer.status in _BUSY:
        raise ProviderAway(ANSWERED % {"system": "Vipps MobilePay", "status": answer.status}, is_ambiguous=True)


def _read(kind: type[_Part], answer: Answer) -> _Part:
    try:
        return msgspec.convert(answer.body, kind)
    except msgspec.ValidationError as error:
        raise ProviderAway("Vipps MobilePay's answer cannot be read.", is_ambiguous=True) from error


def _reason(answer: Answer) -> str:
    """The end of the problem's type, which names the kind of problem; texts may change."""
    kind = answer.body.get("type") if isinstance(answer.body, dict) else None
    return str(kind).rstrip("/").rpartition("/")[2] if kind else str(answer.status)
