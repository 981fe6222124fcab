"""One typed function per statement."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flow.database.queries import load_queries
from flow.database.transaction import Transaction
from flow.privacy.rights.finding.types import (
    Account,
    FoundConversation,
    FoundCustomer,
    FoundOrder,
    FoundSession,
)
from flow.privacy.rights.types import Scope

assert __package__
_queries = load_queries(__package__)


async def find_account(transaction: Transaction, user_id: UUID) -> Account | None:
    return await transaction.one_or_none(_queries.find_account, Account, user_id=user_id)


async def find_customers(
    transaction: Transaction, scope: Scope, *, contacts: Sequence[str], users: Sequence[UUID]
) -> list[FoundCustomer]:
    return await transaction.all(
        _queries.find_customers, FoundCustomer, restaurants=_all(scope), contacts=list(contacts), users=list(users)
    )


async def find_orders(
    transaction: Transaction,
    scope: Scope,
    *,
    contacts: Sequence[str],
    customers: Sequence[UUID],
    users: Sequence[UUID],
) -> list[FoundOrder]:
    return await transaction.all(
        _queries.find_orders,
        FoundOrder,
        restaurants=_all(scope),
        contacts=list(contacts),
        customers=list(customers),
        users=list(users),
    )


async def find_sessions(
    transaction: Transaction, scope: Scope, *, sessions: Sequence[UUID], visitors: Sequence[UUID]
) -> list[FoundSession]:
    return await transaction.all(
        _queries.find_sessions,
        FoundSession,
        restaurants=_all(scope),
        sessions=list(sessions),
        visitors=list(visitors),
    )


async def find_conversations(
    transaction: Transaction,
    scope: Scope,
    *,
    contacts: Sequence[str],
    customers: Sequence[UUID],
    orders: Sequence[UUID],
    visitors: Sequence[UUID],
) -> list[FoundConversation]:
    return await transaction.all(
        _queries.find_conversations,
        FoundConversation,
        restaurants=_all(scope),
        contacts=list(contacts),
        customers=list(customers),
        orders=list(orders),
        visitors=list(visitors),
    )


async def find_messages(
    transaction: Transaction,
    scope: Scope,
    *,
    contacts: Sequence[str],
    customers: Sequence[UUID],
    orders: Sequence[UUID],
    conversations: Sequence[str],
) -> list[str]:
    return await transaction.values(
        _queries.find_messages,
        restaurants=_all(scope),
        contacts=list(contacts),
        customers=list(customers),
        orders=list(orders),
        conversations=list(conversations),
    )


async def has_namesake(
    transaction: Transaction, scope: Scope, *, names: Sequence[str], customers: Sequence[str], orders: Sequence[str]
) -> bool:
    return bool(
        await transaction.value(
            _queries.has_namesake,
            restaurants=_all(scope),
            names=[name.lower() for name in names],
            customers=list(customers),
            orders=list(orders),
        )
    )


def _all(scope: Scope) -> list[UUID] | None:
    return None if scope is None else list(scope)
