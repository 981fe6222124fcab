"""Every night: what a provider has, what FLOW has, and what differs. What the provider knows better is looked up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast
from uuid import UUID

from flow.business.payments.store import find_by_number, find_online, warn
from flow.business.payments.types import ONLINE, OnlinePayment, PaymentStatus, Provider
from flow.collect.integrations.calling import Calls
from flow.collect.integrations.errors import CallRefused, NotConnected, ProviderAway
from flow.collect.integrations.queue import enqueue
from flow.collect.integrations.store import connected
from flow.collect.integrations.types import Integration
from flow.collect.payments import store
from flow.collect.payments.types import Cashier, Theirs
from flow.database.transaction import Transaction
from flow.web.i18n import N_

__all__ = ["Compared", "compare"]

LOOKS_BACK: Final = timedelta(days=4)
"""Longer than any provider goes on trying to deliver what is new; reservations are captured long before."""

_JUST_NOW: Final = timedelta(minutes=15)
_PAID: Final[frozenset[PaymentStatus]] = frozenset({"completed", "partially_refunded", "refunded", "disputed"})
_TITLE: Final = N_("FLOW and the payment provider say different things")
_BODY: Final = N_("%(count)s payments at %(provider)s differ. They are listed in the settings under payments.")


@dataclass(frozen=True, slots=True)
class Compared:
    """How many payments were compared, and how many differ."""

    payments: int
    differing: int


async def compare(calls: Calls, integration: Integration) -> Compared:
    """Compares the last days with a provider's own books, and keeps what differs.

    A payment that differs is looked up as well, which mends what only a lost delivery has left behind: the next
    comparison settles it then. ProviderAway, CallRefused or NotConnected when the provider does not tell.
    """
    connection = await calls.connect(integration.restaurant_id, integration.integration_name)
    cashier, now = cast(Cashier, connection.system), calls.clock.now()
    since = now - LOOKS_BACK
    async with calls.database.as_service() as transaction:
        ours = await store.payments_since(transaction, integration.restaurant_id, cashier.name, since=since)
    theirs = [each async for each in cashier.books(connection.caller, integration, ours, since=since)]
    async with calls.database.as_service() as transaction:
        book = _Book(transaction, integration, since=since, now=now)
        return await book.compare(ours, theirs)


async def compare_all(calls: Calls) -> None:
    """Compares every connection to a payment provider; one that does not answer is compared the next night."""
    for name in sorted(ONLINE):
        async with calls.database.as_service() as transaction:
            integrations = await connected(transaction, name)
        for integration in integrations:
            try:
                await compare(calls, integration)
            except (ProviderAway, CallRefused, NotConnected):
                continue  # the settings page shows that the provider did not answer


@dataclass(frozen=True, slots=True)
class _Difference:
    field: str
    ours: str | None
    theirs: str | None


class _Book:
    """One comparison, in one transaction."""

    def __init__(self, transaction: Transaction, integration: Integration, *, since: datetime, now: datetime) -> None:
        self._transaction = transaction
        self._restaurant_id = integration.restaurant_id
        self._provider = cast(Provider, integration.integration_name)
        self._since = since
        self._now = now

    async def compare(self, ours: list[OnlinePayment], theirs: list[Theirs]) -> Compared:
        differing = 0
        seen: set[UUID] = set()
        for each in theirs:
            payment = await self._payment_of(each)
            if payment is None:
                differing += await self._note_stranger(each)
                continue
            seen.add(payment.id)
            differing += await self._note(payment, each.number, list(_differences(payment, each)))
        for payment in ours:
            if payment.id not in seen and self._is_due(payment):
                differing += await self._note(
                    payment,
                    payment.provider_transaction_id or str(payment.id),
                    [_Difference("status", payment.status, None)],
                )
        await store.settle_differences(
            self._transaction, self._restaurant_id, self._provider, since=self._since, now=self._now
        )
        if differing:
            await self._tell(differing)
        return Compared(len(seen), differing)

    async def _payment_of(self, theirs: Theirs) -> OnlinePayment | None:
        found = await find_by_number(self._transaction, self._restaurant_id, self._provider, theirs.number)
        if found is not None or theirs.payment_id is None:
            return found
        return await find_online(self._transaction, self._restaurant_id, theirs.payment_id)

    async def _note_stranger(self, theirs: Theirs) -> bool:
        """A payment that names one of FLOW's, which FLOW does not have. Others are of another shop or terminal."""
        if theirs.payment_id is None or theirs.status is None:
            return False
        await self._keep(theirs.number, _Difference("payment", None, f"{theirs.status} {theirs.amount}"))
        return True

    async def _note(self, payment: OnlinePayment, number: str, differences: list[_Difference]) -> bool:
        for difference in differences:
            await self._keep(number, difference)
        if differences and (payment.provider_transaction_id or payment.checkout_id):
            await enqueue(
                self._transaction,
                self._restaurant_id,
                self._provider,
                "look",
                f"look:{payment.id}:{int(self._now.timestamp())}:compared",
                {"payment_id": str(payment.id)},
                now=self._now,
            )
        return bool(differences)

    async def _keep(self, number: str, difference: _Difference) -> None:
        await store.note_difference(
            self._transaction,
            self._restaurant_id,
            self._provider,
            number,
            difference.field,
            ours=difference.ours,
            theirs=difference.theirs,
            now=self._now,
        )

    async def _tell(self, count: int) -> None:
        await warn(
            self._transaction,
            self._restaurant_id,
            title=_TITLE,
            body=_BODY,
            facts={"count": count, "provider": self._provider},
            link=f"/settings/payments?restaurant={self._restaurant_id}",
            now=self._now,
        )

    def _is_due(self, payment: OnlinePayment) -> bool:
        """Whether the provider has to have a payment: one on whose page a guest paid, not just now."""
        return payment.status in ("authorized", *_PAID) and payment.initiated_at < self._now - _JUST_NOW


def _differences(ours: OnlinePayment, theirs: Theirs) -> Iterator[_Difference]:
    """Where they differ. What the guest tried and did not finish says nothing yet."""
    terms = (f"{ours.amount} {ours.currency}", f"{theirs.amount} {theirs.currency}")
    if terms[0] != terms[1]:
        yield _Difference("amount", *terms)
    status = "completed" if ours.status in _PAID else ours.status
    settled = ("authorized", "completed")
    if (status in settled or theirs.status in settled) and status != theirs.status:
        yield _Difference("status", ours.status, theirs.status)
    if ours.captured_amount != theirs.captured:
        yield _Difference("captured", str(ours.captured_amount), str(theirs.captured))
    if theirs.refunded is not None and ours.refunded_amount != theirs.refunded:
        yield _Difference("refunded", str(ours.refunded_amount), str(theirs.refunded))
