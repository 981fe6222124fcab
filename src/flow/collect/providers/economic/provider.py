"""e-conomic as the inbox and the queue of calls know it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from flow.collect.integrations.errors import ConnectionRefused
from flow.collect.integrations.sentences import NO_CUSTOMER, NO_PRODUCT
from flow.collect.integrations.service import integration_of
from flow.collect.integrations.types import Call, Caller, Field, Integration, Kind, Queued
from flow.collect.providers.economic import calls, concluding, drafts, store
from flow.collect.providers.economic.applying import apply
from flow.collect.providers.economic.drafts import InvoiceFacts
from flow.collect.providers.economic.gathering import (
    DELIVERY,
    GOODS,
    ROUNDING,
    credit_facts,
    invoice_facts,
    numbers_of,
)
from flow.collect.providers.economic.looking import facts_of_look, look
from flow.collect.providers.economic.payload import hint
from flow.collect.webhooks.errors import BadSignature
from flow.collect.webhooks.types import Applying, Arrival, Item, Outcome, Request
from flow.database.transaction import Transaction
from flow.kit.clock import Clock, SystemClock
from flow.kit.ids import new_id
from flow.web.i18n import N_

__all__ = ["Economic"]


def _number(name: str, label: str, help: str = "", *, is_required: bool = False) -> Field:  # noqa: A002
    return Field(name=name, label=label, help=help, is_secret=False, is_required=is_required)


_FIELDS: Final = (
    Field(
        name="app_secret_token",
        label=N_("App secret token"),
        help=N_("Of the app that is registered with e-conomic for this installation of FLOW"),
    ),
    Field(
        name="grant_token",
        label=N_("Agreement grant token"),
        help=N_("e-conomic shows it after you let the app into your agreement"),
    ),
    _number(
        "customer_number",
        N_("Customer number"),
        N_("The customer on invoices of orders that are paid already, such as “Kontantkunde”"),
        is_required=True,
    ),
    _number(GOODS, N_("Product for goods"), N_("FLOW-PRODUCT unless filled in")),
    _number(DELIVERY, N_("Product for delivery"), N_("FLOW-DELIVERY unless filled in")),
    _number(ROUNDING, N_("Product for rounding"), N_("FLOW-ROUNDING unless filled in; its group is without VAT")),
    _number("layout_number", N_("Layout"), N_("The customer's own unless filled in")),
    _number("payment_terms_number", N_("Payment terms"), N_("Needed for guests who pay by invoice")),
    _number("vat_zone_number", N_("VAT zone"), N_("Needed for guests who pay by invoice")),
    _number("customer_group_number", N_("Customer group"), N_("Needed for guests who pay by invoice")),
)
_LONGEST_PATH: Final = 3  # /api/webhooks/economic


@dataclass(frozen=True, slots=True)
class Economic:
    """The provider `economic`. `clock` dates what becomes of invoices."""

    name: str = "economic"
    kind: Kind = "accounting"
    base_url: str = "https://restapi.e-conomic.com"
    fields: tuple[Field, ...] = _FIELDS
    clock: Clock = field(default_factory=SystemClock)

    def accounts(self, request: Request) -> Sequence[str]:
        return ()

    def verify(
        self,
        request: Request,
        integration: Integration,
        credentials: Mapping[str, str],
        now: datetime,
    ) -> None:
        """e-conomic signs nothing: who knows the address with its token is believed, that is to say asked back."""
        path = request.target.split("?")[0].strip("/").split("/")
        if len(path) <= _LONGEST_PATH:
            raise BadSignature

    def read(self, request: Request, integration: Integration) -> Sequence[Arrival]:
        told = hint(request.body)
        # Nothing tells a retry from a second change; looking twice does no harm, not looking would.
        return [Arrival(dedupe_key=str(new_id()), event_type=f"{told.kind} changed", payload=request.body)]

    async def apply(self, applying: Applying, item: Item) -> Outcome:
        return await apply(applying, item)

    def authorise(self, call: Call, integration: Integration, credentials: Mapping[str, str]) -> Call:
        tokens = {
            "X-AppSecretToken": credentials.get("app_secret_token", ""),
            "X-AgreementGrantToken": credentials.get("grant_token", ""),
        }
        return replace(call, headers={**call.headers, **tokens})

    async def test(self, caller: Caller, integration: Integration) -> None:
        answer = await caller(Call(method="GET", path="/self", name="/self", repeatable=True))
        if not answer.is_success:
            raise ConnectionRefused(N_("e-conomic does not accept the tokens."))
        numbers = numbers_of(integration)
        if not numbers.get("customer_number", "").isdecimal():
            raise ConnectionRefused(N_("The customer number is not a number."))
        if await calls.get(caller, "/customers", numbers["customer_number"]) is None:
            raise ConnectionRefused(NO_CUSTOMER % {"number": numbers["customer_number"]})
        for setting in (GOODS, DELIVERY, ROUNDING):
            if await calls.get(caller, "/products", numbers[setting]) is None:
                raise ConnectionRefused(NO_PRODUCT % {"number": numbers[setting]})

    async def facts(self, transaction: Transaction, queued: Queued) -> Mapping[str, object] | None:
        integration = await integration_of(transaction, queued.restaurant_id, self.name)
        if integration is None:
            return None
        if queued.kind == "look":
            kind, number = str(queued.arguments["kind"]), str(queued.arguments["number"])
            return await facts_of_look(transaction, integration, kind, number)
        order_id = UUID(str(queued.arguments["order_id"]))
        if queued.kind == "credit":
            credit = await concluding.credit_in(transaction, queued.restaurant_id, queued.arguments)
            if credit is None or credit.status not in ("claimed", "refused"):
                return None
            return {"invoice": await credit_facts(transaction, integration, credit)}
        invoice = await store.invoice_of(transaction, queued.restaurant_id, order_id)
        if invoice is None or invoice.status not in ("claimed", "refused"):
            return None
        return {"invoice": await invoice_facts(transaction, integration, order_id)}

    async def perform(self, caller: Caller, queued: Queued, facts: Mapping[str, object]) -> Mapping[str, object]:
        if queued.kind == "look":
            return await look(caller, facts)
        invoice = facts["invoice"]
        assert isinstance(invoice, InvoiceFacts)
        try:
            return await drafts.make(caller, invoice)
        except calls.RefusedByAgreement as refusal:
            return {"refused": refusal.message}

    async def conclude(self, transaction: Transaction, queued: Queued, result: Mapping[str, object]) -> None:
        restaurant_id, now = queued.restaurant_id, self.clock.now()
        if queued.kind == "draft":
            order_id = UUID(str(queued.arguments["order_id"]))
            await concluding.draft_answered(transaction, restaurant_id, order_id, result, now=now)
        elif queued.kind == "credit":
            credit = await concluding.credit_in(transaction, restaurant_id, queued.arguments)
            assert credit is not None, "credit notes are never deleted before their calls"
            await concluding.credit_answered(transaction, credit, result, now=now)
        elif isinstance(invoices := result.get("invoices"), list):
            await concluding.looked_at(transaction, restaurant_id, invoices, now=now)
        elif isinstance(gone := result.get("gone"), dict) and "customer" in gone:
            await store.forget_customer(transaction, restaurant_id, int(gone["customer"]))
        elif isinstance(gone, dict):
            await concluding.product_gone(transaction, restaurant_id, str(gone["product"]), now=now)
