"""The nightly comparison: which invoices and credit notes e-conomic has, which FLOW knows of, and what differs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from flow.collect.integrations.calling import Calls, Connection, calls_of
from flow.collect.integrations.queue import enqueue
from flow.collect.integrations.store import connected
from flow.collect.integrations.types import Integration
from flow.collect.payments.store import note_difference, settle_differences
from flow.collect.providers.economic import calls, concluding, following, store
from flow.collect.providers.economic.drafts import credit_of, order_of
from flow.collect.providers.economic.looking import booked
from flow.collect.providers.economic.provider import Economic
from flow.collect.providers.economic.types import Open
from flow.database.transaction import Transaction
from flow.errors import FlowError
from flow.jobs.types import Job, JobContext

__all__ = ["JOBS", "Finding", "Theirs", "differences"]

_NAME: Final = "economic"
_BACK: Final = timedelta(days=8)
_MARGIN: Final = timedelta(days=1)
"""An invoice bears a day and an order a moment: more is asked for on either side than is compared."""
_KIND: Final = "invoice"


@dataclass(frozen=True, slots=True)
class Theirs:
    """An invoice as e-conomic has it, or the credit note number `credit` of it; `gross` in øre."""

    order_id: UUID
    credit: int
    number: int
    is_booked: bool
    gross: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing of which both sides say something else."""

    object_id: str
    field: str
    ours: str | None
    theirs: str | None


async def reconcile(context: JobContext) -> None:
    """Compares the invoices of the last days for every connection; one that does not answer waits for tomorrow."""
    async with calls_of(context, (Economic(clock=context.clock),)) as lines:
        async with context.database.as_service() as transaction:
            await following.follow(transaction, now=context.clock.now(), recent=_BACK)
            integrations = await connected(transaction, _NAME)
        for integration in integrations:
            try:
                await _reconcile(context, lines, integration)
            except FlowError:
                continue  # the connection shows what is wrong with it


def differences(ours: Iterable[Open], theirs: Iterable[Theirs], *, since: datetime) -> Iterator[Finding]:
    """Invoices and credit notes that one side lacks, that are there twice, or that come to another amount.

    Of orders before `since` theirs are not all there, so none of them is missed.
    """
    known = {(each.order_id, each.credit): each for each in ours if each.status not in ("claimed", "refused")}
    there: dict[tuple[UUID, int], list[Theirs]] = {}
    for each in theirs:
        there.setdefault((each.order_id, each.credit), []).append(each)
    for key, found in there.items():
        name, what = _name(*key)
        if len(found) > 1:
            numbers = ", ".join(str(each.number) for each in found)
            yield Finding(name, f"{what}s", "1", numbers)
        if key not in known:
            yield Finding(name, what, None, str(found[0].number))
        elif known[key].due != found[0].gross:
            yield Finding(name, "gross", str(known[key].due), str(found[0].gross))
    for key, open_ in known.items():
        if key not in there and open_.dated_at >= since:
            name, what = _name(*key)
            yield Finding(name, what, str(open_.booked_number or open_.draft_number), None)


def _name(order_id: UUID, credit: int) -> tuple[str, str]:
    """What a difference is about, and its kind."""
    return (f"{order_id} #{credit}", "credit note") if credit else (str(order_id), "invoice")


async def _reconcile(context: JobContext, lines: Calls, integration: Integration) -> None:
    connection = await lines.connect(integration.restaurant_id, _NAME)
    since = context.clock.now() - _BACK
    listed = await _listed(connection, since - _MARGIN)
    async with context.database.as_service() as transaction:
        restaurant_id, now = integration.restaurant_id, context.clock.now()
        fresh = [told for invoice in listed if (told := booked(invoice)) is not None]
        await concluding.looked_at(transaction, restaurant_id, fresh, now=now)
        ours = await store.invoices_since(transaction, restaurant_id, since=since - 2 * _MARGIN)
        theirs = [there for invoice in listed if (there := _theirs(invoice)) is not None]
        found = differences(ours, theirs, since=since)
        for each in found:
            await _note(transaction, restaurant_id, each, now=now)
        await settle_differences(transaction, restaurant_id, _NAME, since=since, now=now, kind=_KIND)
        await _try_again(transaction, restaurant_id, ours, now=now)


async def _note(transaction: Transaction, restaurant_id: UUID, found: Finding, *, now: datetime) -> None:
    await note_difference(
        transaction,
        restaurant_id,
        _NAME,
        found.object_id,
        found.field,
        ours=found.ours,
        theirs=found.theirs,
        now=now,
        kind=_KIND,
    )


async def _try_again(transaction: Transaction, restaurant_id: UUID, ours: Iterable[Open], *, now: datetime) -> None:
    """Queues drafts that were refused anew, once a night: the settings may have been mended since."""
    for invoice in ours:
        if invoice.status not in ("claimed", "refused"):
            continue
        order = {"order_id": str(invoice.order_id)}
        if invoice.credit:
            key, arguments = f"credit:{invoice.order_id}:{invoice.credit}", {**order, "number": invoice.credit}
            await enqueue(transaction, restaurant_id, _NAME, "credit", f"{key}:{now.date()}", arguments, now=now)
        else:
            key = f"draft:{invoice.order_id}:{now.date()}"
            await enqueue(transaction, restaurant_id, _NAME, "draft", key, order, now=now)


async def _listed(connection: Connection, since: datetime) -> list[Mapping[str, Any]]:
    """Drafts and booked invoices of these days, FLOW's and others'."""
    term = calls.searched("date", "gte", since.date().isoformat())
    found = [invoice async for invoice in calls.pages(connection.caller, "/invoices/drafts", term)]
    return found + [invoice async for invoice in calls.pages(connection.caller, "/invoices/booked", term)]


def _theirs(invoice: Mapping[str, Any]) -> Theirs | None:
    order_id = order_of(invoice)
    if order_id is None:
        return None
    number = invoice.get("bookedInvoiceNumber")
    gross = calls.ore(invoice.get("grossAmount", 0))
    return Theirs(order_id, credit_of(invoice), int(number or invoice["draftInvoiceNumber"]), number is not None, gross)


JOBS: Final = (Job("economic.reconcile", reconcile),)
