"""Wolt's access tokens: an hour long, renewed with a refresh token that works once and is replaced each time."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from flow.collect.integrations.errors import ConnectionRefused, ProviderAway
from flow.collect.integrations.sentences import ANSWERED
from flow.collect.integrations.types import Call, Caller, Integration
from flow.web.i18n import N_

__all__ = ["consent_url", "exchange", "is_stale", "renew"]

_TOKENS: Final = "https://integrations-authentication-service.wolt.com"
_CONSENT: Final = "https://developer.wolt.com"
_PATH: Final = "/oauth2/token"
_MARGIN: Final = timedelta(minutes=2)
_USUAL_SECONDS: Final = 3600


def is_stale(credentials: Mapping[str, str], now: datetime) -> bool:
    """Whether there are tokens, and the access token is missing or about to run out. A key never does."""
    if not credentials.get("refresh_token"):
        return False
    expires_at = credentials.get("expires_at")
    return not credentials.get("access_token") or not expires_at or datetime.fromisoformat(expires_at) <= now + _MARGIN


def consent_url(integration: Integration, *, redirect_url: str, state: str) -> str:
    """Where the merchant lets FLOW in. A simulated provider has its own page for it."""
    base = str(integration.config.get("base_url") or _CONSENT).rstrip("/")
    client_id = str(integration.config.get("client_id") or "")
    query = {"client_id": client_id, "redirect_url": redirect_url, "state": state, "venue": integration.account or ""}
    return f"{base}/integrate?{urlencode(query)}"


async def exchange(
    caller: Caller, integration: Integration, credentials: Mapping[str, str], code: str, now: datetime
) -> dict[str, str]:
    """The credentials with the first pair of tokens, for the code that the merchant came back with."""
    form = {"grant_type": "authorization_code", "code": code}
    return await _pair(caller, integration, credentials, form, now)


async def renew(
    caller: Caller, integration: Integration, credentials: Mapping[str, str], now: datetime
) -> dict[str, str]:
    """The credentials with a new pair of tokens; ConnectionRefused when the refresh token is used up or revoked."""
    if not credentials.get("refresh_token"):
        raise ConnectionRefused(N_("Wolt does not accept the key."))
    form = {"grant_type": "refresh_token", "refresh_token": credentials["refresh_token"]}
    return await _pair(caller, integration, credentials, form, now)


async def _pair(
    caller: Caller, integration: Integration, credentials: Mapping[str, str], form: Mapping[str, str], now: datetime
) -> dict[str, str]:
    answer = await caller(_call(integration, credentials, form))
    body = answer.body if isinstance(answer.body, dict) else {}
    if answer.status >= 500 or answer.status == 429:
        raise ProviderAway(ANSWERED % {"system": "Wolt", "status": answer.status})
    if not answer.is_success or not body.get("access_token") or not body.get("refresh_token"):
        raise ConnectionRefused(N_("Wolt does not accept the code or the refresh token; connect anew."))
    expires_at = now + timedelta(seconds=int(body.get("expires_in") or _USUAL_SECONDS))
    return {
        **credentials,
        "access_token": str(body["access_token"]),
        "refresh_token": str(body["refresh_token"]),
        "expires_at": expires_at.isoformat(),
    }


def _call(integration: Integration, credentials: Mapping[str, str], form: Mapping[str, str]) -> Call:
    """Never repeated by itself: the answer that got lost may have used the token up."""
    client = f"{integration.config.get('client_id') or ''}:{credentials.get('client_secret', '')}"
    headers = {"Authorization": f"Basic {b64encode(client.encode()).decode()}"}
    return Call(method="POST", path=_PATH, name=_PATH, form=form, headers=headers, at=_TOKENS)
