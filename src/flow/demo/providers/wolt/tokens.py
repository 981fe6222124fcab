"""Who may call Wolt: API keys of older integrations, and OAuth with refresh tokens that work once."""

from __future__ import annotations

import base64
import binascii
import secrets
from datetime import timedelta
from urllib.parse import urlencode

import jwt
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from flow.demo.providers.books import Json
from flow.demo.providers.world import World, identifier

__all__ = ["account_of", "give_tokens", "integrate"]

_ACCESS, _REFRESH, _CODE = timedelta(hours=1), timedelta(days=30), timedelta(hours=1)
_SIGNING_KEY = secrets.token_bytes(32)


async def integrate(world: World, request: Request) -> Response:
    """The merchant says yes; the venue is the first of the client's, or the one in `?venue=`."""
    query = request.query_params
    for account in world.accounts.of("wolt"):
        is_asked = query.get("venue") in (None, account["number"])
        if is_asked and account["credentials"].get("client_id") == query.get("client_id"):
            code = identifier("", 40)
            until = (world.now() + _CODE).timestamp()
            world.books.table("wolt.codes")[code] = {"venue": account["number"], "until": until}
            return RedirectResponse(
                f"{query['redirect_url']}?{urlencode({'code': code, 'state': query['state']})}", 302
            )
    return JSONResponse({"error": "invalid_client"}, 400)


async def give_tokens(world: World, request: Request) -> Response:
    """A new pair for a code or a refresh token; a refresh token that comes twice ends what it had led to."""
    form = await request.form()
    client = _client(request, {name: str(value) for name, value in form.items()})
    if not any(client == _client_of(account) for account in world.accounts.of("wolt")):
        return JSONResponse({"error": "invalid_client"}, 401)  # and uses up nothing (RFC 6749, 5.2)
    if form.get("grant_type") == "authorization_code":
        code = world.books.table("wolt.codes").pop(str(form.get("code")), None)
        venue = code["venue"] if code is not None and code["until"] > world.now().timestamp() else None
    else:
        venue = _venue_of(world, str(form.get("refresh_token", "")))
    if venue is None or client != _client_of(world.accounts.get("wolt", venue)):
        return JSONResponse({"error": "invalid_grant"}, 400)
    return JSONResponse(_pair(world, venue))


def account_of(world: World, request: Request) -> Json | None:
    """The venue that calls, by its key or its access token."""
    if key := request.headers.get("wolt-api-key"):
        return world.accounts.known_by("wolt", "api_key", key)
    _, _, token = request.headers.get("authorization", "").partition(" ")
    known = world.books.table("wolt.access").get(token)
    if known is None or known["until"] <= world.now().timestamp():
        return None
    return world.accounts.get("wolt", known["venue"])


def _venue_of(world: World, refresh: str) -> str | None:
    tokens = world.books.table("wolt.refresh")
    known = tokens.get(refresh)
    if known is None:
        # The first one of a simulated venue is agreed upon beforehand.
        account = world.accounts.known_by("wolt", "refresh_token", refresh)
        if account is None:
            return None
        until = (world.now() + _REFRESH).timestamp()
        known = tokens[refresh] = {"venue": account["number"], "until": until, "is_used": False}
    if known["is_used"]:
        _revoke(world, known["venue"])
        return None
    known["is_used"] = True
    return str(known["venue"]) if known["until"] > world.now().timestamp() else None


def _revoke(world: World, venue: str) -> None:
    for table in ("wolt.access", "wolt.refresh"):
        for known in world.books.table(table).values():
            if known["venue"] == venue:
                known.update(until=0, is_used=True)


def _pair(world: World, venue: str) -> Json:
    now = world.now()
    claims = {"integration": {"venue_id": venue}, "exp": now + _ACCESS, "jti": identifier("", 16)}
    access, refresh = jwt.encode(claims, _SIGNING_KEY, "HS256"), identifier("", 64)
    world.books.table("wolt.access")[access] = {"venue": venue, "until": (now + _ACCESS).timestamp()}
    until = (now + _REFRESH).timestamp()
    world.books.table("wolt.refresh")[refresh] = {"venue": venue, "until": until, "is_used": False}
    world.books.touch()
    lasts = int(_ACCESS.total_seconds())
    return {"access_token": access, "refresh_token": refresh, "token_type": "Bearer", "expires_in": lasts}


def _client_of(account: Json) -> tuple[str, str]:
    return account["credentials"].get("client_id", ""), account["credentials"].get("client_secret", "")


def _client(request: Request, form: dict[str, str]) -> tuple[str, str]:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            name, _, secret = base64.b64decode(given).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return name, secret
    return form.get("client_id", ""), form.get("client_secret", "")
