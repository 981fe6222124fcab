"""Refuses what pages of other sites make a browser send: every unsafe request, whatever route it is for.

Browsers say where a request comes from (Origin, Sec-Fetch-Site), and no page can make them lie about it. Routes ask as
well, where they read the log-in's cookie; this holds for those that forget to, and for log-in itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from flow.web.addresses import ForeignPage, require_same_origin
from flow.web.errors import error_response


class OwnPagesOnly:
    """ASGI middleware; `routes` is the open method of each path that pages of any origin may use."""

    def __init__(self, app: ASGIApp, *, routes: Mapping[str, str]) -> None:
        self._app = app
        self._routes = dict(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._routes.get(scope["path"]) != scope["method"]:
            request = Request(scope)
            try:
                require_same_origin(request)
            except ForeignPage as refusal:
                answer = error_response(request, refusal.status, refusal.code, refusal.message)
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)
