"""Reads and writes guests."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from flow.business.customers.types import Contact, Customer
from flow.database.queries import load_queries
from flow.database.transaction import Transaction

_queries = load_queries(__package__)


async def find_customer_id(transaction: Transaction, restaurant_id: UUID, contact: Contact) -> UUID | None:
    """The guest with this phone number, else the one with this e-mail address."""
    found: UUID | None = await transaction.value(
        _queries.find_customer_id, restaurant_id=restaurant_id, phone=contact.phone, email=contact.email
    )
    return found


async def add_customer(transaction: Transaction, customer: Customer) -> bool:
    """Adds the guest; False when phone or e-mail are already somebody's."""
    return await transaction.value(_queries.add_customer, **asdict(customer)) is not None


async def note_order(
    transaction: Transaction,
    restaurant_id: UUID,
    customer_id: UUID,
    *,
    name: str | None,
    ordered_at: datetime,
    now: datetime,
) -> None:
    """Widens the span of the guest's orders, and keeps the name if none was known."""
    await transaction.execute(
        _queries.note_order,
        restaurant_id=restaurant_id,
        customer_id=customer_id,
        name=name,
        ordered_at=ordered_at,
        now=now,
    )
