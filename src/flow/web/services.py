"""What a request may use, made once by `flow.app` and passed along on `app.state.flow`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol, cast

import jinja2
from starlette.requests import HTTPConnection

from flow.database.installation import Installation
from flow.database.pool import Database
from flow.kit.clock import Clock
from flow.kit.secrets import SecretBox
from flow.settings import Settings
from flow.web.issuer import Issuer
from flow.web.limits import RateLimits


class TokenVerifier(Protocol):
    """Checks a bearer token of FLOW's own or of an outside issuer."""

    async def verify(self, token: str) -> dict[str, object]:
        """The claims (sub, role, session_id, email, app_metadata, …); NotAuthenticated when it does not hold."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """The process's services; tests pass their own clock and settings through the same door."""

    settings: Settings
    clock: Clock
    installation: Installation
    database: Database
    tokens: TokenVerifier
    issuer: Issuer
    secrets: SecretBox
    templates: jinja2.Environment
    limits: RateLimits = field(default_factory=RateLimits)


def services(connection: HTTPConnection) -> Services:
    """The services of the app that handles this request."""
    return cast(Services, connection.app.state.flow)
