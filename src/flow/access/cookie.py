"""The cookies of log-in: out of reach of scripts, not sent along by other sites' forms.

`flow_session` carries a browser's token; `flow_ticket` half a log-in, for the minutes until the code comes.
"""

from __future__ import annotations

from starlette.responses import Response

from flow.access.tickets import TICKET_LIFE
from flow.access.tokens import AccessToken
from flow.web.services import Services
from flow.web.transactions import session_cookie

TICKET_COOKIE = "flow_ticket"
_TICKET_PATH = "/login"


def set_session_cookie(response: Response, token: AccessToken, services: Services) -> None:
    """Puts the token into the answer. The cookie lives as long as the session: its token is renewed on the way."""
    seconds = int((token.session.expires_at - services.clock.now()).total_seconds())
    name = session_cookie(services.settings)
    response.set_cookie(
        name, token.text, max_age=seconds, path="/", httponly=True, samesite="lax", secure=_https(services)
    )


def clear_session_cookie(response: Response, services: Services) -> None:
    """Makes the browser forget the token."""
    name = session_cookie(services.settings)
    response.delete_cookie(name, path="/", httponly=True, samesite="lax", secure=_https(services))


def set_ticket_cookie(response: Response, ticket: str, services: Services) -> None:
    """Puts half a log-in into the answer."""
    response.set_cookie(
        TICKET_COOKIE,
        ticket,
        max_age=int(TICKET_LIFE.total_seconds()),
        path=_TICKET_PATH,
        httponly=True,
        samesite="strict",
        secure=_https(services),
    )


def clear_ticket_cookie(response: Response, services: Services) -> None:
    """Makes the browser forget half a log-in."""
    response.delete_cookie(TICKET_COOKIE, path=_TICKET_PATH, httponly=True, samesite="strict", secure=_https(services))


def _https(services: Services) -> bool:
    return services.settings.is_https
