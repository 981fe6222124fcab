"""Cross-origin requests: a few addresses are for pages of any origin, all others for none."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_HEADERS = ("content-type", "idempotency-key", "x-flow-key")
_A_DAY = 86_400


class OpenToPages:
    """ASGI middleware; `routes` is the open method of each open path.

    Browsers send no cookie along, so what may be done there hangs on the site key alone.
    """

    def __init__(self, app: ASGIApp, *, routes: Mapping[str, str]) -> None:
        self._closed = app
        self._open = CORSMiddleware(
            app,
            allow_origins=["*"],
            allow_methods=sorted(set(routes.values())),
            allow_headers=_HEADERS,
            expose_headers=["location", "retry-after"],
            max_age=_A_DAY,
        )
        self._routes = dict(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self._open if self._is_open(scope) else self._closed)(scope, receive, send)

    def _is_open(self, scope: Scope) -> bool:
        if scope["type"] != "http" or scope["path"] not in self._routes:
            return False
        return scope["method"] in (self._routes[scope["path"]], "OPTIONS")
