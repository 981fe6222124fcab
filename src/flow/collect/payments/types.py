"""What a payment provider offers beside its webhooks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from flow.business.orders.types import Order
from flow.business.payments.types import OnlinePayment, Provider
from flow.collect.integrations.types import Caller, Integration, System

__all__ = ["Cashier", "Checkout", "Difference", "Errand", "Purchase", "Theirs", "UnpaidOrder"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """What a guest is led to pay. `return_url` is where they come back to, however it went."""

    payment: OnlinePayment
    order: Order
    restaurant_name: str
    description: str
    language: str
    return_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """Where the guest pays: the provider's page, its number, and the payment's number if it is known already."""

    id: str
    url: str
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Theirs:
    """A payment as the provider's own books have it. `payment_id` is ours, where it remembers it; amounts are øre."""

    number: str
    payment_id: UUID | None
    status: str | None
    amount: int
    captured: int
    refunded: int | None
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What is to be done at a provider for a payment, or for one of its refunds; `key` begins with what it is."""

    restaurant_id: UUID
    provider: Provider
    payment_id: UUID
    refund_id: UUID | None
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpaidOrder:
    """An order that waits for its payment."""

    restaurant_id: UUID
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A row of provider_differences that is not settled."""

    id: UUID
    provider: str
    kind: str
    object_id: str
    field: str
    ours: str | None
    theirs: str | None
    found_at: datetime


class Cashier(System, Protocol):
    """A system through which guests pay."""

    async def open_checkout(self, caller: Caller, purchase: Purchase) -> Checkout:
        """The page on which the guest pays; the same one however often it is asked for."""
        ...

    def books(
        self, caller: Caller, integration: Integration, payments: list[OnlinePayment], *, since: datetime
    ) -> AsyncIterator[Theirs]:
        """The provider's payments since a moment, those of `payments` at least."""
        ...
