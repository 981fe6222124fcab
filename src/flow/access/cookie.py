"""The cookie that carries a browser's token: out of reach of scripts, not sent along by other sites' forms."""

from __future__ import annotations

from starlette.responses import Response

from flow.access.tokens import AccessToken
from flow.web.services import Services
from flow.web.transactions import SESSION_COOKIE


def set_session_cookie(response: Response, token: AccessToken, services: Services) -> None:
    """Puts the token into the answer. The cookie lives as long as the session: its token is renewed on the way."""
    seconds = int((token.session.expires_at - services.clock.now()).total_seconds())
    response.set_cookie(
        SESSION_COOKIE, token.text, max_age=seconds, path="/", httponly=True, samesite="lax", secure=_https(services)
    )


def clear_session_cookie(response: Response, services: Services) -> None:
    """Makes the browser forget the token."""
    response.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="lax", secure=_https(services))


def _https(services: Services) -> bool:
    return services.settings.base_url.startswith("https:")
