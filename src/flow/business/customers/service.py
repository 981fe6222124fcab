"""Recognises guests."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flow.business.customers import store
from flow.business.customers.types import Contact, Customer
from flow.database.transaction import Transaction
from flow.kit.ids import new_id


async def recognise(
    transaction: Transaction, restaurant_id: UUID, contact: Contact, *, ordered_at: datetime, now: datetime
) -> UUID | None:
    """The id of the guest who orders, added if new; None when they gave neither phone nor e-mail."""
    if not contact.phone and not contact.email:
        return None
    known = await store.find_customer_id(transaction, restaurant_id, contact)
    if known is None:
        new = _new_customer(restaurant_id, contact, ordered_at, now)
        if await store.add_customer(transaction, new):
            return new.id
        known = await store.find_customer_id(transaction, restaurant_id, contact)
        assert known is not None, "phone or e-mail were taken by an order that has committed"
    await store.note_order(transaction, restaurant_id, known, name=contact.name, ordered_at=ordered_at, now=now)
    return known


def _new_customer(restaurant_id: UUID, contact: Contact, ordered_at: datetime, now: datetime) -> Customer:
    return Customer(
        restaurant_id=restaurant_id,
        id=new_id(),
        name=contact.name,
        phone=contact.phone,
        email=contact.email,
        first_order_at=ordered_at,
        last_order_at=ordered_at,
        created_at=now,
        updated_at=now,
    )
