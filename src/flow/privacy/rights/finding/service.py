"""Finds the ids that lead to a person's rows.

From the contact to the guest, from the guest to the orders, from the orders to the visits in which they were placed,
and on to conversations and messages. It never goes back up: an order that somebody else placed under their own e-mail
but from the same phone does not make that e-mail the person's, nor that somebody's other orders.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import get_args
from uuid import UUID

from flow.database.transaction import Transaction
from flow.privacy.rights.finding import store
from flow.privacy.rights.finding.types import Found
from flow.privacy.rights.tables import KeyKind
from flow.privacy.rights.types import Person
from flow.privacy.subjects import pseudonyms

__all__ = ["find"]

_MOST_ROUNDS = 5


async def find(transaction: Transaction, person: Person, *, secrets: Sequence[bytes]) -> Found:
    """Looks in the person's restaurant, or in all of them; `secrets` are the installation's, the present one first."""
    scope = [person.restaurant_id] if person.restaurant_id else None
    person = await _with_account(transaction, person)
    person, customers, accounts = await _guests(transaction, person, scope)
    orders = await store.find_orders(transaction, scope, contacts=person.contacts, customers=customers, users=accounts)
    visitors = await _visits(transaction, person, scope, [order.session_id for order in orders if order.session_id])
    named = [order.id for order in orders]
    talks = await store.find_conversations(
        transaction, scope, contacts=person.contacts, customers=customers, orders=named, visitors=visitors.visitors
    )
    given = [*(order.customer_name for order in orders), *(talk.customer_name for talk in talks)]
    names = [*person.names, *filter(None, given)]
    person = replace(person, names=_distinct(names), visitors=_distinct(map(str, visitors.visitors)))
    conversations = [talk.conversation_id for talk in talks]
    messages = await store.find_messages(
        transaction, scope, contacts=person.contacts, customers=customers, orders=named, conversations=conversations
    )
    found: dict[str, Iterable[object]] = {
        "contact": person.contacts,
        "customer": customers,
        "order": named,
        "visitor": visitors.visitors,
        "session": visitors.sessions,
        "conversation": conversations,
        "message": messages,
        "user": [person.user_id] if person.user_id else [],
        "account": accounts,
        "subject": [each for known in person.references for each in pseudonyms(secrets, known)],
    }
    return Found(person, {kind: _distinct(map(str, found[kind])) for kind in get_args(KeyKind)})


@dataclass(frozen=True, slots=True)
class _Visits:
    sessions: list[UUID]
    visitors: list[UUID]


async def _with_account(transaction: Transaction, person: Person) -> Person:
    if person.user_id is None:
        return person
    account = await store.find_account(transaction, person.user_id)
    if account is None:
        return person
    emails = _distinct([*person.emails, *([account.email.lower()] if account.email else [])])
    return replace(person, emails=emails, names=_distinct([*person.names, *filter(None, [account.name])]))


async def _guests(
    transaction: Transaction, person: Person, scope: list[UUID] | None
) -> tuple[Person, list[UUID], list[UUID]]:
    """The person with the other contacts of their rows, the rows, and the accounts these belong to."""
    accounts = [person.user_id] if person.user_id else []
    for _ in range(_MOST_ROUNDS):
        rows = await store.find_customers(transaction, scope, contacts=person.contacts, users=accounts)
        known = replace(
            person,
            phones=_distinct([*person.phones, *(row.phone for row in rows if row.phone)]),
            emails=_distinct([*person.emails, *(row.email for row in rows if row.email)]),
            names=_distinct([*person.names, *(row.name for row in rows if row.name)]),
        )
        accounts = list(dict.fromkeys([*accounts, *(row.user_id for row in rows if row.user_id)]))
        if known == person:
            break
        person = known
    return person, [row.id for row in rows], accounts


async def _visits(
    transaction: Transaction, person: Person, scope: list[UUID] | None, sessions: Sequence[UUID]
) -> _Visits:
    known = [UUID(visitor) for visitor in person.visitors]
    first = await store.find_sessions(transaction, scope, sessions=sessions, visitors=known)
    visitors = list(dict.fromkeys([*known, *(row.visitor_id for row in first)]))
    rows = await store.find_sessions(transaction, scope, sessions=[], visitors=visitors)
    return _Visits([row.session_id for row in rows], visitors)


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
