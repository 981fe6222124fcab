"""Cross-origin requests: a few addresses are for pages of any origin, all others for none."""

from __future__ import annotations

from collections.abc import Collection

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_HEADERS = ("content-type", "idempotency-key", "x-flow-key")
_A_DAY = 86_400


class OpenToPages:
    """ASGI middleware. Browsers send no cookie along, so what these addresses allow hangs on the site key alone."""

    def __init__(self, app: ASGIApp, *, paths: Collection[str]) -> None:
        self._closed = app
        self._open = CORSMiddleware(
            app,
            allow_origins=["*"],
            allow_methods=["GET", "POST"],
            allow_headers=_HEADERS,
            expose_headers=["location", "retry-after"],
            max_age=_A_DAY,
        )
        self._paths = frozenset(paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_open = scope["type"] == "http" and scope["path"] in self._paths
        await (self._open if is_open else self._closed)(scope, receive, send)
