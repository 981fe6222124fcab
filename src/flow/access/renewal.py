"""Keeps people logged in while they use FLOW: an old token in the cookie is renewed as long as its session lives.

The request goes on with the new token, so nobody notices that tokens last an hour only.
"""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

import jwt
import psycopg
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flow.access import store
from flow.access.cookie import set_session_cookie
from flow.access.tokens import RENEW_AFTER, AccessToken, issue
from flow.errors import Unavailable
from flow.web.services import Services, services
from flow.web.transactions import session_cookie

_WITHOUT_LOGIN = ("/static/", "/api/health/")
_log = logging.getLogger("flow.access")


class Renewal:
    """ASGI middleware; it needs `app.state.flow`, so it stands within the application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = _cookie_token(scope)
        fresh = await _renewed(services(Request(scope)), token) if token else None
        if token is None or fresh is None:
            await self._app(scope, receive, send)
            return
        cookies = _set_cookie_headers(fresh, services(Request(scope)))
        name = session_cookie(services(Request(scope)).settings)

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and not _sets_session(message, name):
                message["headers"] = [*message.get("headers", ()), *cookies]
            await send(message)

        _replace(scope, token, fresh.text)
        await self._app(scope, receive, send_with_cookie)


def _cookie_token(scope: Scope) -> str | None:
    if scope["type"] != "http" or scope["path"].startswith(_WITHOUT_LOGIN):
        return None
    request = Request(scope)
    return (
        None if "authorization" in request.headers else request.cookies.get(session_cookie(services(request).settings))
    )


async def _renewed(services: Services, token: str) -> AccessToken | None:
    now = services.clock.now()
    if not _is_old(token, now):
        return None
    try:
        claims = services.issuer.open(token, expired_too=True)
        async with services.database.as_service() as transaction:
            session = await store.touch_session(
                transaction, UUID(str(claims["session_id"])), user=UUID(str(claims["sub"])), now=now
            )
    except (jwt.PyJWTError, ValueError):
        return None
    except (Unavailable, psycopg.OperationalError) as error:
        _log.warning("a log-in could not be renewed: %s", type(error).__name__)
        return None
    return issue(services.issuer, session, now=now) if session else None


def _is_old(token: str, now: datetime) -> bool:
    # Unverified: the common case, a young token, shall cost next to nothing here.
    try:
        issued = jwt.decode(token, options={"verify_signature": False}).get("iat")
    except (jwt.PyJWTError, RecursionError):
        return False
    return isinstance(issued, int) and now.timestamp() - issued > RENEW_AFTER.total_seconds()


def _set_cookie_headers(token: AccessToken, services: Services) -> list[tuple[bytes, bytes]]:
    response = Response()
    set_session_cookie(response, token, services)
    return [header for header in response.raw_headers if header[0] == b"set-cookie"]


def _sets_session(message: Message, cookie: str) -> bool:
    headers = MutableHeaders(raw=message.get("headers", []))
    return any(value.startswith(f"{cookie}=") for value in headers.getlist("set-cookie"))


def _replace(scope: Scope, old: str, new: str) -> None:
    scope["headers"] = [
        (name, value.replace(old.encode(), new.encode()) if name == b"cookie" else value)
        for name, value in scope["headers"]
    ]
