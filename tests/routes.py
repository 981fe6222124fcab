"""Every route of the application, as tests walk over them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from flow.app import Application, create_app
from flow.settings import Settings
from flow.web.transactions import verified_claims

AN_ID = "01930000-0000-7000-8000-000000000000"


@dataclass(frozen=True)
class RouteOf:
    """One method of one path; `needs_log_in` when no request gets past its dependencies without a token."""

    method: str
    path: str
    needs_log_in: bool
    in_schema: bool

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def example(self) -> str:
        """The path with an id in every place."""
        return self.filled(AN_ID)

    def filled(self, text: str) -> str:
        """The path with `text` in every place."""
        return re.sub(r"\{[^}]*\}", lambda _: quote(text, safe=""), self.path)


def application(home: Path) -> Application:
    """The application, not started: enough to look at its routes."""
    return create_app(Settings(home=home))


def routes_of(app: Application) -> list[RouteOf]:
    """Every route, one per method; HEAD and OPTIONS are left out."""
    return [*_routes(app), *(RouteOf("POST", path, False, False) for path in app.direct)]


def _routes(app: Application) -> Iterator[RouteOf]:
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route, "dependant", None)
        needs = isinstance(dependant, Dependant) and _asks_for_token(dependant)
        for method in sorted(getattr(route, "methods", None) or ()):
            if method not in ("HEAD", "OPTIONS"):
                yield RouteOf(
                    method, str(getattr(route, "path", "")), needs, bool(getattr(route, "include_in_schema", False))
                )


def _asks_for_token(dependant: Dependant) -> bool:
    return dependant.call is verified_claims or any(map(_asks_for_token, dependant.dependencies))
