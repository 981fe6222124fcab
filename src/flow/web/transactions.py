"""The transaction of a request, as a dependency: opened with the caller's role, committed before the answer leaves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request

from flow.database.transaction import Transaction
from flow.errors import NotAuthenticated
from flow.web.services import services

SESSION_COOKIE = "flow_session"
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def bearer_token(request: Request) -> str | None:
    """The token in the Authorization header, else in the session cookie."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else request.cookies.get(SESSION_COOKIE)


async def verified_claims(request: Request) -> dict[str, object]:
    """The claims of the caller's token; NotAuthenticated without a good one."""
    token = bearer_token(request)
    if not token:
        raise NotAuthenticated
    return await services(request).tokens.verify(token)


Claims = Annotated[dict[str, object], Depends(verified_claims)]


async def user_transaction(request: Request, claims: Claims) -> AsyncIterator[Transaction]:
    """A transaction as the caller, bound by row level security; read-only for GET."""
    database = services(request).database
    async with database.as_user(claims, read_only=request.method in _READING) as transaction:
        yield transaction


async def service_transaction(request: Request) -> AsyncIterator[Transaction]:
    """A transaction as the service, for the few public routes that check their caller themselves."""
    async with services(request).database.as_service() as transaction:
        yield transaction


# scope="function": the commit comes before the answer, so an acknowledged change is stored.
UserTransaction = Annotated[Transaction, Depends(user_transaction, scope="function")]
ServiceTransaction = Annotated[Transaction, Depends(service_transaction, scope="function")]
