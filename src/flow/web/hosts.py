"""Which Host a request may name: one, well-formed, and one of the installation's own where the settings list them.

Nothing of FLOW is built from it (links come from the setting `public_url`), but caches may trust it. Naming the hosts
also stops pages whose name was made to point at this machine (DNS rebinding).
"""

from __future__ import annotations

import re
from collections.abc import Collection

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from flow.web.errors import error_response

_HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
_FOR_ANY_NAME = ("/api/health/",)  # a load balancer asks by address


class KnownHosts:
    """ASGI middleware: 400 for a malformed or second Host; 421 for a name that is not in `names`, unless none is."""

    def __init__(self, app: ASGIApp, *, names: Collection[str]) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            given = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
            status = self._refusal(given, scope["path"])
            if status:
                told = "The request names a host that is not served here."
                await error_response(Request(scope), status, "unknown_host", told)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _refusal(self, given: list[str], path: str) -> int | None:
        if len(given) > 1 or any(_HOST.fullmatch(host) is None for host in given):
            return 400
        if not self._names or path.startswith(_FOR_ANY_NAME):
            return None
        names = (host.rpartition(":")[0] if re.search(r":[0-9]+$", host) else host for host in given)
        return None if given and all(name.lower() in self._names for name in names) else 421
