"""The transaction of a request, as a dependency: opened with the caller's role, committed before the answer leaves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPBearer

from flow.database.transaction import Transaction
from flow.errors import NotAuthenticated
from flow.settings import Settings
from flow.web.addresses import SAFE_METHODS, require_same_origin
from flow.web.services import services

SESSION_COOKIE = "flow_session"
"""The cookie of a log-in; under HTTPS its name begins with `__Host-` (see session_cookie)."""

# These two read nothing that is used: they write the ways to log in into the API's documentation.
_BEARER = HTTPBearer(auto_error=False, description="A token of POST /auth/v1/token, or of the outside issuer.")
_COOKIE = APIKeyCookie(name=SESSION_COOKIE, auto_error=False, description="Set by POST /auth/login.")


def session_cookie(settings: Settings) -> str:
    """The name of the log-in's cookie here. Browsers take a `__Host-` cookie from this very host alone, by HTTPS.

    So no page of a sibling domain can plant one, and with it a session of its own choice.
    """
    return f"__Host-{SESSION_COOKIE}" if settings.is_https else SESSION_COOKIE


def bearer_token(request: Request) -> str | None:
    """The token in the Authorization header, else in the session cookie; the latter from own pages only.

    ForeignPage when another site's page makes the browser send its cookie with an unsafe request.
    """
    authorization = request.headers.get("authorization")
    if authorization is not None:
        scheme, _, token = authorization.partition(" ")
        return token.strip() if scheme.lower() == "bearer" else None
    token = request.cookies.get(session_cookie(services(request).settings), "")
    if token:
        require_same_origin(request)
    return token or None


async def verified_claims(
    request: Request,
    _bearer: Annotated[object, Security(_BEARER)] = None,
    _cookie: Annotated[object, Security(_COOKIE)] = None,
) -> dict[str, object]:
    """The claims of the caller's token; NotAuthenticated without a good one.

    Whether the log-in has been ended since is checked by the transaction: a route without one does not know.
    """
    token = bearer_token(request)
    if not token:
        raise NotAuthenticated
    claims = await services(request).tokens.verify(token)
    request.state.claims = claims
    return claims


Claims = Annotated[dict[str, object], Depends(verified_claims)]


async def user_transaction(request: Request, claims: Claims) -> AsyncIterator[Transaction]:
    """A transaction as the caller, bound by row level security; read-only for GET."""
    database = services(request).database
    async with database.as_user(claims, read_only=request.method in SAFE_METHODS) as transaction:
        yield transaction


async def service_transaction(request: Request) -> AsyncIterator[Transaction]:
    """A transaction as the service, for the few public routes that check their caller themselves."""
    async with services(request).database.as_service() as transaction:
        yield transaction


# scope="function": the commit comes before the answer, so an acknowledged change is stored.
UserTransaction = Annotated[Transaction, Depends(user_transaction, scope="function")]
ServiceTransaction = Annotated[Transaction, Depends(service_transaction, scope="function")]
